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
    for (let i = 0; i < q; i++) addRow(plain, scaled, i, q, out);
  }
}

function addRow(plain: Float64Array, scaled: Float64Array, i: number, q: number, out: Float64Array): void {
  const a = i * BLOCK;
  for (let j = 0; j <= i; j++) {
    const b = j * BLOCK;
    // Four sums break the chain of dependent additions.
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let r = 0; r < BLOCK; r += 4) {
      s0 += plain[a + r]! * scaled[b + r]!;
      s1 += plain[a + r + 1]! * scaled[b + r + 1]!;
      s2 += plain[a + r + 2]! * scaled[b + r + 2]!;
      s3 += plain[a + r + 3]! * scaled[b + r + 3]!;
    }
    out[i * q + j]! += s0 + s1 + (s2 + s3);
  }
}

/** Copies the lower triangle of A, shape (n, n), to the upper one. */
export function mirrorLower(A: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) A[j * n + i] = A[i * n + j]!;
}
