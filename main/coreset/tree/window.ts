import { AppError } from '../../contract/errors.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { RowSource } from '../rows.ts';
import { serviceOf } from '../services/registry.ts';
import { checkChunk } from './checks.ts';
import { drawLeaves } from './build.ts';
import type { CoresetTree } from './coresetTree.ts';
import { leafEdit } from './formerState.ts';
import type { Leaf } from './leaves.ts';

/**
 * Draws the leaves of new rows to be put behind those the tree has (partial build): old data is not read again. Throws
 * AppError APPEND_DIFFERS, APPEND_CLASS_UNKNOWN, WEIGHT_NEGATIVE, FEATURE_NOT_FINITE.
 */
export function drawAppended(
  tree: CoresetTree,
  source: RowSource,
  threads: number,
  task: TaskContext,
): Promise<Leaf[]> {
  if (source.nFeatures === tree.nFeatures) {
    return drawLeaves(tree, checked(tree, source), tree.range[1], threads, task);
  }
  throw new AppError({
    code: 'APPEND_DIFFERS',
    message: `The new rows have ${source.nFeatures} features, the coreset ${tree.nFeatures}.`,
    fix: { kind: 'buildCoreset', label: 'Build a new coreset of all rows' },
  });
}

/** Puts drawn leaves behind those the tree has; only O(log n) nodes are drawn anew. Can be taken back. */
export function attachLeaves(tree: CoresetTree, leaves: readonly Leaf[]): void {
  const [, next] = tree.range;
  tree.edits.push(leafEdit(tree, 'append', { nAdded: leaves.length }));
  // Leaves that were drawn while others came in move behind them.
  tree.leaves = [...tree.leaves, ...leaves.map((leaf, i) => ({ ...leaf, ordinal: next + i }))];
  refresh(tree);
}

/** Both steps at once. */
export async function appendRows(
  tree: CoresetTree,
  source: RowSource,
  threads: number,
  task: TaskContext,
): Promise<void> {
  attachLeaves(tree, await drawAppended(tree, source, threads, task));
}

/** Weights and spreads for other rows than before. */
function refresh(tree: CoresetTree): void {
  tree.forget();
  tree.spread = null;
  tree.coreset(0);
}

function checked(tree: CoresetTree, source: RowSource): RowSource {
  const nClasses = tree.target !== null && tree.target.task !== 'regression' ? tree.target.nClasses : Infinity;
  return {
    ...source,
    async *chunks(size) {
      for await (const chunk of source.chunks(size)) {
        checkChunk(chunk, serviceOf(tree.settings.service).takesMissing);
        const at = chunk.y.findIndex((y) => !(y >= 0 && y < nClasses) && nClasses < Infinity);
        if (at >= 0) {
          throw new AppError({
            code: 'APPEND_CLASS_UNKNOWN',
            message: `Row ${chunk.rowIds[at]} has a class the coreset was not built with.`,
            fix: { kind: 'buildCoreset', label: 'Build a new coreset of all rows' },
          });
        }
        yield chunk;
      }
    },
  };
}

/**
 * Drops leading leaves for which `isOld` holds, e.g. `({ lastTime }) => lastTime < start` for a window by time. Can be
 * taken back. Returns the rows dropped. Throws AppError WINDOW_EMPTY when none would stay.
 */
export function dropOldest(tree: CoresetTree, isOld: (leaf: Leaf) => boolean): number {
  const first = tree.leaves.findIndex((leaf) => !isOld(leaf));
  if (first < 0) {
    throw new AppError({
      code: 'WINDOW_EMPTY',
      message: 'No rows of this coreset lie within the window.',
      fix: { kind: 'chooseRows', label: 'Choose a longer window' },
    });
  }
  if (first === 0) return 0;
  const dropped = tree.leaves.slice(0, first);
  tree.edits.push(leafEdit(tree, 'window', { dropped }));
  const from = tree.leaves[first]!.ordinal;
  tree.leaves = tree.leaves.slice(first);
  tree.nodes = new Map([...tree.nodes].filter(([, node]) => node.from >= from));
  tree.dirty = new Set([...tree.dirty].filter((key) => Number(key.split('-')[0]) >= from));
  refresh(tree);
  return dropped.reduce((sum, { nRowsCovered }) => sum + nRowsCovered, 0);
}
