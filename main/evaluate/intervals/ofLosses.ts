import type { Matrix } from '../../kernels/matrix.ts';
import type { RowLosses } from '../classification.ts';
import type { Interval } from './interval.ts';
import { foreseenBrier, lossInterval } from './meanLoss.ts';
import { logLossInterval } from './saturated.ts';
import { MIN_ROWS } from './tooFew.ts';

/** Intervals of log loss and Brier score; null with too few rows. */
export function lossIntervals(
  { logLoss, brier }: RowLosses,
  proba: Matrix,
  weight?: Float64Array,
): { logLoss: Interval | null; brier: Interval | null } {
  if (proba.nRows < MIN_ROWS.rows) return { logLoss: null, brier: null };
  return {
    logLoss: logLossInterval(logLoss, proba, weight),
    brier: lossInterval(brier, foreseenBrier(proba), proba.nCols === 2 ? 1 : 2, weight),
  };
}
