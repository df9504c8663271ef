import type { CoresetTree } from './coresetTree.ts';
import type { AppliedEdit, EditKind, FormerState } from './editLog.ts';
import type { Leaf } from './leaves.ts';

/** What undo needs of the tree as it is now. */
export const stateOf = (tree: CoresetTree): FormerState => ({
  nodes: new Map(tree.nodes),
  dirty: [...tree.dirty],
  weights: tree.dirty.size > 0 ? new Map(tree.weights) : null,
  solutions: new Map(tree.solutions),
  spread: tree.spread,
});

/** An edit of whole leaves, as far as it is known before it is made. */
export const leafEdit = (
  tree: CoresetTree,
  kind: EditKind,
  change: { readonly nAdded?: number; readonly dropped?: readonly Leaf[] } = {},
): AppliedEdit => ({
  kind,
  rowIds: [],
  recalc: 'path',
  id: null,
  rows: [],
  totals: [],
  covered: [],
  overrides: [],
  nAdded: change.nAdded ?? 0,
  dropped: change.dropped ?? [],
  ...stateOf(tree),
});
