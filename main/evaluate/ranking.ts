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
