import { argsortDescending } from '../kernels/argsort.ts';

/** Scores of a ranking: ROC, precision–recall, and their areas, with weights. */

export interface RankedCounts {
  /** Cumulative weight of positives and negatives with a score ≥ `threshold`, descending in threshold. */
  readonly truePositive: Float64Array;
  readonly falsePositive: Float64Array;
  readonly threshold: Float64Array;
  readonly nPositive: number;
  readonly nNegative: number;
}

/** Rows in descending order of score. */
export interface Ranking {
  /** Shape (nSamples,): rows, highest score first. */
  readonly order: Uint32Array;
  /** Shape (nSamples,), in that order: 1 for positives. */
  readonly isPositive: Uint8Array;
  /** Shape (nSamples,), in that order: 1 where the next score is lower, so that rows of one score are one step. */
  readonly isStep: Uint8Array;
}

/** @param isPositive shape (nSamples,), 1 or 0  @param score shape (nSamples,) */
export function ranking(isPositive: ArrayLike<number>, score: ArrayLike<number>): Ranking {
  const n = score.length;
  const order = argsortDescending(score);
  const positive = new Uint8Array(n);
  const isStep = new Uint8Array(n);
  for (let k = 0; k < n; k++) {
    positive[k] = isPositive[order[k]!] ? 1 : 0;
    isStep[k] = k + 1 === n || score[order[k + 1]!] !== score[order[k]!] ? 1 : 0;
  }
  return { order, isPositive: positive, isStep };
}

/** Areas under the ROC and precision–recall curves in one pass; null when the weights leave one class only. */
export function rankAreas(
  { order, isPositive, isStep }: Ranking,
  weight?: Float64Array,
): { rocAuc: number; averagePrecision: number } | null {
  let tp = 0;
  let fp = 0;
  let lastTp = 0;
  let lastFp = 0;
  let rocArea = 0;
  let precisionArea = 0;
  for (let k = 0; k < order.length; k++) {
    const w = weight ? weight[order[k]!]! : 1;
    if (isPositive[k]) tp += w;
    else fp += w;
    if (!isStep[k]) continue;
    rocArea += (fp - lastFp) * (tp + lastTp) * 0.5;
    if (tp > lastTp) precisionArea += ((tp - lastTp) * tp) / (tp + fp);
    lastTp = tp;
    lastFp = fp;
  }
  return tp > 0 && fp > 0 ? { rocAuc: rocArea / (tp * fp), averagePrecision: precisionArea / tp } : null;
}

/** @param isPositive shape (nSamples,), 1 or 0  @param score shape (nSamples,) */
export function rankCounts(isPositive: ArrayLike<number>, score: ArrayLike<number>): RankedCounts {
  const ranked = ranking(isPositive, score);
  const nSteps = ranked.isStep.reduce((sum, v) => sum + v, 0);
  const truePositive = new Float64Array(nSteps);
  const falsePositive = new Float64Array(nSteps);
  const threshold = new Float64Array(nSteps);
  let step = 0;
  let tp = 0;
  let fp = 0;
  for (let k = 0; k < ranked.order.length; k++) {
    if (ranked.isPositive[k]) tp++;
    else fp++;
    if (!ranked.isStep[k]) continue;
    truePositive[step] = tp;
    falsePositive[step] = fp;
    threshold[step++] = score[ranked.order[k]!]!;
  }
  return { truePositive, falsePositive, threshold, nPositive: tp, nNegative: fp };
}

/** Area under the ROC curve by trapezoids; NaN when only one class is present. */
export function rocAuc(counts: RankedCounts): number {
  const { truePositive, falsePositive, nPositive, nNegative } = counts;
  let area = 0;
  let lastTp = 0;
  let lastFp = 0;
  for (let k = 0; k < truePositive.length; k++) {
    area += (falsePositive[k]! - lastFp) * (truePositive[k]! + lastTp) * 0.5;
    lastTp = truePositive[k]!;
    lastFp = falsePositive[k]!;
  }
  return area / (nPositive * nNegative);
}

/**
 * Standard error of a ROC AUC (DeLong, DeLong & Clarke-Pearson 1988, in the rank form of Sun & Xu 2014), unweighted.
 * NaN with fewer than two rows of either class.
 */
export function rocAucStandardError(isPositive: ArrayLike<number>, score: ArrayLike<number>): number {
  const positives: number[] = [];
  const negatives: number[] = [];
  for (let i = 0; i < score.length; i++) (isPositive[i] ? positives : negatives).push(score[i]!);
  if (positives.length < 2 || negatives.length < 2) return NaN;
  const ofPositives = variance(placements(positives, Float64Array.from(negatives).sort()));
  const ofNegatives = variance(placements(negatives, Float64Array.from(positives).sort()));
  return Math.sqrt(ofPositives / positives.length + ofNegatives / negatives.length);
}

/** Share of `sorted` below each value, ties half. */
function placements(values: readonly number[], sorted: Float64Array): Float64Array {
  return Float64Array.from(values, (v) => (bound(sorted, v, false) + bound(sorted, v, true)) / (2 * sorted.length));
}

/** First index whose value is ≥ v, or > v with `isUpper`. */
function bound(sorted: Float64Array, v: number, isUpper: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (sorted[mid]! < v || (isUpper && sorted[mid] === v)) low = mid + 1;
    else high = mid;
  }
  return low;
}

function variance(x: Float64Array): number {
  const mean = x.reduce((s, v) => s + v, 0) / x.length;
  return x.reduce((s, v) => s + (v - mean) ** 2, 0) / (x.length - 1);
}
