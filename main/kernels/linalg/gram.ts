import type { Matrix } from '../matrix.ts';

/** Rows handled at a time, so that the accumulators stay in cache while the rows pass. */
const BLOCK = 32;

/**
 * Adds Σ_i v_i a_i a_iᵀ to `out`, shape (q, q), where a_i = [x_i, 1] and q = X.nCols + 1, or a_i = x_i and q = X.nCols
 * when `hasIntercept` is false. Only the lower triangle is written; `mirrorLower` completes it.
 * @param v shape (nRows,); undefined means ones
 */
export function addGram(
  X: Matrix,
  v: Float64Array | undefined,
  out: Float64Array,
  { hasIntercept = true }: { readonly hasIntercept?: boolean } = {},
): void {
  const { data, nRows, nCols: d } = X;
  const q = hasIntercept ? d + 1 : d;
  // Column-major copy of a block: the inner loop is then a dot product along memory.
  const plain = new Float64Array(q * BLOCK);
  const scaled = new Float64Array(q * BLOCK);
  for (let from = 0; from < nRows; from += BLOCK) {
    const count = Math.min(BLOCK, nRows - from);
    if (count < BLOCK) {
      plain.fill(0);
      scaled.fill(0);
    }
    for (let r = 0; r < count; r++) {
      const weight = v === undefined ? 1 : v[from + r]!;
      let at = (from + r) * d;
      for (let j = 0; j < d; j++) {
        const x = data[at++]!;
        plain[j * BLOCK + r] = x;
        scaled[j * BLOCK + r] = x * weight;
      }
      if (!hasIntercept) continue;
      plain[d * BLOCK + r] = 1;
      scaled[d * BLOCK + r] = weight;
    }
    let i = 0;
    for (; i + 1 < q; i += 2) addTwoRows(plain, scaled, i, q, out);
    if (i < q) addRow(plain, scaled, i, q, 0, out);
  }
}

/** Rows i and i + 1 of the product, four columns at a time: eight sums share six loads. */
function addTwoRows(plain: Float64Array, scaled: Float64Array, i: number, q: number, out: Float64Array): void {
  const a = i * BLOCK;
  const upper = i * q;
  const lower = upper + q;
  let j = 0;
  for (; j + 3 <= i; j += 4) {
    const b = j * BLOCK;
    let [s0, s1, s2, s3, t0, t1, t2, t3] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let r = 0; r < BLOCK; r++) {
      const x = plain[a + r]!;
      const y = plain[a + BLOCK + r]!;
      const b0 = scaled[b + r]!;
      const b1 = scaled[b + BLOCK + r]!;
      const b2 = scaled[b + 2 * BLOCK + r]!;
      const b3 = scaled[b + 3 * BLOCK + r]!;
      s0 += x * b0;
      s1 += x * b1;
      s2 += x * b2;
      s3 += x * b3;
      t0 += y * b0;
      t1 += y * b1;
      t2 += y * b2;
      t3 += y * b3;
    }
    out[upper + j]! += s0;
    out[upper + j + 1]! += s1;
    out[upper + j + 2]! += s2;
    out[upper + j + 3]! += s3;
    out[lower + j]! += t0;
    out[lower + j + 1]! += t1;
    out[lower + j + 2]! += t2;
    out[lower + j + 3]! += t3;
  }
  addRow(plain, scaled, i, q, j, out);
  addRow(plain, scaled, i + 1, q, j, out);
}

/** Columns `first` … i of row i. */
function addRow(
  plain: Float64Array,
  scaled: Float64Array,
  i: number,
  q: number,
  first: number,
  out: Float64Array,
): void {
  const a = i * BLOCK;
  for (let j = first; j <= i; j++) {
    const b = j * BLOCK;
    let sum = 0;
    for (let r = 0; r < BLOCK; r++) sum += plain[a + r]! * scaled[b + r]!;
    out[i * q + j]! += sum;
  }
}

/** Copies the lower triangle of A, shape (n, n), to the upper one. */
export function mirrorLower(A: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) A[j * n + i] = A[i * n + j]!;
}
