/** Eigenvalues, largest first, and unit eigenvectors as rows, of a symmetric matrix. */
export interface Eigen {
  readonly values: Float64Array;
  /** Shape (d, d): row k belongs to values[k]. */
  readonly vectors: Float64Array;
}

/**
 * Cyclic Jacobi rotations on a symmetric matrix, shape (d, d): slow for large d, accurate to the last digits.
 * Golub & Van Loan, Matrix Computations, 8.5.
 */
export function symmetricEigen(A: Float64Array, d: number): Eigen {
  const a = A.slice();
  const v = new Float64Array(d * d);
  for (let i = 0; i < d; i++) v[i * d + i] = 1;
  const norm = Math.sqrt(a.reduce((s, x) => s + x * x, 0));
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < d; p++) for (let q = p + 1; q < d; q++) off += a[p * d + q]! ** 2;
    if (Math.sqrt(off) <= 1e-15 * norm) break;
    for (let p = 0; p < d; p++) {
      for (let q = p + 1; q < d; q++) rotate(a, v, d, p, q);
    }
  }
  const order = Array.from({ length: d }, (_, i) => i).sort((i, j) => a[j * d + j]! - a[i * d + i]!);
  const vectors = new Float64Array(d * d);
  order.forEach((i, k) => vectors.set(v.subarray(i * d, i * d + d), k * d));
  return { values: Float64Array.from(order, (i) => a[i * d + i]!), vectors };
}

function rotate(a: Float64Array, v: Float64Array, d: number, p: number, q: number): void {
  const apq = a[p * d + q]!;
  if (Math.abs(apq) < 1e-300) return;
  const theta = (a[q * d + q]! - a[p * d + p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < d; k++) {
    const [akp, akq] = [a[k * d + p]!, a[k * d + q]!];
    a[k * d + p] = c * akp - s * akq;
    a[k * d + q] = s * akp + c * akq;
  }
  for (let k = 0; k < d; k++) {
    const [apk, aqk] = [a[p * d + k]!, a[q * d + k]!];
    a[p * d + k] = c * apk - s * aqk;
    a[q * d + k] = s * apk + c * aqk;
    const [vp, vq] = [v[p * d + k]!, v[q * d + k]!];
    v[p * d + k] = c * vp - s * vq;
    v[q * d + k] = s * vp + c * vq;
  }
}
