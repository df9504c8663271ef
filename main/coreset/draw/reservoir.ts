import type { Rng } from '../../kernels/rng.ts';
import type { Matrix } from '../../kernels/matrix.ts';
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
  /** By class and slot. */
  private readonly rows: Kept[][];
  private readonly seen: Float64Array;
  private readonly mass: Float64Array;
  private readonly isRegression: boolean;

  constructor(source: Pick<RowSource, 'nFeatures' | 'target'>, rng: Rng) {
    const nClasses = nClassesOf(source.target);
    this.d = source.nFeatures;
    this.rng = rng;
    const most = Math.min(MAX_ROWS, Math.floor(MAX_VALUES / Math.max(1, this.d)));
    this.capacity = Math.max(64, Math.ceil(most / nClasses));
    this.rows = Array.from({ length: nClasses }, () => []);
    this.seen = new Float64Array(nClasses);
    this.mass = new Float64Array(nClasses);
    this.isRegression = nClasses === 1;
  }

  add({ X, y, rowIds, sampleWeight }: RowKeys & Partial<Chunk>): void {
    const { d, capacity, rng } = this;
    for (let i = 0; i < y.length; i++) {
      const weight = sampleWeight === undefined ? 1 : sampleWeight[i]!;
      if (!(weight > 0)) continue;
      const k = this.isRegression ? 0 : y[i]!;
      const at = this.seen[k]!++;
      this.mass[k]! += weight;
      const slot = at < capacity ? at : rng.int(at + 1);
      if (slot >= capacity) continue;
      const x = X && (this.rows[k]![slot]?.x ?? new Float64Array(d));
      x?.set(X!.data.subarray(i * d, i * d + d));
      this.rows[k]![slot] = { x, y: y[i]!, weight, rowId: rowIds[i]! };
    }
  }

  /** The rows drawn, in the order of the sample. */
  get rowIds(): Uint32Array {
    return Uint32Array.from(this.rows.flat(), ({ rowId }) => rowId);
  }

  /** @param X features of `rowIds`, shape (nRows, nFeatures), where `add` was not given them */
  sample(X?: Matrix): Sample {
    const size = this.rows.reduce((sum, rows) => sum + rows.length, 0);
    const data = new Float64Array(size * this.d);
    const y = new Float64Array(size);
    const weight = new Float64Array(size);
    if (X) data.set(X.data);
    let at = 0;
    this.rows.forEach((rows, k) => {
      const held = rows.reduce((sum, row) => sum + row.weight, 0);
      for (const row of rows) {
        if (row.x) data.set(row.x, at * this.d);
        y[at] = row.y;
        weight[at++] = (row.weight * this.mass[k]!) / held;
      }
    });
    return { X: { data, nRows: size, nCols: this.d }, y, weight, classCounts: this.seen };
  }
}

interface Kept {
  readonly x: Float64Array | undefined;
  readonly y: number;
  readonly weight: number;
  readonly rowId: number;
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
  const data = new Float64Array(rows.length * X.nCols);
  const full = new Float64Array(classCounts.length);
  const kept = new Float64Array(classCounts.length);
  const classAt = (i: number) => (isOne ? 0 : y[i]!);
  for (let i = 0; i < y.length; i++) full[classAt(i)]! += weight[i]!;
  for (const i of rows) kept[classAt(i)]! += weight[i]!;
  const out = { y: new Float64Array(rows.length), weight: new Float64Array(rows.length) };
  rows.forEach((i, at) => {
    data.set(X.data.subarray(i * X.nCols, (i + 1) * X.nCols), at * X.nCols);
    out.y[at] = y[i]!;
    out.weight[at] = (weight[i]! * full[classAt(i)]!) / kept[classAt(i)]!;
  });
  return { X: { data, nRows: rows.length, nCols: X.nCols }, ...out };
}
