import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Row numbers as one bit a row, compressed: a fifth of a million rows take about 90 kB. */
export function packRows(rows: Uint32Array): Buffer {
  const bits = new Uint8Array(rows.length === 0 ? 0 : (rows.reduce((most, row) => Math.max(most, row), 0) >> 3) + 1);
  for (const row of rows) bits[row >> 3]! |= 1 << (row & 7);
  return deflateRawSync(bits, { level: 1 });
}

/** Rows that were packed, as bits. */
export const unpackRows = (packed: Uint8Array): Uint8Array => inflateRawSync(packed);

/** Rows of `a` that are also in `b`, and those that are not. */
export function countShared(a: Uint8Array, b: Uint8Array): { readonly shared: number; readonly others: number } {
  let shared = 0;
  let others = 0;
  for (let i = 0; i < a.length; i++) {
    const inB = b[i] ?? 0;
    shared += nBits(a[i]! & inB);
    others += nBits(a[i]! & ~inB);
  }
  return { shared, others };
}

export function unionOf(sets: readonly Uint8Array[]): Uint8Array {
  const union = new Uint8Array(Math.max(0, ...sets.map(({ length }) => length)));
  for (const set of sets) for (let i = 0; i < set.length; i++) union[i]! |= set[i]!;
  return union;
}

/** Bits that are set in a byte. */
function nBits(byte: number): number {
  let v = byte - ((byte >> 1) & 0x55);
  v = (v & 0x33) + ((v >> 2) & 0x33);
  return (v + (v >> 4)) & 0x0f;
}
