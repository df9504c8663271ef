import { takeRows, takeValues, type Matrix } from '../../kernels/matrix.ts';
import { takeTableRows } from '../../kernels/table.ts';
import type { Prepared } from './prepare.ts';

export interface Encoded {
  /** Features of the rows learned from, in their order. */
  readonly X: Matrix;
  /** Features of training rows that were not learned from, by position. */
  others(positions: Uint32Array): Matrix;
  /** Features of the validation rows. */
  validation(): Matrix;
}

/**
 * The training rows at `positions` as if they were all that is known of the target: encodings by the target are learned
 * from them alone, so that folds and learning curves score rows whose targets are in no feature. Anything else stays as
 * the run prepared it.
 */
export function encodedOn(prepared: Prepared, positions: Uint32Array): Encoded {
  const { train, trainTable, validation, validationTable, preprocessor } = prepared;
  if (!trainTable) {
    return {
      X: takeRows(train.X, positions),
      others: (rows) => takeRows(train.X, rows),
      validation: () => validation.X,
    };
  }
  const table = takeTableRows(trainTable, positions);
  const target = { info: prepared.target, y: takeValues(train.y, positions) };
  const encoded = preprocessor.withTargetsOf(table, target);
  return {
    X: encoded.transformTraining(table, target),
    others: (rows) => encoded.transform(takeTableRows(trainTable, rows)),
    validation: () => encoded.transform(validationTable),
  };
}
