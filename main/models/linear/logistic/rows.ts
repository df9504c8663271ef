import type { Matrix } from '../../../kernels/matrix.ts';

/** Rows with their class and weight; rows of weight 0 are gone. */
export interface LabelledRows {
  readonly X: Matrix;
  /** Class index, shape (nRows,). */
  readonly y: Float64Array;
  /** Shape (nRows,), positive; undefined means ones. */
  readonly weights: Float64Array | undefined;
}

/** Nonzero values by row; row i is [starts[i], starts[i + 1]). */
export interface SparseRows {
  readonly starts: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float64Array;
}

/** Share of nonzero values, judged by up to 2,000 rows spread over all. */
export function densityOf({ data, nRows, nCols }: Matrix): number {
  const step = Math.max(1, Math.floor(nRows / 2000));
  let [seen, filled] = [0, 0];
  for (let i = 0; i < nRows; i += step) {
    for (let j = 0; j < nCols; j++) if (data[i * nCols + j] !== 0) filled++;
    seen += nCols;
  }
  return seen === 0 ? 1 : filled / seen;
}

export function toSparse({ data, nRows, nCols }: Matrix): SparseRows {
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) count++;
  const starts = new Uint32Array(nRows + 1);
  const columns = new Uint32Array(count);
  const values = new Float64Array(count);
  let at = 0;
  for (let i = 0; i < nRows; i++) {
    for (let j = 0; j < nCols; j++) {
      const v = data[i * nCols + j]!;
      if (v === 0) continue;
      columns[at] = j;
      values[at++] = v;
    }
    starts[i + 1] = at;
  }
  return { starts, columns, values };
}

/** The row that stands for the i-th group of `step` rows: not every step-th, which a period in the data could match. */
export function rowOfGroup(i: number, step: number, nRows: number): number {
  const within = step === 1 ? 0 : (Math.imul(i + 1, 0x9e3779b1) >>> 8) % step;
  return Math.min(nRows - 1, i * step + within);
}

/** Σ weights of n rows. */
export function sumOf(weights: ArrayLike<number> | undefined, n: number): number {
  if (!weights) return n;
  let total = 0;
  for (let i = 0; i < n; i++) total += weights[i]!;
  return total;
}

/** One row of each group of `step`, with its weight scaled so that the total stays. */
export function thin({ X, y, weights }: LabelledRows, step: number): LabelledRows {
  const { nCols } = X;
  const m = Math.ceil(X.nRows / step);
  const data = X.data instanceof Float32Array ? new Float32Array(m * nCols) : new Float64Array(m * nCols);
  const [ys, ws] = [new Float64Array(m), new Float64Array(m)];
  let kept = 0;
  for (let i = 0; i < m; i++) {
    const row = rowOfGroup(i, step, X.nRows);
    data.set(X.data.subarray(row * nCols, (row + 1) * nCols), i * nCols);
    ys[i] = y[row]!;
    kept += ws[i] = weights ? weights[row]! : 1;
  }
  const total = sumOf(weights, X.nRows);
  for (let i = 0; i < m; i++) ws[i]! *= total / kept;
  return { X: { data, nRows: m, nCols }, y: ys, weights: ws };
}
