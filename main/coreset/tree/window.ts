import { AppError } from '../../contract/errors.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { RowSource } from '../rows.ts';
import { checkChunk } from './checks.ts';
import { drawLeaves } from './build.ts';
import type { CoresetTree } from './coresetTree.ts';

/**
 * Adds the rows of `source` behind those the tree has (partial build): old data is not read again, only O(log n) nodes
 * are drawn anew. Throws AppError APPEND_DIFFERS, APPEND_CLASS_UNKNOWN, WEIGHT_NEGATIVE, FEATURE_NOT_FINITE; the tree is
 * then as before.
 */
export async function appendRows(
  tree: CoresetTree,
  source: RowSource,
  threads: number,
  task: TaskContext,
): Promise<void> {
  if (source.nFeatures !== tree.nFeatures) {
    throw new AppError({
      code: 'APPEND_DIFFERS',
      message: `The new rows have ${source.nFeatures} features, the coreset ${tree.nFeatures}.`,
      fix: { kind: 'buildCoreset', label: 'Build a new coreset of all rows' },
    });
  }
  const leaves = await drawLeaves(tree, checked(tree, source), tree.range[1], threads, task);
  tree.leaves = [...tree.leaves, ...leaves];
  tree.weights = new Map();
  tree.spread = null;
  tree.coreset(0);
}

function checked(tree: CoresetTree, source: RowSource): RowSource {
  const nClasses = tree.target !== null && tree.target.task !== 'regression' ? tree.target.nClasses : Infinity;
  return {
    ...source,
    async *chunks() {
      for await (const chunk of source.chunks()) {
        checkChunk(chunk);
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
 * Drops leading leaves for which `isOld` holds, e.g. `({ lastTime }) => lastTime < start` for a window by time. Edits
 * can no longer be taken back after that. Returns the rows dropped. Throws AppError WINDOW_EMPTY when none would stay.
 */
export function dropOldest(tree: CoresetTree, isOld: (leaf: CoresetTree['leaves'][number]) => boolean): number {
  const first = tree.leaves.findIndex((leaf) => !isOld(leaf));
  if (first < 0) {
    throw new AppError({
      code: 'WINDOW_EMPTY',
      message: 'No rows of this coreset lie within the window.',
      fix: { kind: 'chooseRows', label: 'Choose a longer window' },
    });
  }
  if (first === 0) return 0;
  const dropped = tree.leaves.slice(0, first).reduce((sum, { nRowsCovered }) => sum + nRowsCovered, 0);
  const from = tree.leaves[first]!.ordinal;
  tree.leaves = tree.leaves.slice(first);
  tree.nodes = new Map([...tree.nodes].filter(([, node]) => node.from >= from));
  tree.dirty = new Set([...tree.dirty].filter((key) => Number(key.split('-')[0]) >= from));
  tree.edits.length = 0;
  tree.weights = new Map();
  tree.spread = null;
  tree.coreset(0);
  return dropped;
}
