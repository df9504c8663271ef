import type { Matrix } from '../../kernels/matrix.ts';
import type { RowLosses } from '../classification.ts';
import { SMALLEST } from '../losses.ts';
import type { Interval } from './interval.ts';
import { foreseenOf, lossInterval } from './meanLoss.ts';
import { MIN_ROWS } from './tooFew.ts';

/** Intervals of log loss and Brier score; null with too few rows. */
export function lossIntervals(
  { logLoss, brier }: RowLosses,
  proba: Matrix,
  weight?: Float64Array,
): { logLoss: Interval | null; brier: Interval | null } {
  if (proba.nRows < MIN_ROWS.rows) return { logLoss: null, brier: null };
  const { data, nCols } = proba;
  const ofLog = foreseenOf(proba, (i, k) => {
    const p = data[i * nCols + k]!;
    return -Math.log(p < SMALLEST ? SMALLEST : p > 1 - SMALLEST ? 1 - SMALLEST : p);
  });
  const ofBrier = foreseenOf(proba, (i, k) => {
    const at = i * nCols;
    if (nCols === 2) return (data[at + 1]! - k) ** 2;
    let squares = 0;
    for (let j = 0; j < nCols; j++) squares += (data[at + j]! - (j === k ? 1 : 0)) ** 2;
    return squares;
  });
  return {
    logLoss: lossInterval(logLoss, ofLog, -Math.log(SMALLEST), weight),
    brier: lossInterval(brier, ofBrier, nCols === 2 ? 1 : 2, weight),
  };
}
