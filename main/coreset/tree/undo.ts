import { AppError } from '../../contract/errors.ts';
import type { CoresetTree } from './coresetTree.ts';
import type { AppliedEdit } from './editLog.ts';

/** Takes the last edit back: the tree is what it was, to the last bit. Throws AppError NOTHING_TO_UNDO. */
export function undoEdit(tree: CoresetTree): AppliedEdit {
  const edit = tree.edits.pop();
  if (!edit) {
    throw new AppError({
      code: 'NOTHING_TO_UNDO',
      message: 'This coreset has no edit to take back.',
      fix: { kind: 'none', label: 'Nothing needs to be done' },
    });
  }
  if (edit.nAdded > 0) tree.leaves = tree.leaves.slice(0, -edit.nAdded);
  if (edit.dropped.length > 0) tree.leaves = [...edit.dropped, ...tree.leaves];
  const width = tree.pilot.nStatistics;
  const d = tree.nFeatures;
  for (const { leaf, part, values } of edit.totals) tree.leafAt(leaf).totals.set(values, part * width);
  for (const [ordinal, nRows] of edit.covered) tree.leafAt(ordinal).nRowsCovered = nRows;
  for (const { leaf: ordinal, row, y, x, rowWeight, score, key } of edit.rows) {
    const leaf = tree.leafAt(ordinal);
    leaf.y[row] = y;
    if (x) leaf.X.data.set(x, row * d);
    leaf.rowWeight[row] = rowWeight;
    leaf.score[row] = score;
    leaf.key[row] = key;
  }
  for (const [rowId, override] of edit.overrides) {
    if (override) tree.overrides.set(rowId, override);
    else tree.overrides.delete(rowId);
  }
  tree.nodes = new Map(edit.nodes);
  tree.dirty = new Set(edit.dirty);
  tree.spread = edit.spread;
  tree.restore(edit.solutions, edit.weights ?? new Map());
  return edit;
}
