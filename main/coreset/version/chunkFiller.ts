import type { FeatureWriter } from '../../models/preprocess/writers.ts';
import type { Chunk } from '../rows.ts';
import type { RawRows } from './rawRows.ts';

/** Fills chunks of `size` rows; features go to where the former chunk had its own. */
export class ChunkFiller {
  private readonly size: number;
  private readonly writer: FeatureWriter;
  private readonly hasTime: boolean;
  private readonly data: Float32Array;
  private y: Float64Array;
  private rowIds: Uint32Array;
  private time: Float64Array | undefined;
  private nRows = 0;

  constructor(size: number, writer: FeatureWriter, hasTime: boolean) {
    this.size = size;
    this.writer = writer;
    this.hasTime = hasTime;
    this.data = new Float32Array(size * writer.nFeatures);
    [this.y, this.rowIds, this.time] = this.fresh();
  }

  get isFull(): boolean {
    return this.nRows === this.size;
  }

  get isEmpty(): boolean {
    return this.nRows === 0;
  }

  /** Takes rows from `from` on as far as there is room; returns how many. */
  take({ table, y, rowIds, time }: RawRows, from: number): number {
    const { nRows: at } = this;
    const n = Math.min(y.length - from, this.size - at);
    this.writer.write(table, from, from + n, this.data, at);
    this.y.set(y.subarray(from, from + n), at);
    this.rowIds.set(rowIds.subarray(from, from + n), at);
    if (time) this.time?.set(time.subarray(from, from + n), at);
    this.nRows += n;
    return n;
  }

  /** The rows taken since the last chunk; the next one overwrites its features. */
  finish(): Chunk {
    const { writer, nRows: n, y, rowIds, time } = this;
    const data = this.data.subarray(0, n * writer.nFeatures);
    [this.y, this.rowIds, this.time] = this.fresh();
    this.nRows = 0;
    return {
      X: { data, nRows: n, nCols: writer.nFeatures },
      y: y.subarray(0, n),
      rowIds: rowIds.subarray(0, n),
      time: time?.subarray(0, n),
    };
  }

  private fresh(): [Float64Array, Uint32Array, Float64Array | undefined] {
    const { size, hasTime } = this;
    return [new Float64Array(size), new Uint32Array(size), hasTime ? new Float64Array(size) : undefined];
  }
}
