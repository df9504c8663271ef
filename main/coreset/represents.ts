import { AppError } from '../contract/errors.ts';
import { sliceRows, type Chunk } from './rows.ts';
import type { CoresetTree } from './tree/coresetTree.ts';
import type { Leaf } from './tree/leaves.ts';
import { leafOfRow, placeOfKept } from './tree/rowIndex.ts';

/** A row of the data and how far its place in the draw is from that of the row that stands for it. */
export interface RepresentedRow {
  readonly rowId: number;
  readonly distance: number;
}

export interface Represented {
  /** The row the coreset keeps: the one asked for, or the one that stands for it. */
  readonly keptRowId: number;
  /** Rows it stands for within its stretch of the data, and how many of that stretch there are. */
  readonly nRows: number;
  readonly nRowsOfLeaf: number;
  /** Nearest first. */
  readonly rows: readonly RepresentedRow[];
}

/**
 * The rows a coreset row stands for; of any other row, the coreset row that stands for it and that one's rows. In the
 * draw of a leaf rows lie side by side by class and the pilot's prediction: each is stood for by the kept row nearest to it.
 * @param time of the row asked for, where the tree follows time
 * @param rowsOfLeaf the rows of the leaf's stretch of the stream, as the data version has them
 * Throws AppError ROW_UNKNOWN.
 */
export async function representedRows(
  tree: CoresetTree,
  rowId: number,
  limit: number,
  time: number | undefined,
  rowsOfLeaf: (leaf: Leaf) => AsyncIterable<Chunk>,
): Promise<Represented> {
  const place = placeOfKept(tree, rowId);
  const leaf = place ? tree.leafAt(place.leaf) : leafOfRow(tree, rowId, time);
  if (!leaf || tree.overrides.get(rowId)?.isRemoved) throw unknownRow(rowId);
  const kept = [...leaf.key.keys()].filter((i) => leaf.rowWeight[i]! > 0).sort((a, b) => leaf.key[a]! - leaf.key[b]!);
  const keys = kept.map((i) => leaf.key[i]!);
  const all: { rowId: number; key: number }[] = [];
  for await (const chunk of rowsOfLeaf(leaf)) {
    const key = keysOf(tree, chunk);
    key.forEach((k, i) => {
      const id = chunk.rowIds[i]!;
      const isOfLeaf = leafOfRow(tree, id, chunk.time?.[i]) === leaf;
      if (isOfLeaf && !tree.overrides.get(id)?.isRemoved) all.push({ rowId: id, key: k });
    });
  }
  const asked = all.find((row) => row.rowId === rowId);
  if (!asked && !place) throw unknownRow(rowId);
  const own = place ? kept.indexOf(place.row) : nearest(keys, asked!.key);
  const found = all
    .filter(({ key }) => nearest(keys, key) === own)
    .map(({ rowId: id, key }) => ({ rowId: id, distance: Math.abs(key - keys[own]!) }))
    .sort((a, b) => a.distance - b.distance || a.rowId - b.rowId);
  const keptRowId = leaf.rowIds[kept[own]!]!;
  return {
    keptRowId,
    nRows: found.length,
    nRowsOfLeaf: all.length,
    rows: found.filter((row) => row.rowId !== keptRowId).slice(0, limit),
  };
}

/** Places in the draw of rows as edited. */
function keysOf(tree: CoresetTree, chunk: Chunk): Float64Array {
  const d = tree.nFeatures;
  const y = chunk.y.slice();
  const data = tree.overrides.size > 0 ? chunk.X.data.slice() : chunk.X.data;
  if (tree.overrides.size > 0) {
    chunk.rowIds.forEach((id, i) => {
      const override = tree.overrides.get(id);
      if (override?.y !== undefined) y[i] = override.y;
      if (override?.x) data.set(override.x, i * d);
    });
  }
  const key = new Float64Array(y.length);
  tree.drawPilot.visit(sliceRows({ X: { ...chunk.X, data }, y }, 0, y.length), { key });
  return key;
}

const unknownRow = (rowId: number) =>
  new AppError({
    code: 'ROW_UNKNOWN',
    message: `Row ${rowId} is not among the rows of this coreset.`,
    fix: { kind: 'chooseRows', label: 'Ask for a row the coreset was built from' },
  });

/** Index of the value of the ascending `keys` closest to `k`. */
function nearest(keys: readonly number[], k: number): number {
  let [low, high] = [0, keys.length - 1];
  while (low < high) {
    const mid = (low + high) >> 1;
    if (keys[mid]! < k) low = mid + 1;
    else high = mid;
  }
  return low > 0 && k - keys[low - 1]! <= keys[low]! - k ? low - 1 : low;
}
