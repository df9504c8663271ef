import { AppError } from '../../contract/errors.ts';
import { createRng, permutation } from '../../kernels/rng.ts';
import { foldColumns, type Pilot } from '../services/service.ts';
import type { Coreset, CoresetTree } from './coresetTree.ts';
import { calibrateRows, solveWeights, type Wanted } from './weights.ts';

/** One fold of a cross-validation on a coreset; rows are positions in the coreset. */
export interface CalibratedFold {
  readonly trainRows: Uint32Array;
  readonly trainWeights: Float64Array;
  readonly testRows: Uint32Array;
  readonly testWeights: Float64Array;
}

/**
 * Folds of a coreset level that stand for folds of all rows. Every row of the data belongs to a fold (by its id), and
 * totals are kept by part, so the training weights reproduce the totals of all rows outside the fold and the test
 * weights the class counts, pilot loss (by class), predictions, gradient and ranking of the rows in it: scores are unbiased
 * where plain folds of a coreset are off by several per cent. The gradient, because leaving the fold out moves its model by
 * about H⁻¹g, which costs the held-out rows gᵀH⁻¹g.
 * @param coreset the level, as `tree.coreset(level)` gives it
 * Throws AppError FOLDS_OUT_OF_RANGE.
 */
export function calibratedFolds(
  tree: CoresetTree,
  nFolds: number,
  seed: number,
  coreset: Coreset = tree.coreset(0),
): CalibratedFold[] {
  const { nParts } = tree.settings;
  if (!(Number.isInteger(nFolds) && nFolds >= 2 && nFolds <= nParts)) {
    throw new AppError({
      code: 'FOLDS_OUT_OF_RANGE',
      message: `This coreset has ${nParts} parts, so 2 to ${nParts} folds can be made of it, not ${nFolds}.`,
      fix: { kind: 'setParam', label: 'Choose fewer folds', args: { name: 'tune.folds', value: 5 } },
    });
  }
  const foldOfPart = new Uint8Array(nParts);
  permutation(nParts, createRng(seed).fork('folds')).forEach((part, i) => (foldOfPart[part] = i % nFolds));
  const totals = foldTotals(tree, foldOfPart, nFolds);
  const all = tree.totals();
  const spread = tree.spreads();
  const { pilot } = tree;
  const lambda = tree.solutions.get(coreset.level);
  return totals.map((inFold, fold) => {
    const rows = { train: [] as number[], test: [] as number[] };
    coreset.part.forEach((part, i) => {
      if (coreset.baseWeight[i]! > 0) (foldOfPart[part] === fold ? rows.test : rows.train).push(i);
    });
    const outside = all.map((t, j) => t - inFold[j]!);
    const train = take(coreset, rows.train);
    const test = take(coreset, rows.test);
    const isOutside = { totals: outside, spread };
    return {
      trainRows: train.rows,
      // Four fifths of the rows are to reproduce four fifths of the totals: about the same multipliers as all.
      trainWeights: solveWeights(pilot, train, train.base, isOutside, { lambda }).weights,
      testRows: test.rows,
      testWeights: testWeights(pilot, test, { totals: inFold, spread }),
    };
  });
}

/** A held-out part is small, and its score is what is asked of it: totals are met nearly exactly. */
const FOLD_SOFTNESS = 0.03;

function testWeights(pilot: Pilot, test: ReturnType<typeof take>, wanted: Wanted): Float64Array {
  const { columns, isFull } = foldColumns(pilot.blocks, test.rows.length);
  const options = { ...pilot.calibration, ...(isFull && { softness: FOLD_SOFTNESS, leastSoftness: FOLD_SOFTNESS }) };
  return calibrateRows(pilot, test, test.base, wanted, columns, options);
}

/** Totals of each fold over all rows, shape (nFolds)(nStatistics). */
function foldTotals(tree: CoresetTree, foldOfPart: Uint8Array, nFolds: number): Float64Array[] {
  const width = tree.pilot.nStatistics;
  const byPart = tree.partTotals();
  const out = Array.from({ length: nFolds }, () => new Float64Array(width));
  foldOfPart.forEach((fold, part) => {
    for (let j = 0; j < width; j++) out[fold]![j]! += byPart[part * width + j]!;
  });
  return out;
}

function take({ X, y, baseWeight }: Coreset, positions: readonly number[]) {
  const d = X.nCols;
  const data = new Float64Array(positions.length * d);
  positions.forEach((i, at) => data.set(X.data.subarray(i * d, i * d + d), at * d));
  return {
    rows: Uint32Array.from(positions),
    X: { data, nRows: positions.length, nCols: d },
    y: Float64Array.from(positions, (i) => y[i]!),
    base: Float64Array.from(positions, (i) => baseWeight[i]!),
  };
}
