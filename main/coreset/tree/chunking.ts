import type { Chunk } from '../rows.ts';

/**
 * Cuts and joins the chunks of a stream to exactly `size` rows each (the last one is shorter). The features of a chunk
 * are overwritten by the next one.
 */
export async function* rechunk(chunks: AsyncIterable<Chunk>, size: number): AsyncIterable<Chunk> {
  let held: Chunk[] = [];
  let nHeld = 0;
  const joined = new Joined();
  for await (const chunk of chunks) {
    let from = 0;
    while (from < chunk.y.length) {
      const to = Math.min(chunk.y.length, from + size - nHeld);
      held.push(from === 0 && to === chunk.y.length ? chunk : cut(chunk, from, to));
      nHeld += to - from;
      from = to;
      if (nHeld < size) continue;
      yield join(held, joined);
      held = [];
      nHeld = 0;
    }
  }
  if (nHeld > 0) yield join(held, joined);
}

function cut({ X, y, rowIds, sampleWeight, time }: Chunk, from: number, to: number): Chunk {
  const d = X.nCols;
  return {
    X: { data: X.data.subarray(from * d, to * d), nRows: to - from, nCols: d },
    y: y.subarray(from, to),
    rowIds: rowIds.subarray(from, to),
    sampleWeight: sampleWeight?.subarray(from, to),
    time: time?.subarray(from, to),
  };
}

/** Memory of a joined chunk's features, which all chunks of a stream share. */
class Joined {
  private data: Float32Array | Float64Array | undefined;

  take(length: number, like: Float32Array | Float64Array): Float32Array | Float64Array {
    const isFit = this.data && this.data.length >= length && this.data.constructor === like.constructor;
    if (!isFit) this.data = like instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
    return this.data!.subarray(0, length);
  }
}

function join(parts: readonly Chunk[], joined: Joined): Chunk {
  if (parts.length === 1) return parts[0]!;
  const n = parts.reduce((sum, { y }) => sum + y.length, 0);
  const d = parts[0]!.X.nCols;
  const data = joined.take(n * d, parts[0]!.X.data);
  const y = new Float64Array(n);
  const rowIds = new Uint32Array(n);
  const sampleWeight = parts.some((part) => part.sampleWeight) ? new Float64Array(n).fill(1) : undefined;
  const time = parts.every((part) => part.time) ? new Float64Array(n) : undefined;
  let at = 0;
  for (const part of parts) {
    data.set(part.X.data, at * d);
    y.set(part.y, at);
    rowIds.set(part.rowIds, at);
    if (part.sampleWeight) sampleWeight?.set(part.sampleWeight, at);
    if (part.time) time?.set(part.time, at);
    at += part.y.length;
  }
  return { X: { data, nRows: n, nCols: d }, y, rowIds, sampleWeight, time };
}

/** Part of a row: a hash of its id, so that it is the same for ever and whatever else is in the data. */
export function partOf(rowId: number, nParts: number): number {
  let z = (rowId + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return ((z ^ (z >>> 15)) >>> 0) % nParts;
}

export function partsOf(rowIds: Uint32Array, nParts: number): Uint8Array {
  const parts = new Uint8Array(rowIds.length);
  for (let i = 0; i < parts.length; i++) parts[i] = partOf(rowIds[i]!, nParts);
  return parts;
}
