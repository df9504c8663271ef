import { sliceRows } from '../../coreset/rows.ts';
import type { Coreset, CoresetTree } from '../../coreset/tree/coresetTree.ts';
import { treeParts, type PartTotals } from '../../coreset/tree/folds.ts';
import type { Part } from '../rows/prepare.ts';
import { dealFolds, type Dealt } from './deal.ts';
import type { Foldable } from './foldable.ts';
import { positionsOf } from './positions.ts';

/** A level of a tree and how models are fitted with its weights. */
export interface Drawn {
  readonly tree: CoresetTree;
  readonly coreset: Coreset;
  /** Trees of a forest take weights of mean 1. */
  fitWeights(weight: Float64Array): Float64Array;
}

/** All training rows dealt out to the folds of coresets of a tree. */
export function dealForTree({ rule, train, target }: Foldable, tree: CoresetTree, nFolds: number, seed: number): Dealt {
  const isRegression = target.task === 'regression';
  return dealFolds(rule, { nFolds, seed, rows: train, isRegression, treeParts: tree.settings.nParts });
}

/** A coreset by the parts that all training rows were dealt out to. */
export interface CoresetParts {
  readonly drawn: Drawn;
  readonly parts: PartTotals;
  /** See `Dealt`. */
  readonly isForward: boolean;
  /** Shape (m,): position of each row of the coreset among the training rows. */
  readonly positions: Uint32Array;
}

export function coresetParts(drawn: Drawn, { train, rule }: Foldable, dealt: Dealt): CoresetParts {
  const { tree, coreset } = drawn;
  const positions = positionsOf(coreset.rowIds, train.rowIds);
  const parts = rule.kind === 'random' ? treeParts(tree, coreset) : ruleParts(tree, train, dealt, positions);
  return { drawn, parts, isForward: dealt.isForward, positions };
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
