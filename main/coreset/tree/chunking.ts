import type { Chunk, RowSource } from '../rows.ts';

/**
 * Cuts and joins the chunks of a stream to exactly `size` rows each (the last one is shorter). The features of a chunk
 * are overwritten by the next one.
 */
export async function* rechunk(source: RowSource, size: number): AsyncIterable<Chunk> {
  const joined = new Joined(size);
  for await (const chunk of source.chunks(size)) {
    let from = 0;
    while (from < chunk.y.length) {
      const to = Math.min(chunk.y.length, from + size - joined.nRows);
      if (to - from === size) yield from === 0 && to === chunk.y.length ? chunk : cut(chunk, from, to);
      else {
        joined.add(cut(chunk, from, to));
        if (joined.nRows === size) yield joined.finish();
      }
      from = to;
    }
  }
  if (joined.nRows > 0) yield joined.finish();
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

/** A chunk that is joined from others; the next one overwrites its features. */
class Joined {
  nRows = 0;
  private readonly size: number;
  private nCols = 0;
  private data: Float32Array | Float64Array | undefined;
  private y = new Float64Array(0);
  private rowIds = new Uint32Array(0);
  private sampleWeight: Float64Array | undefined;
  private time: Float64Array | undefined;

  constructor(size: number) {
    this.size = size;
  }

  add({ X, y, rowIds, sampleWeight, time }: Chunk): void {
    const { size, nRows: at } = this;
    if (at === 0) {
      this.nCols = X.nCols;
      this.data ??=
        X.data instanceof Float32Array ? new Float32Array(size * X.nCols) : new Float64Array(size * X.nCols);
      this.y = new Float64Array(size);
      this.rowIds = new Uint32Array(size);
      this.sampleWeight = undefined;
      this.time = time && new Float64Array(size);
    }
    this.data!.set(X.data, at * X.nCols);
    this.y.set(y, at);
    this.rowIds.set(rowIds, at);
    if (sampleWeight) (this.sampleWeight ??= new Float64Array(size).fill(1)).set(sampleWeight, at);
    if (time) this.time?.set(time, at);
    else this.time = undefined;
    this.nRows += y.length;
  }

  finish(): Chunk {
    const { nRows: n, nCols } = this;
    this.nRows = 0;
    return {
      X: { data: this.data!.subarray(0, n * nCols), nRows: n, nCols },
      y: this.y.subarray(0, n),
      rowIds: this.rowIds.subarray(0, n),
      sampleWeight: this.sampleWeight?.subarray(0, n),
      time: this.time?.subarray(0, n),
    };
  }
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
