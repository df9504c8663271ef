import { shuffle, type Rng } from '../kernels/rng.ts';
import { strataOf } from '../kernels/strata.ts';
import type { Matrix } from '../kernels/matrix.ts';
import type { Feature, FitContext } from '../models/estimator.ts';

/** One fold, ready to fit and to score. */
export interface Fold {
  readonly trainX: Matrix;
  readonly trainY: Float64Array;
  readonly trainWeight?: Float64Array;
  /** How the fit holds rows out of those it trains on. */
  readonly holdOut?: FitContext['holdOut'];
  readonly testX: Matrix;
  readonly testY: Float64Array;
  readonly testWeight?: Float64Array;
  /** What the columns are, learned from the rows the fold trains on; those of the search when left out. */
  readonly features?: readonly Feature[];
}

/** Folds of a search, an array or made one after the other whenever they are gone through. */
export interface Folds extends Iterable<Fold> {
  readonly length: number;
}

/** Positions of each fold's test rows: equal class shares in every fold when `classes` is given. */
export function kFolds(n: number, nFolds: number, rng: Rng, classes?: ArrayLike<number>): Uint32Array[] {
  const folds: number[][] = Array.from({ length: nFolds }, () => []);
  let next = 0;
  for (const rows of strataOf(n, classes)) {
    // Dealt out one by one, going on where the last class stopped, so that folds differ by one row at most.
    for (const i of shuffle(rows, rng)) folds[next++ % nFolds]!.push(i);
  }
  return folds.map((fold) => Uint32Array.from(fold).sort());
}
