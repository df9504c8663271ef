import type { Coreset, CoresetTree } from '../../coreset/tree/coresetTree.ts';
import { calibratedFold, treeParts, type PartTotals } from '../../coreset/tree/folds.ts';
import { sliceRows } from '../../coreset/rows.ts';
import type { Folds } from '../../tune/folds.ts';
import type { Part, Prepared } from '../rows/prepare.ts';
import { dealFolds, trainsOn, type Dealt } from './deal.ts';
import { LearnedFolds, MadeFolds, type FoldRows } from './madeFolds.ts';
import { positionsOf } from './positions.ts';

/** A level of a tree and how models are fitted with its weights. */
export interface Drawn {
  readonly tree: CoresetTree;
  readonly coreset: Coreset;
  /** Trees of a forest take weights of mean 1. */
  fitWeights(weight: Float64Array): Float64Array;
}

/** All training rows dealt out to the folds of coresets of a tree. */
export function dealForTree({ rule, train, target }: Prepared, tree: CoresetTree, nFolds: number, seed: number): Dealt {
  const isRegression = target.task === 'regression';
  return dealFolds(rule, { nFolds, seed, rows: train, isRegression, treeParts: tree.settings.nParts });
}

/**
 * Rows of a coreset as folds that stand for folds of all training rows. What a fold learns of columns is learned from all
 * training rows on its training side; weights are calibrated to the totals of the rows on each side.
 */
export function coresetFolds(drawn: Drawn, learned: LearnedFolds): Folds {
  const { prepared, dealt } = learned;
  return new MadeFolds(learned, foldRows(drawn, prepared, dealt));
}

/** The rows and weights of each fold of a coreset, as positions among the training rows. */
export function foldRows(
  { tree, coreset, fitWeights }: Drawn,
  { train, rule }: Prepared,
  dealt: Dealt,
): (fold: number) => FoldRows {
  const positions = positionsOf(coreset.rowIds, train.rowIds);
  const parts = rule.kind === 'random' ? treeParts(tree, coreset) : ruleParts(tree, train, dealt, positions);
  return (fold) => {
    const { trainRows, trainWeights, testRows, testWeights } = calibratedFold(
      tree,
      coreset,
      parts,
      (part) => trainsOn(dealt, part, fold),
      (part) => dealt.scoredBy[part] === fold,
    );
    return {
      train: trainRows.map((i) => positions[i]!),
      trainWeight: fitWeights(trainWeights),
      test: testRows.map((i) => positions[i]!),
      testWeight: testWeights,
    };
  };
}

/** Rows summed at a time. */
const BLOCK_ROWS = 8192;

/** Totals by the parts of a rule: the tree has its own by row id only, so that all training rows are gone through again. */
function ruleParts(tree: CoresetTree, rows: Part, { part, nParts }: Dealt, positions: Uint32Array): PartTotals {
  const totals = new Float64Array(nParts * tree.pilot.nStatistics);
  for (let from = 0; from < rows.y.length; from += BLOCK_ROWS) {
    const to = Math.min(rows.y.length, from + BLOCK_ROWS);
    tree.pilot.visit(sliceRows(rows, from, to), { totals, part: part.subarray(from, to) });
  }
  return { nParts, totals, part: Uint8Array.from(positions, (i) => part[i]!) };
}
