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

/** Sums over all rows by part, for parts by which rows are kept apart. */
export interface PartTotals {
  readonly nParts: number;
  /** Shape (nParts, nStatistics) of the tree's pilot. */
  readonly totals: Float64Array;
  /** Shape (m,): part of each row of the coreset. */
  readonly part: Uint8Array;
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
  const foldOfPart = foldOfParts(tree.settings.nParts, nFolds, seed);
  const parts = treeParts(tree, coreset);
  return Array.from({ length: nFolds }, (_, fold) =>
    calibratedFold(
      tree,
      coreset,
      parts,
      (part) => foldOfPart[part] !== fold,
      (part) => foldOfPart[part] === fold,
    ),
  );
}

/** Fold of each part of a tree, shape (nParts,). Throws AppError FOLDS_OUT_OF_RANGE. */
export function foldOfParts(nParts: number, nFolds: number, seed: number): Uint8Array {
  if (!(Number.isInteger(nFolds) && nFolds >= 2 && nFolds <= nParts)) {
    throw new AppError({
      code: 'FOLDS_OUT_OF_RANGE',
      message: `This coreset has ${nParts} parts, so 2 to ${nParts} folds can be made of it, not ${nFolds}.`,
      fix: { kind: 'setParam', label: 'Choose fewer folds', args: { name: 'tune.folds', value: 5 } },
    });
  }
  const foldOfPart = new Uint8Array(nParts);
  permutation(nParts, createRng(seed).fork('folds')).forEach((part, i) => (foldOfPart[part] = i % nFolds));
  return foldOfPart;
}

/** The parts a tree keeps totals of: by a hash of the row's id. */
export const treeParts = (tree: CoresetTree, coreset: Coreset): PartTotals => ({
  nParts: tree.settings.nParts,
  totals: tree.partTotals(),
  part: coreset.part,
});

/**
 * Rows of a coreset that stand for all rows of some parts, to train on, and others that stand for those of other parts, to
 * score or to hold out. Weights are calibrated as those of `calibratedFolds`.
 */
export function calibratedFold(
  tree: CoresetTree,
  coreset: Coreset,
  parts: PartTotals,
  isTrain: (part: number) => boolean,
  isTest: (part: number) => boolean,
): CalibratedFold {
  const { pilot } = tree;
  const positions = (isIn: (part: number) => boolean) =>
    [...parts.part.keys()].filter((i) => coreset.baseWeight[i]! > 0 && isIn(parts.part[i]!));
  const spread = tree.spreads();
  const lambda = tree.solutions.get(coreset.level);
  const train = take(coreset, positions(isTrain));
  const test = take(coreset, positions(isTest));
  const outside = { totals: totalsOf(parts, pilot.nStatistics, isTrain), spread };
  return {
    trainRows: train.rows,
    // Four fifths of the rows are to reproduce four fifths of the totals: about the same multipliers as all.
    trainWeights: solveWeights(pilot, train, train.base, outside, { lambda }).weights,
    testRows: test.rows,
    testWeights: testWeights(pilot, test, { totals: totalsOf(parts, pilot.nStatistics, isTest), spread }),
  };
}

/** A held-out part is small, and its score is what is asked of it: totals are met nearly exactly. */
const FOLD_SOFTNESS = 0.03;

function testWeights(pilot: Pilot, test: ReturnType<typeof take>, wanted: Wanted): Float64Array {
  const { columns, isFull } = foldColumns(pilot.blocks, test.rows.length);
  const options = { ...pilot.calibration, ...(isFull && { softness: FOLD_SOFTNESS, leastSoftness: FOLD_SOFTNESS }) };
  return calibrateRows(pilot, test, test.base, wanted, columns, options);
}

/** Totals of some parts over all rows, shape (width,). */
function totalsOf({ totals, nParts }: PartTotals, width: number, isIn: (part: number) => boolean): Float64Array {
  const out = new Float64Array(width);
  for (let part = 0; part < nParts; part++)
    for (let j = 0; isIn(part) && j < width; j++) out[j]! += totals[part * width + j]!;
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
