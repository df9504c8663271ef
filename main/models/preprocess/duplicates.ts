import type { Column } from '../../kernels/table.ts';
import { murmur3 } from './murmur3.ts';

/** For columns that hold the same as an earlier one in every row, the earlier one's name, by the later one's. */
export function findDuplicates(columns: readonly Column[]): Map<string, string> {
  const seen = new Map<string, Column[]>();
  const repeats = new Map<string, string>();
  for (const column of columns) {
    const key = `${column.kind} ${checksum(column)}`;
    const alike = seen.get(key) ?? [];
    seen.set(key, alike);
    const former = alike.find((other) => isSame(other, column));
    if (former) repeats.set(column.name, former.name);
    else alike.push(column);
  }
  return repeats;
}

/** FNV-1a over 32-bit words: those of the numbers, or a hash of each row's text. */
function checksum(column: Column): number {
  let h = 0x811c9dc5;
  if (column.kind === 'number') {
    const { buffer, byteOffset, byteLength } = column.values;
    const words = new Int32Array(buffer, byteOffset, byteLength / 4);
    for (let i = 0; i < words.length; i++) h = Math.imul(h ^ words[i]!, 0x01000193);
    return h;
  }
  const hashes = Int32Array.from(column.levels, murmur3);
  for (const code of column.codes) h = Math.imul(h ^ (code < 0 ? -1 : hashes[code]!), 0x01000193);
  return h;
}

function isSame(a: Column, b: Column): boolean {
  if (a.kind === 'number') return b.kind === 'number' && a.values.every((v, i) => Object.is(v, b.values[i]));
  return b.kind === 'category' && a.codes.every((code, i) => a.levels[code] === b.levels[b.codes[i]!]);
}
