import type { Matrix } from '../kernels/matrix.ts';
import { argmaxRows, confusionMetrics } from './confusion.ts';
import { rowBrier, rowLogLoss, weightedMean } from './losses.ts';
import { rankAreas, ranking, type Ranking } from './ranking.ts';

/** Column k of `proba`, and whether each row is of class k. */
export function oneAgainstRest(
  proba: Matrix,
  y: Float64Array,
  k: number,
): { score: Float64Array; isPositive: Uint8Array } {
  const score = new Float64Array(y.length);
  const isPositive = new Uint8Array(y.length);
  for (let i = 0; i < y.length; i++) {
    score[i] = proba.data[i * proba.nCols + k]!;
    isPositive[i] = y[i] === k ? 1 : 0;
  }
  return { score, isPositive };
}

/** Scores the same predictions under any weights; all that does not depend on weights is done once. */
export type Scorer = (weight?: Float64Array) => Record<string, number>;

/**
 * Every classification metric. For more than two classes, ROC AUC and average precision are macro means of one against
 * the rest over the classes that have rows of both kinds; what cannot be computed (one class only) is left out.
 * @param proba shape (nSamples, nClasses)  @param y class indices
 */
export function classificationScorer(proba: Matrix, y: Float64Array): Scorer {
  const nClasses = proba.nCols;
  const ranked = nClasses === 2 ? [1] : Array.from({ length: nClasses }, (_, k) => k);
  const rankings = ranked.map((k): Ranking => {
    const { score, isPositive } = oneAgainstRest(proba, y, k);
    return ranking(isPositive, score);
  });
  const predicted = argmaxRows(proba);
  const cell = Uint32Array.from(y.keys(), (i) => y[i]! * nClasses + predicted[i]!);
  const logLoss = rowLogLoss(proba, y);
  const brier = rowBrier(proba, y);
  return (weight) => {
    const flat = new Float64Array(nClasses * nClasses);
    for (let i = 0; i < cell.length; i++) flat[cell[i]!]! += weight ? weight[i]! : 1;
    const counts = Array.from({ length: nClasses }, (_, k) => [...flat.subarray(k * nClasses, (k + 1) * nClasses)]);
    const areas = rankings.map((r) => rankAreas(r, weight)).filter((area) => area !== null);
    return {
      ...(areas.length > 0 && {
        rocAuc: mean(areas.map(({ rocAuc }) => rocAuc)),
        averagePrecision: mean(areas.map(({ averagePrecision }) => averagePrecision)),
      }),
      logLoss: weightedMean(logLoss, weight),
      brier: weightedMean(brier, weight),
      ...confusionMetrics(counts),
    };
  };
}

/** The scorer's metrics under one set of weights. */
export const classificationMetrics = (proba: Matrix, y: Float64Array, weight?: Float64Array): Record<string, number> =>
  classificationScorer(proba, y)(weight);

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
