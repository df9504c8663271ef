import { createRng, shuffle } from '../../kernels/rng.ts';
import type { Folds } from '../../tune/folds.ts';
import { foldRows } from '../folds/coresetFolds.ts';
import { dealForTree, type Drawn } from '../folds/coresetParts.ts';
import { dealFolds, rowsOfFold } from '../folds/deal.ts';
import type { Foldable } from '../folds/foldable.ts';
import { LearnedFolds, MadeFolds } from '../folds/madeFolds.ts';

/**
 * Folds by the rule of the split for models without a target. A model learns from the rows outside the fold, all or those of
 * the coreset, weighted for all of them; it is scored by at most `maxScored` rows drawn evenly from all rows of the fold.
 * Throws what `dealFolds` throws.
 */
export function structureFolds(
  rows: Foldable,
  drawn: Drawn | null,
  options: { readonly nFolds: number; readonly seed: number; readonly maxScored: number },
): Folds {
  const { nFolds, seed, maxScored } = options;
  const dealt = drawn
    ? dealForTree(rows, drawn.tree, nFolds, seed)
    : dealFolds(rows.rule, { nFolds, seed, rows: rows.train, isRegression: true });
  const ofCoreset = drawn && foldRows(drawn, rows, dealt);
  return new MadeFolds(new LearnedFolds(rows, dealt), (fold) => {
    const { train, test } = rowsOfFold(dealt, fold);
    const scored = shuffle(test.slice(), createRng(seed).fork('scored').fork(fold)).slice(0, maxScored);
    const own = { test: scored.sort() };
    if (!ofCoreset) return { train, ...own };
    const { train: kept, trainWeight } = ofCoreset(fold);
    return { train: kept, ...(trainWeight && { trainWeight }), ...own };
  });
}
