import { AppError } from '../../contract/errors.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import type { TargetInfo } from '../estimator.ts';

/** Throws AppError for what no model can be fitted on: shapes that differ, no rows, a bad weight, a target of one class. */
export function checkFitInput(X: Matrix, y: Float64Array, target: TargetInfo, w: Float64Array | undefined): void {
  if (y.length !== X.nRows || (w && w.length !== X.nRows)) {
    throw new AppError({
      code: 'SHAPE_MISMATCH',
      message: `X has ${X.nRows} rows, y ${y.length}${w ? `, sampleWeight ${w.length}` : ''}; they must be equal.`,
      isInput: false,
    });
  }
  if (w?.some((v) => !(v >= 0 && v < Infinity))) {
    throw new AppError({ code: 'BAD_WEIGHT', message: 'Sample weights must be finite and not negative.' });
  }
  const counted = w ? w.reduce((sum, v) => sum + Number(v > 0), 0) : X.nRows;
  if (counted === 0 || X.nCols === 0) {
    throw new AppError({ code: 'NO_ROWS', message: 'There are no rows and features to train on.' });
  }
  // Loops: half a million calls of a function cost as much as a pass over the rows.
  for (let bad = 0; bad < y.length; bad++) {
    if (Number.isFinite(y[bad]!) || (w && !(w[bad]! > 0))) continue;
    throw new AppError({
      code: 'TARGET_HAS_MISSING',
      message: `The target of row ${bad + 1} is missing or not finite.`,
    });
  }
  if (target.task === 'regression') return;
  const seen = new Set<number>();
  for (let i = 0; i < y.length; i++) {
    if (w && w[i] === 0) continue;
    seen.add(y[i]!);
    if (seen.size > 1) return;
  }
  const only = target.classNames?.[[...seen][0]!];
  throw new AppError({
    code: 'TARGET_ONE_CLASS',
    message: `Every training row has the same class${only === undefined ? '' : ` "${only}"`}; there is nothing to tell apart.`,
    fix: { kind: 'chooseTarget', label: 'Choose another target column' },
  });
}
