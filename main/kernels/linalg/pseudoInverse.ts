import { eigenSymmetric } from './eigen.ts';

/**
 * A root of the pseudo-inverse of a symmetric positive semi-definite matrix A, shape (n, n): W of shape (rank, n), by
 * rows, with A⁺ = Wᵀ W, so that xᵀ A⁺ x = ‖W x‖². Eigenvalues below `cutoff` of the largest count as zero: constant and
 * collinear features drop out instead of failing.
 */
export function pseudoInverseRoot(A: Float64Array, n: number, cutoff = 1e-9): { W: Float64Array; rank: number } {
  const { values, vectors } = eigenSymmetric(A, n);
  const least = cutoff * (values[0] ?? 0);
  let rank = 0;
  while (rank < n && values[rank]! > least && values[rank]! > 0) rank++;
  const W = vectors.slice(0, rank * n);
  for (let k = 0; k < rank; k++) {
    const scale = 1 / Math.sqrt(values[k]!);
    for (let j = 0; j < n; j++) W[k * n + j]! *= scale;
  }
  return { W, rank };
}
