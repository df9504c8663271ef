import type { FidelityCurve } from '../../../contract/coreset.ts';

type Point = FidelityCurve['points'][number];

/** A coreset this close is as good as all rows for choosing a model. */
const CLOSE = 0.001;
/** Farther than this it should not be trusted. */
const FAR = 0.02;

/** A row that matters this many times the average one is missed by nearly every plain sample. */
const UNEQUAL = 100;

/**
 * What the curve says, in sentences: how close the size is, whether less would do, whether more is needed.
 * @param maxToMean largest score of a row over the mean one
 * @param levels rows of each level of the tree, the root first
 */
export function adviceOf(
  points: readonly Point[],
  size: number,
  { maxToMean, levels = [] }: { readonly maxToMean?: number; readonly levels?: readonly number[] } = {},
): string[] {
  const own = points.filter(({ sample }) => sample === 'coreset').toSorted((a, b) => a.size - b.size);
  const here = own.find((point) => point.size === size) ?? own.at(-1);
  if (!here) return ['The data have no more rows than the coreset, so there is no gap to measure.'];
  const advice: string[] = [];
  const within = (point: Point) => `${rows(point.size)} are within ${percent(point.excessLoss.high)} of all rows`;
  const least = own.find((point) => point.excessLoss.high <= CLOSE);
  if (here.excessLoss.high <= CLOSE && least && least.size < here.size)
    advice.push(`${within(here)}; ${least.size.toLocaleString('en')} would do (${percent(least.excessLoss.high)}).`);
  else advice.push(`${within(here)}.`);
  if (here.excessLoss.high > FAR) {
    const better = own.find((point) => point.excessLoss.high <= FAR);
    const level = levels.findIndex((n) => n >= (better?.size ?? 2 * size));
    advice.push(
      level > 0
        ? `That is far: use level ${level} of this tree, ${rows(levels[level]!)}${better ? '' : ', or train on all rows'}.`
        : better
          ? `That is far: build a coreset of ${rows(better.size)}.`
          : 'That is far: take a larger coreset, or train on all rows.',
    );
  }
  const uniform = points.find((point) => point.sample === 'uniform' && point.size === here.size);
  const isOff =
    uniform &&
    uniform.excessLoss.median > 10 * Math.max(here.excessLoss.median, 1e-6) &&
    uniform.excessLoss.median > FAR;
  const isUnequal = maxToMean !== undefined && maxToMean > UNEQUAL;
  const reasons = [
    ...(isOff ? [`${rows(here.size)} drawn evenly are ${percent(uniform.excessLoss.median)} off`] : []),
    ...(isUnequal ? [`single rows matter up to ${Math.round(maxToMean).toLocaleString('en')} times the average`] : []),
  ];
  if (reasons.length > 0) advice.push(`Do not sample these data uniformly: ${reasons.join(', and ')}.`);
  return advice;
}

const rows = (n: number): string => `${n.toLocaleString('en')} rows`;
const percent = (share: number): string => `${Number((100 * Math.max(0, share)).toPrecision(2))} %`;
