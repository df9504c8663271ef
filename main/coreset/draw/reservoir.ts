import { takeRows, takeValues, type Matrix } from '../../kernels/matrix.ts';
import type { Rng } from '../../kernels/rng.ts';
import { nClassesOf, type Chunk, type RowKeys, type RowSource, type WeightedRows } from '../rows.ts';

/** Values of X a reservoir may hold: 32 MB of float64. */
const MAX_VALUES = 4_000_000;
const MAX_ROWS = 20_000;

/** A sample over a whole stream, a part of each class: weights say how many rows each of them stands for. */
export interface Sample extends WeightedRows {
  /** Rows seen of each class (rows without weight left out). */
  readonly classCounts: Float64Array;
}

/**
 * Draws rows of each class uniformly from the whole stream in one pass (Vitter's algorithm R with a reservoir a class).
 * It depends on the order of the rows, not on how they are cut into chunks. Which rows are drawn does not depend on their
 * features, so they may also be read afterwards, for the rows that were drawn.
 */
export class Reservoir {
  private readonly d: number;
  private readonly rng: Rng;
  private readonly capacity: number;
  private readonly kept: KeptRows[];
  private readonly seen: Float64Array;
  private readonly mass: Float64Array;
  private readonly isRegression: boolean;

  constructor(source: Pick<RowSource, 'nFeatures' | 'target'>, rng: Rng) {
    const nClasses = nClassesOf(source.target);
    this.d = source.nFeatures;
    this.rng = rng;
    const most = Math.min(MAX_ROWS, Math.floor(MAX_VALUES / Math.max(1, this.d)));
    this.capacity = Math.max(64, Math.ceil(most / nClasses));
    this.kept = Array.from({ length: nClasses }, () => new KeptRows(this.d));
    this.seen = new Float64Array(nClasses);
    this.mass = new Float64Array(nClasses);
    this.isRegression = nClasses === 1;
  }

  add({ X, y, rowIds, sampleWeight }: RowKeys & Partial<Chunk>): void {
    const { capacity, rng } = this;
    for (let i = 0; i < y.length; i++) {
      const weight = sampleWeight === undefined ? 1 : sampleWeight[i]!;
      if (!(weight > 0)) continue;
      const k = this.isRegression ? 0 : y[i]!;
      const at = this.seen[k]!++;
      this.mass[k]! += weight;
      const slot = at < capacity ? at : rng.int(at + 1);
      if (slot < capacity) this.kept[k]!.put(slot, X, i, y[i]!, weight, rowIds[i]!);
    }
  }

  /** The rows drawn, in the order of the sample. */
  get rowIds(): Uint32Array {
    const out = new Uint32Array(this.kept.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const { rowIds, length } of this.kept) {
      out.set(rowIds.subarray(0, length), at);
      at += length;
    }
    return out;
  }

  /** @param X features of `rowIds`, shape (nRows, nFeatures), where `add` was not given them */
  sample(X?: Matrix): Sample {
    const { d } = this;
    const size = this.kept.reduce((sum, { length }) => sum + length, 0);
    const data = new Float64Array(size * d);
    const y = new Float64Array(size);
    const weight = new Float64Array(size);
    if (X) data.set(X.data);
    let at = 0;
    this.kept.forEach((rows, k) => {
      const n = rows.length;
      let held = 0;
      for (let slot = 0; slot < n; slot++) held += rows.weight[slot]!;
      if (!X) data.set(rows.x.subarray(0, n * d), at * d);
      y.set(rows.y.subarray(0, n), at);
      for (let slot = 0; slot < n; slot++) weight[at + slot] = (rows.weight[slot]! * this.mass[k]!) / held;
      at += n;
    });
    return { X: { data, nRows: size, nCols: d }, y, weight, classCounts: this.seen };
  }
}

/** Rows of one class behind one another, in memory that grows with them. */
class KeptRows {
  private readonly d: number;
  length = 0;
  x: Float64Array;
  y: Float64Array = new Float64Array(64);
  weight: Float64Array = new Float64Array(64);
  rowIds: Float64Array = new Float64Array(64);

  constructor(d: number) {
    this.d = d;
    this.x = new Float64Array(0);
  }

  /** Row i of X, where there is one, at `slot`, which is at most `length`. */
  put(slot: number, X: Matrix | undefined, i: number, y: number, weight: number, rowId: number): void {
    const { d } = this;
    if (slot === this.y.length) {
      this.y = grown(this.y, 2 * slot);
      this.weight = grown(this.weight, 2 * slot);
      this.rowIds = grown(this.rowIds, 2 * slot);
    }
    if (X) {
      if (this.x.length < d * this.y.length) this.x = grown(this.x, d * this.y.length);
      const { x } = this;
      for (let j = 0, from = i * d, to = slot * d; j < d; j++) x[to++] = X.data[from++]!;
    }
    this.rowIds[slot] = rowId;
    this.y[slot] = y;
    this.weight[slot] = weight;
    this.length = Math.max(this.length, slot + 1);
  }
}

function grown(values: Float64Array, length: number): Float64Array {
  const out = new Float64Array(length);
  out.set(values);
  return out;
}

/** Rows for a pilot fit: about `size`, half of them spread over the classes by their counts and half evenly. */
export function pilotRows(sample: Sample, size: number, rng: Rng): Uint32Array {
  const { y, classCounts } = sample;
  const nClasses = classCounts.length;
  const n = classCounts.reduce((sum, c) => sum + c, 0);
  const rowsOf = Array.from({ length: nClasses }, () => [] as number[]);
  for (let i = 0; i < y.length; i++) rowsOf[nClasses === 1 ? 0 : y[i]!]!.push(i);
  const out: number[] = [];
  rowsOf.forEach((rows, k) => {
    const share = nClasses === 1 ? 1 : 0.5 * (classCounts[k]! / n) + 0.5 / nClasses;
    const want = Math.min(rows.length, Math.max(1, Math.round(size * share)));
    // The first `want` of a shuffle: reservoir slots are not in random order while it is not full.
    for (let i = 0; i < want; i++) {
      const j = i + rng.int(rows.length - i);
      const kept = rows[i]!;
      rows[i] = rows[j]!;
      rows[j] = kept;
      out.push(rows[i]!);
    }
  });
  return Uint32Array.from(out).sort();
}

/** The rows of `sample` named by `rows`, weighted so that each class keeps its total. */
export function thin(sample: Sample, rows: Uint32Array): WeightedRows {
  const { X, y, weight, classCounts } = sample;
  const isOne = classCounts.length === 1;
  const full = new Float64Array(classCounts.length);
  const kept = new Float64Array(classCounts.length);
  const classAt = (i: number) => (isOne ? 0 : y[i]!);
  for (let i = 0; i < y.length; i++) full[classAt(i)]! += weight[i]!;
  for (let at = 0; at < rows.length; at++) kept[classAt(rows[at]!)]! += weight[rows[at]!]!;
  const own = takeValues(weight, rows);
  for (let at = 0; at < rows.length; at++) {
    const k = classAt(rows[at]!);
    own[at] = (own[at]! * full[k]!) / kept[k]!;
  }
  return { X: takeRows(X, rows), y: takeValues(y, rows), weight: own };
}
