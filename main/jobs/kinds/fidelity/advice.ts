import type { FidelityCurve } from '../../../contract/coreset.ts';

type Point = FidelityCurve['points'][number];

/** How far from all rows a sample should not be trusted: convex objectives are met so closely that 2 % is much. */
const farOf = (tolerance: number): number => (tolerance < 0.01 ? 20 : 5) * tolerance;

/** A row that matters this many times the average one is missed by nearly every plain sample. */
const UNEQUAL = 100;

/**
 * What the curve says, in sentences: how close the size is, whether less would do, whether more is needed, and whether a
 * plain sample would have done.
 * @param maxToMean largest score of a row over the mean one
 * @param levels rows of each level of the tree, the root first
 */
export function adviceOf(
  points: readonly Point[],
  size: number,
  { name, rows: on, tolerance }: NonNullable<FidelityCurve['loss']>,
  { maxToMean, levels = [] }: { readonly maxToMean?: number | undefined; readonly levels?: readonly number[] } = {},
): string[] {
  const of = (kind: Point['sample']) =>
    points.filter(({ sample }) => sample === kind).toSorted((a, b) => a.size - b.size);
  const own = of('coreset');
  const here = own.find((point) => point.size === size) ?? own.at(-1);
  if (!here) return ['The data have no more rows than the coreset, so there is no gap to measure.'];
  const what = on === 'training' ? name : `${name} on held-out rows`;
  const within = ({ size: n, excessLoss: { high } }: Point) =>
    high > 0
      ? `${rows(n)} are within ${percent(high)} of all rows in ${what}`
      : `${rows(n)} do as well as all rows in ${what}`;
  const advice: string[] = [];
  const least = own.find((point) => point.excessLoss.high <= tolerance);
  if (least && least.size < here.size && here.excessLoss.high <= tolerance)
    advice.push(
      `${within(here)}; ${least.size.toLocaleString('en')} would do${least.excessLoss.high > 0 ? ` (${percent(least.excessLoss.high)})` : ''}.`,
    );
  else advice.push(`${within(here)}.`);

  const refreshed = of('refreshed').find((point) => point.size === here.size);
  const isBetterRefreshed = refreshed && refreshed.excessLoss.high < here.excessLoss.high;
  if (isBetterRefreshed)
    advice.push(
      `With leaf values refreshed on all rows they ${refreshed.excessLoss.high > 0 ? `are within ${percent(refreshed.excessLoss.high)}` : 'do as well as all rows'}.`,
    );

  const far = farOf(tolerance);
  if (here.excessLoss.high > far && !(isBetterRefreshed && refreshed.excessLoss.high <= far)) {
    const better = own.find((point) => point.size > here.size && point.excessLoss.high <= far);
    const level = levels.findIndex((n) => n >= (better?.size ?? 2 * size));
    advice.push(
      level > 0
        ? `That is far: use level ${level} of this tree, ${rows(levels[level]!)}${better ? '' : ', or train on all rows'}.`
        : better
          ? `That is far: build a coreset of ${rows(better.size)}.`
          : 'That is far: take a larger coreset, or train on all rows.',
    );
  }

  const at = (kind: Point['sample']) => of(kind).find((point) => point.size === here.size);
  const [uniform, stratified] = [at('uniform'), at('stratified')];
  const isOff =
    uniform &&
    uniform.excessLoss.median > 10 * Math.max(here.excessLoss.median, 1e-6) &&
    uniform.excessLoss.median > far;
  const isUnequal = maxToMean !== undefined && maxToMean > UNEQUAL;
  const reasons = [
    ...(isOff ? [`${rows(here.size)} drawn evenly are ${percent(uniform.excessLoss.median)} off`] : []),
    ...(isUnequal ? [`single rows matter up to ${Math.round(maxToMean).toLocaleString('en')} times the average`] : []),
  ];
  if (reasons.length > 0) advice.push(`Do not sample these data uniformly: ${reasons.join(', and ')}.`);

  const plain = [uniform, stratified].filter((point) => point !== undefined);
  const best = plain.toSorted((a, b) => a.excessLoss.median - b.excessLoss.median)[0];
  if (best && reasons.length === 0 && best.excessLoss.median <= here.excessLoss.median)
    advice.push(
      `A ${best.sample} sample of ${rows(here.size)} is ${isWorse(here, best) ? 'better' : 'as good'} here: ${percent(best.excessLoss.median)} off, the coreset ${percent(here.excessLoss.median)} (medians).`,
    );
  return advice;
}

/** Whether a plain sample is closer than the coreset beyond what their draws scatter. */
const isWorse = (coreset: Point, plain: Point): boolean => plain.excessLoss.high < coreset.excessLoss.low;

const rows = (n: number): string => `${n.toLocaleString('en')} rows`;
const percent = (share: number): string => `${String(Number((100 * share).toPrecision(2))).replace('-', '−')} %`;
