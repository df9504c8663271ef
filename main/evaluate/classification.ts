import type { Scores } from '../contract/metrics.ts';
import type { Matrix } from '../kernels/matrix.ts';
import { defined } from './confusion.ts';
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

/** Rankings against the rest: of the last of two classes, of each of more. */
export function rankingsOf(proba: Matrix, y: Float64Array): Ranking[] {
  const classes = proba.nCols === 2 ? [1] : Array.from({ length: proba.nCols }, (_, k) => k);
  return classes.map((k) => {
    const { score, isPositive } = oneAgainstRest(proba, y, k);
    return ranking(isPositive, score);
  });
}

/**
 * ROC AUC and average precision. For more than two classes, plain means of one against the rest over the classes that
 * have rows of both kinds; left out where there is none.
 */
export function rankScores(rankings: readonly Ranking[], weight?: Float64Array): Scores {
  const areas = rankings.map((r) => rankAreas(r, weight)).filter((area) => area !== null);
  if (areas.length === 0) return {};
  return {
    rocAuc: mean(areas.map(({ rocAuc }) => rocAuc)),
    averagePrecision: mean(areas.map(({ averagePrecision }) => averagePrecision)),
  };
}

/** What each row loses, shape (nSamples,). */
export interface RowLosses {
  readonly logLoss: Float64Array;
  readonly brier: Float64Array;
}

export const rowLosses = (proba: Matrix, y: Float64Array): RowLosses => ({
  logLoss: rowLogLoss(proba, y),
  brier: rowBrier(proba, y),
});

/** Log loss and Brier score. */
export const lossScores = ({ logLoss, brier }: RowLosses, weight?: Float64Array): Scores =>
  defined({ logLoss: weightedMean(logLoss, weight), brier: weightedMean(brier, weight) });

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
