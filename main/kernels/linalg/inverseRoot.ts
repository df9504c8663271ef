import { eigenSymmetric } from './eigen.ts';

/**
 * A root W, shape (n, n), of the inverse of a symmetric positive semi-definite matrix A, shape (n, n), whose eigenvalues
 * below `floor` of the largest count as that floor: A⁻¹ = Wᵀ W and xᵀ A⁻¹ x = ‖W x‖². Constant and collinear features do
 * not fail, and a vector that points where A has nothing is seen to be far out (a pseudo-inverse would call it ordinary).
 */
export function flooredInverseRoot(A: Float64Array, n: number, floor = 1e-9): Float64Array {
  const { values, vectors: W } = eigenSymmetric(A, n);
  const least = Math.max(floor * (values[0] ?? 0), Number.MIN_VALUE);
  for (let k = 0; k < n; k++) {
    const scale = 1 / Math.sqrt(Math.max(values[k]!, least));
    for (let j = 0; j < n; j++) W[k * n + j]! *= scale;
  }
  return W;
}
