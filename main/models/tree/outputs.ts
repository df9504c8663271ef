import { AppError } from '../../contract/errors.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import type { TargetInfo } from '../estimator.ts';

/** Number of classes; throws AppError NO_PROBABILITIES for regression. */
export function needsClasses(target: TargetInfo): number {
  if (target.task === 'regression') {
    throw new AppError({
      code: 'NO_PROBABILITIES',
      message: 'A regression model predicts values, not class probabilities.',
    });
  }
  return Math.max(2, target.nClasses);
}

/** Column of the largest value per row; ties go to the first. Shape (nRows,). */
export function argmaxRows({ data, nRows, nCols }: Matrix): Float64Array {
  const out = new Float64Array(nRows);
  for (let i = 0; i < nRows; i++) {
    let best = 0;
    for (let k = 1; k < nCols; k++) if (data[i * nCols + k]! > data[i * nCols + best]!) best = k;
    out[i] = best;
  }
  return out;
}
