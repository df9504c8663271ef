import { addGram } from '../kernels/linalg/gram.ts';

/** The rows of a matrix of statistics, for products with vectors. */
export interface StatisticRows {
  readonly nRows: number;
  readonly nCols: number;
  /** Z x, shape (nRows,). */
  times(x: Float64Array): Float64Array;
  /** Zᵀ v, shape (nCols,). */
  transposedTimes(v: Float64Array): Float64Array;
  /** Zᵀ diag(v) Z x, shape (nCols,): each row is read once, while it is in cache. */
  hessianTimes(v: Float64Array, x: Float64Array): Float64Array;
  /** Zᵀ diag(v) Z, shape (nCols, nCols), lower triangle. */
  gram(v: Float64Array): Float64Array;
}

/** Statistics of one-hot columns are mostly zero: below this share of values only these are kept. */
const SPARSE_BELOW = 0.4;

/** @param data shape (nRows, nCols), multiplied column by column with `scale`, shape (nCols,) */
export function statisticRows(data: Float64Array, nRows: number, nCols: number, scale: Float64Array): StatisticRows {
  let nonZero = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) nonZero++;
  return nonZero < SPARSE_BELOW * data.length
    ? new SparseRows(data, nRows, nCols, scale, nonZero)
    : new DenseRows(data, nRows, nCols, scale);
}

/** Products from two things that a layout knows: x · row i, and adding a row to a vector. */
abstract class Rows implements StatisticRows {
  readonly nRows: number;
  readonly nCols: number;

  constructor(nRows: number, nCols: number) {
    this.nRows = nRows;
    this.nCols = nCols;
  }

  protected abstract dot(i: number, x: Float64Array): number;
  protected abstract addTo(out: Float64Array, i: number, scale: number): void;
  abstract gram(v: Float64Array): Float64Array;

  times(x: Float64Array): Float64Array {
    const out = new Float64Array(this.nRows);
    for (let i = 0; i < this.nRows; i++) out[i] = this.dot(i, x);
    return out;
  }

  transposedTimes(v: Float64Array): Float64Array {
    const out = new Float64Array(this.nCols);
    for (let i = 0; i < this.nRows; i++) this.addTo(out, i, v[i]!);
    return out;
  }

  hessianTimes(v: Float64Array, x: Float64Array): Float64Array {
    const out = new Float64Array(this.nCols);
    for (let i = 0; i < this.nRows; i++) this.addTo(out, i, v[i]! * this.dot(i, x));
    return out;
  }
}

class DenseRows extends Rows {
  private readonly data: Float64Array;

  constructor(data: Float64Array, nRows: number, nCols: number, scale: Float64Array) {
    super(nRows, nCols);
    this.data = new Float64Array(data.length);
    for (let i = 0, at = 0; i < nRows; i++) {
      for (let j = 0; j < nCols; j++, at++) this.data[at] = data[at]! * scale[j]!;
    }
  }

  gram(v: Float64Array): Float64Array {
    const { data, nRows, nCols } = this;
    const H = new Float64Array(nCols * nCols);
    addGram({ data, nRows, nCols }, v, H, { hasIntercept: false });
    return H;
  }

  /** Four sums break the chain of dependent additions. */
  protected dot(i: number, x: Float64Array): number {
    const { data, nCols } = this;
    const from = i * nCols;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    let j = 0;
    for (; j + 3 < nCols; j += 4) {
      s0 += data[from + j]! * x[j]!;
      s1 += data[from + j + 1]! * x[j + 1]!;
      s2 += data[from + j + 2]! * x[j + 2]!;
      s3 += data[from + j + 3]! * x[j + 3]!;
    }
    for (; j < nCols; j++) s0 += data[from + j]! * x[j]!;
    return s0 + s1 + (s2 + s3);
  }

  protected addTo(out: Float64Array, i: number, scale: number): void {
    const { data, nCols } = this;
    const from = i * nCols;
    for (let j = 0; j < nCols; j++) out[j]! += scale * data[from + j]!;
  }
}

/** Rows as lists of the columns that are not zero. */
class SparseRows extends Rows {
  /** Shape (nRows + 1,): where each row's values start. */
  private readonly start: Uint32Array;
  private readonly column: Uint32Array;
  private readonly value: Float64Array;

  constructor(data: Float64Array, nRows: number, nCols: number, scale: Float64Array, nonZero: number) {
    super(nRows, nCols);
    this.start = new Uint32Array(nRows + 1);
    this.column = new Uint32Array(nonZero);
    this.value = new Float64Array(nonZero);
    let at = 0;
    for (let i = 0, cell = 0; i < nRows; i++) {
      for (let j = 0; j < nCols; j++, cell++) {
        if (data[cell] === 0) continue;
        this.column[at] = j;
        this.value[at++] = data[cell]! * scale[j]!;
      }
      this.start[i + 1] = at;
    }
  }

  gram(v: Float64Array): Float64Array {
    const { start, column, value, nCols } = this;
    const H = new Float64Array(nCols * nCols);
    for (let i = 0; i < this.nRows; i++) {
      for (let a = start[i]!; a < start[i + 1]!; a++) {
        const x = v[i]! * value[a]!;
        const row = column[a]! * nCols;
        // Columns ascend within a row: this stays in the lower triangle.
        for (let b = start[i]!; b <= a; b++) H[row + column[b]!]! += x * value[b]!;
      }
    }
    return H;
  }

  protected dot(i: number, x: Float64Array): number {
    const { start, column, value } = this;
    let sum = 0;
    for (let a = start[i]!; a < start[i + 1]!; a++) sum += value[a]! * x[column[a]!]!;
    return sum;
  }

  protected addTo(out: Float64Array, i: number, scale: number): void {
    const { start, column, value } = this;
    for (let a = start[i]!; a < start[i + 1]!; a++) out[column[a]!]! += scale * value[a]!;
  }
}
