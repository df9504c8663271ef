import { AppError } from '../contract/errors.ts';
import { sliceRows, type RowSource } from './rows.ts';
import { rechunk } from './tree/chunking.ts';
import type { CoresetTree } from './tree/coresetTree.ts';

/** A row of the data and how far its place in the draw is from that of the coreset row that stands for it. */
export interface RepresentedRow {
  readonly rowId: number;
  readonly distance: number;
}

/**
 * The rows a coreset row stands for: in the draw of its leaf rows lie side by side by class and the pilot's prediction,
 * and each row is stood for by the kept row nearest to it. Nearest first. One pass up to that leaf.
 * Throws AppError ROW_NOT_IN_CORESET.
 */
export async function representedRows(
  tree: CoresetTree,
  source: RowSource,
  rowId: number,
  limit = 100,
): Promise<RepresentedRow[]> {
  const leaf = tree.leaves.find(({ rowIds }) => rowIds.includes(rowId));
  if (!leaf) {
    throw new AppError({
      code: 'ROW_NOT_IN_CORESET',
      message: `Row ${rowId} is not one the coreset keeps.`,
      fix: { kind: 'chooseRows', label: 'Ask for a row of the coreset' },
    });
  }
  const kept = [...leaf.key.keys()].filter((i) => leaf.rowWeight[i]! > 0).sort((a, b) => leaf.key[a]! - leaf.key[b]!);
  const keys = kept.map((i) => leaf.key[i]!);
  const own = kept.findIndex((i) => leaf.rowIds[i] === rowId);
  const found: RepresentedRow[] = [];
  let ordinal = tree.leaves[0]!.ordinal;
  for await (const chunk of rechunk(source.chunks(), tree.settings.chunkSize)) {
    if (ordinal++ < leaf.ordinal) continue;
    const key = new Float64Array(chunk.y.length);
    tree.drawPilot.visit(sliceRows(chunk, 0, chunk.y.length), { key });
    key.forEach((k, i) => {
      if (nearest(keys, k) === own) found.push({ rowId: chunk.rowIds[i]!, distance: Math.abs(k - keys[own]!) });
    });
    break;
  }
  return found.sort((a, b) => a.distance - b.distance || a.rowId - b.rowId).slice(0, limit);
}

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
