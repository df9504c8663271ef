import { eigenSymmetric } from '../../../kernels/linalg/eigen.ts';
import { cholesky, choleskySolve } from '../cholesky.ts';
import type { Moments } from './moments.ts';

/** Pivot, as a share of its diagonal, below which columns count as linear combinations of others. */
const DEPENDENT = 1e-10;
/** Columns up to which dependent ones get the shortest solution; beyond, an almost shortest one. */
const EIGEN_COLUMNS = 400;

/** argmin Σ w (y − xᵀβ)² + alpha ‖β‖²; the shortest one where several exist. Shape (d,). */
export function solveRidge({ gram, xy, d }: Moments, alpha: number): Float64Array {
  const A = gram.slice();
  for (let j = 0; j < d; j++) A[j * d + j]! += alpha;
  if (smallestPivot(A, d) > DEPENDENT) return choleskySolve(cholesky(A, d), d, xy);
  if (d <= EIGEN_COLUMNS) return shortest(A, xy, d);
  let top = 0;
  for (let j = 0; j < d; j++) top = Math.max(top, A[j * d + j]!);
  for (let j = 0; j < d; j++) A[j * d + j]! += 1e-10 * top;
  return choleskySolve(cholesky(A, d), d, xy);
}

/**
 * Smallest pivot of the Cholesky factorisation relative to its diagonal element: how far the most dependent column is from
 * being a combination of those before it. 0 for a constant column.
 */
export function smallestPivot(A: Float64Array, n: number): number {
  const L = new Float64Array(n * n);
  let smallest = 1;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = A[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= L[i * n + k]! * L[j * n + k]!;
      if (j < i) L[i * n + j] = sum / L[j * n + j]!;
      else {
        const share = A[i * n + i]! > 0 ? sum / A[i * n + i]! : 0;
        smallest = Math.min(smallest, share);
        if (share <= DEPENDENT) return smallest;
        L[i * n + i] = Math.sqrt(sum);
      }
    }
  }
  return smallest;
}

function shortest(A: Float64Array, b: Float64Array, d: number): Float64Array {
  const { values, vectors } = eigenSymmetric(A, d);
  const out = new Float64Array(d);
  for (let k = 0; k < d && values[k]! > 1e-12 * values[0]!; k++) {
    let dot = 0;
    for (let j = 0; j < d; j++) dot += vectors[k * d + j]! * b[j]!;
    for (let j = 0; j < d; j++) out[j]! += (dot / values[k]!) * vectors[k * d + j]!;
  }
  return out;
}
