import type { Matrix } from '../kernels/matrix.ts';
import { argmaxRows, confusionMatrix, confusionMetrics } from './confusion.ts';
import { meanWithError, rowBrier, rowLogLoss } from './losses.ts';
import { averagePrecision, rankCounts, rocAuc } from './ranking.ts';

/** Column k of `proba`, and whether each row is of class k. */
export function oneAgainstRest(
  proba: Matrix,
  y: Float64Array,
  k: number,
): { score: Float64Array; isPositive: Uint8Array } {
  return {
    score: Float64Array.from(y, (_, i) => proba.data[i * proba.nCols + k]!),
    isPositive: Uint8Array.from(y, (actual) => (actual === k ? 1 : 0)),
  };
}

/**
 * Every classification metric. For more than two classes, ROC AUC and average precision are macro means of one against
 * the rest over the classes that have rows of both kinds; what cannot be computed (one class only) is left out.
 * @param proba shape (nSamples, nClasses)  @param y class indices
 */
export function classificationMetrics(proba: Matrix, y: Float64Array, weight?: Float64Array): Record<string, number> {
  const counts = confusionMatrix(y, argmaxRows(proba), proba.nCols, weight);
  const ranked = proba.nCols === 2 ? [1] : Array.from({ length: proba.nCols }, (_, k) => k);
  const aucs: number[] = [];
  const precisions: number[] = [];
  for (const k of ranked) {
    const { score, isPositive } = oneAgainstRest(proba, y, k);
    const c = rankCounts(isPositive, score, weight);
    if (c.nPositive === 0 || c.nNegative === 0) continue;
    aucs.push(rocAuc(c));
    precisions.push(averagePrecision(c));
  }
  return {
    ...(aucs.length > 0 && { rocAuc: mean(aucs), averagePrecision: mean(precisions) }),
    logLoss: meanWithError(rowLogLoss(proba, y), weight).mean,
    brier: meanWithError(rowBrier(proba, y), weight).mean,
    ...confusionMetrics(counts),
  };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
