import { takeRows, takeValues, type Matrix } from '../../kernels/matrix.ts';
import { takeTableRows } from '../../kernels/table.ts';
import { fitPreprocessor, type Preprocessor } from '../../models/preprocess/preprocessor.ts';
import type { Foldable } from './foldable.ts';

/** What was learned from some of the training rows, as if there were no others. Positions are among the training rows. */
export interface Learned {
  readonly preprocessor: Preprocessor;
  /** Features of rows learned from: encodings by the target are cross-fitted. */
  known(positions: Uint32Array): Matrix;
  /** Features of training rows that were not learned from. */
  others(positions: Uint32Array): Matrix;
}

/**
 * Learns how columns become features from the training rows at `positions` alone: fills, scales, levels, words, constants
 * and encodings by the target. Throws what `fitPreprocessor` throws.
 * @param ascending values of a number column at the positions, in order, where they are known
 */
export function learnOn(
  { train, table, recipe, target }: Foldable,
  positions: Uint32Array,
  ascending?: (name: string) => Float64Array,
): Learned {
  const idsOf = (rows: Uint32Array) => rows.map((i) => train.rowIds[i]!);
  const training = { info: target, y: takeValues(train.y, positions) };
  const preprocessor = fitPreprocessor(takeTableRows(table, idsOf(positions)), recipe.inputs, recipe.config, {
    isNative: recipe.isNative,
    target: training,
    ...(ascending && { ascending }),
  });
  const others = (rows: Uint32Array) => preprocessor.transformRows(table, idsOf(rows));
  if (!preprocessor.learnsTarget) return { preprocessor, others, known: others };
  return {
    preprocessor,
    others,
    known: (rows) => {
      // Cross-fitting goes over all rows learned from, whichever are asked for.
      const all = preprocessor.transformTraining(takeTableRows(table, idsOf(positions)), training);
      if (rows === positions) return all;
      const place = new Uint32Array(train.y.length);
      positions.forEach((i, at) => (place[i] = at));
      return takeRows(
        all,
        rows.map((i) => place[i]!),
      );
    },
  };
}
