/** Scores of a ranking: ROC, precision–recall, and their areas, with weights. */

export interface RankedCounts {
  /** Cumulative weight of positives and negatives with a score ≥ `threshold`, descending in threshold. */
  readonly truePositive: Float64Array;
  readonly falsePositive: Float64Array;
  readonly threshold: Float64Array;
  readonly nPositive: number;
  readonly nNegative: number;
}

/** @param isPositive shape (nSamples,), 1 or 0  @param score shape (nSamples,) */
export function rankCounts(
  isPositive: ArrayLike<number>,
  score: ArrayLike<number>,
  weight?: Float64Array,
): RankedCounts {
  const n = score.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => score[b]! - score[a]!);
  const truePositive: number[] = [];
  const falsePositive: number[] = [];
  const threshold: number[] = [];
  let tp = 0;
  let fp = 0;
  for (let k = 0; k < n; k++) {
    const i = order[k]!;
    const w = weight ? weight[i]! : 1;
    if (isPositive[i]) tp += w;
    else fp += w;
    // Rows of one score are one step of the curve.
    if (k + 1 < n && score[order[k + 1]!] === score[i]) continue;
    truePositive.push(tp);
    falsePositive.push(fp);
    threshold.push(score[i]!);
  }
  return {
    truePositive: Float64Array.from(truePositive),
    falsePositive: Float64Array.from(falsePositive),
    threshold: Float64Array.from(threshold),
    nPositive: tp,
    nNegative: fp,
  };
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

/** Σ (recall step) × precision, as scikit-learn's average_precision_score; NaN without positives. */
export function averagePrecision(counts: RankedCounts): number {
  const { truePositive, falsePositive, nPositive } = counts;
  let area = 0;
  let last = 0;
  for (let k = 0; k < truePositive.length; k++) {
    const tp = truePositive[k]!;
    area += ((tp - last) * tp) / (tp + falsePositive[k]!);
    last = tp;
  }
  return area / nPositive;
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
