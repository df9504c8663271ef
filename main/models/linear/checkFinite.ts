import { AppError } from '../../contract/errors.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import type { Feature } from '../estimator.ts';

/**
 * Throws AppError FEATURE_HAS_MISSING when a value is missing or infinite. Rows of weight 0 do not count. Meant for after a
 * fit whose result is not finite: looking at every value first would cost as much as a pass of the fit.
 */
export function checkFinite(
  { data, nRows, nCols }: Matrix,
  model: string,
  weights?: Float64Array,
  features?: readonly Feature[],
): void {
  for (let i = 0; i < nRows; i++) {
    if (weights?.[i] === 0) continue;
    for (let j = 0; j < nCols; j++) {
      if (Number.isFinite(data[i * nCols + j]!)) continue;
      const known = features?.[j]?.name;
      const name = known === undefined ? String(j + 1) : `"${known}"`;
      throw new AppError({
        code: 'FEATURE_HAS_MISSING',
        message: `Row ${i + 1} has a missing or infinite value in feature ${name}; ${model} needs numbers.`,
        fix: { kind: 'setParam', label: 'Fill missing values', args: { name: 'preprocess.impute', value: 'median' } },
      });
    }
  }
}
