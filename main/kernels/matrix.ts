/** Dense row-major matrix, shape (nRows, nCols); row i starts at `i * nCols`. */
export interface Matrix {
  readonly data: Float32Array | Float64Array;
  readonly nRows: number;
  readonly nCols: number;
}

/** Wraps `data`, shape (nRows, nCols); throws RangeError when its length does not fit. */
export function matrix(data: Float32Array | Float64Array, nRows: number, nCols: number): Matrix {
  if (data.length !== nRows * nCols) {
    throw new RangeError(`matrix: ${data.length} values do not fill shape (${nRows}, ${nCols})`);
  }
  return { data, nRows, nCols };
}

/** Copy of the rows named by `rows`, shape (rows.length, nCols); the element type is kept. */
export function takeRows(X: Matrix, rows: ArrayLike<number>): Matrix {
  const { nCols, data } = X;
  const out =
    data instanceof Float32Array ? new Float32Array(rows.length * nCols) : new Float64Array(rows.length * nCols);
  // Value by value: a view for each short row takes several times as long.
  for (let k = 0, to = 0; k < rows.length; k++) {
    const from = rows[k]! * nCols;
    for (let j = 0; j < nCols; j++) out[to++] = data[from + j]!;
  }
  return { data: out, nRows: rows.length, nCols };
}

/** Copy of `values[rows]`, shape (rows.length,). */
export function takeValues(values: Float64Array, rows: ArrayLike<number>): Float64Array {
  const out = new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) out[k] = values[rows[k]!]!;
  return out;
}
