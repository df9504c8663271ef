import type { Column } from '../../kernels/table.ts';

/** Murmur's finaliser: every bit of the input moves about half of the bits of the result. */
function mixed(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** What stands for NaN, of any bit pattern. */
const MISSING = 0x7ff80001;

/**
 * Adds what column `j` holds in `rows` to their hashes: a sum over columns, so that one can be taken out again.
 * @param sign 1, or -1 to take it out
 */
export function addColumn(hashes: Int32Array, column: Column, j: number, rows: Uint32Array, sign: 1 | -1): void {
  const salt = mixed(j + 1);
  if (column.kind === 'category') {
    const { codes } = column;
    for (let k = 0; k < rows.length; k++) hashes[k]! += sign * mixed(codes[rows[k]!]! ^ salt);
    return;
  }
  const { values } = column;
  const bits = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!;
    const v = values[row]!;
    // Minus zero is zero, and every NaN is missing.
    const word =
      v === 0
        ? 0
        : v === v
          ? Math.imul(bits[2 * row]!, 0x9e3779b1) + Math.imul(bits[2 * row + 1]!, 0x85ebca77)
          : MISSING;
    hashes[k]! += sign * mixed(word ^ salt);
  }
}

/** One hash for each of `rows`, by all columns. */
export function rowHashes(columns: readonly Column[], rows: Uint32Array): Int32Array {
  const hashes = new Int32Array(rows.length);
  columns.forEach((column, j) => addColumn(hashes, column, j, rows, 1));
  return hashes;
}

/** Do two rows hold the same in every column? Missing is the same as missing. */
export function isSameRow(columns: readonly Column[], a: number, b: number): boolean {
  for (const column of columns) {
    if (column.kind === 'category') {
      if (column.codes[a] !== column.codes[b]) return false;
      continue;
    }
    const [v, w] = [column.values[a]!, column.values[b]!];
    if (v !== w && (v === v || w === w)) return false;
  }
  return true;
}
