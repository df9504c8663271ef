import { argsortDescending } from '../kernels/argsort.ts';
import type { Curve } from '../contract/run.ts';
import type { RankedCounts } from './ranking.ts';

/** Points a curve keeps: a screen shows no more. */
const MAX_POINTS = 400;

/** False positive rate against true positive rate, from (0, 0) to (1, 1). */
export function rocCurve({ truePositive, falsePositive, threshold, nPositive, nNegative }: RankedCounts): Curve {
  return thin(
    startingAt(0, falsePositive, nNegative),
    startingAt(0, truePositive, nPositive),
    startingAt(1, threshold),
  );
}

/** Recall against precision, from recall 0. */
export function precisionRecallCurve({ truePositive, falsePositive, threshold, nPositive }: RankedCounts): Curve {
  const precision = truePositive.map((v, k) => v / (v + falsePositive[k]!));
  const y = startingAt(precision[0] ?? 1, precision);
  return thin(startingAt(0, truePositive, nPositive), y, startingAt(1, threshold));
}

/**
 * Mean predicted probability against the share of positives, in ten bins of equal row count, so that no bin is empty.
 * `count` is the rows of each bin.
 */
export function calibrationCurve(isPositive: ArrayLike<number>, proba: ArrayLike<number>): Curve & { count: number[] } {
  const n = proba.length;
  const order = argsortDescending(proba).reverse();
  const nBins = Math.max(1, Math.min(10, Math.floor(n / 20)));
  const curve = { x: [] as number[], y: [] as number[], count: [] as number[] };
  for (let bin = 0; bin < nBins; bin++) {
    const from = Math.floor((bin * n) / nBins);
    const to = Math.floor(((bin + 1) * n) / nBins);
    if (to <= from) continue;
    let predicted = 0;
    let positives = 0;
    for (let k = from; k < to; k++) {
      predicted += proba[order[k]!]!;
      positives += isPositive[order[k]!] ? 1 : 0;
    }
    curve.x.push(predicted / (to - from));
    curve.y.push(positives / (to - from));
    curve.count.push(to - from);
  }
  return curve;
}

/** `first`, then values divided by `by`. */
function startingAt(first: number, values: Float64Array, by = 1): Float64Array {
  const out = new Float64Array(values.length + 1);
  out[0] = first;
  for (let i = 0; i < values.length; i++) out[i + 1] = values[i]! / by;
  return out;
}

/** Keeps the ends and the points that lie evenly along the curve's length. */
function thin(x: Float64Array, y: Float64Array, threshold: Float64Array): Curve {
  if (x.length <= MAX_POINTS) return { x: [...x], y: [...y], threshold: [...threshold] };
  const length = new Float64Array(x.length);
  for (let i = 1; i < x.length; i++) length[i] = length[i - 1]! + Math.hypot(x[i]! - x[i - 1]!, y[i]! - y[i - 1]!);
  const step = length.at(-1)! / (MAX_POINTS - 2);
  const kept: number[] = [0];
  for (let i = 1; i < x.length - 1; i++) if (length[i]! - length[kept.at(-1)!]! >= step) kept.push(i);
  kept.push(x.length - 1);
  return { x: kept.map((i) => x[i]!), y: kept.map((i) => y[i]!), threshold: kept.map((i) => threshold[i]!) };
}
