import type { CoresetTree } from './coresetTree.ts';
import type { Leaf } from './leaves.ts';

/** Where a row is: its leaf, and its place among the rows the leaf keeps or -1. */
export interface RowPlace {
  readonly leaf: number;
  readonly row: number;
}

interface Index {
  readonly kept: ReadonlyMap<number, RowPlace>;
  /** Leaves by their smallest row id. */
  readonly byFirst: readonly Leaf[];
  readonly isDisjoint: boolean;
}

/** A tree's leaves keep the same rows for as long as the array is the same. */
const indexes = new WeakMap<readonly Leaf[], Index>();

/** Where a kept row is; undefined for any other. */
export const placeOfKept = (tree: CoresetTree, rowId: number): RowPlace | undefined => indexOf(tree).kept.get(rowId);

/** The leaf that stands for a row of the stream; undefined where none can. `time` tells leaves of a stream in time order. */
export function leafOfRow(tree: CoresetTree, rowId: number, time?: number): Leaf | undefined {
  const { byFirst, isDisjoint } = indexOf(tree);
  if (!isDisjoint) {
    const may = tree.leaves.filter(({ firstRowId, lastRowId }) => rowId >= firstRowId && rowId <= lastRowId);
    if (time === undefined) return may[0];
    const at = Number.isNaN(time) ? -Infinity : time;
    return may.find(
      ({ lastTime, endRowId }) => lastTime === null || at < lastTime || (at === lastTime && rowId <= endRowId),
    );
  }
  let [low, high] = [0, byFirst.length - 1];
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if (byFirst[mid]!.firstRowId <= rowId) low = mid;
    else high = mid - 1;
  }
  const leaf = byFirst[low];
  return leaf && rowId >= leaf.firstRowId && rowId <= leaf.lastRowId ? leaf : undefined;
}

function indexOf(tree: CoresetTree): Index {
  const known = indexes.get(tree.leaves);
  if (known) return known;
  const kept = new Map<number, RowPlace>();
  for (const { ordinal, rowIds } of tree.leaves) rowIds.forEach((id, row) => kept.set(id, { leaf: ordinal, row }));
  const byFirst = tree.leaves.toSorted((a, b) => a.firstRowId - b.firstRowId);
  const isDisjoint = byFirst.every((leaf, i) => i === 0 || byFirst[i - 1]!.lastRowId < leaf.firstRowId);
  const made: Index = { kept, byFirst, isDisjoint };
  indexes.set(tree.leaves, made);
  return made;
}
