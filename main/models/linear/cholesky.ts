/**
 * Lower Cholesky factor of the symmetric `A`, shape (n, n), in place of a copy. A pivot that rounding made too small is
 * lifted, which damps steps along directions that the data do not determine.
 */
export function cholesky(A: Float64Array, n: number): Float64Array {
  const L = A.slice();
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(A[i * n + i]!));
  const floor = Math.max(largest, 1e-300) * 1e-13;
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j <= i; j++) {
      const other = j * n;
      let sum = L[row + j]!;
      for (let k = 0; k < j; k++) sum -= L[row + k]! * L[other + k]!;
      if (j < i) L[row + j] = sum / L[other + j]!;
      else L[row + i] = Math.sqrt(sum > floor ? sum : largest * 1e-8 + floor);
    }
    L.fill(0, row + i + 1, row + n);
  }
  return L;
}

/** x with L Lᵀ x = b, shape (n,). */
export function choleskySolve(L: Float64Array, n: number, b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= L[i * n + k]! * x[k]!;
    x[i] = sum / L[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    const v = x[i]! / L[i * n + i]!;
    x[i] = v;
    for (let k = 0; k < i; k++) x[k]! -= L[i * n + k]! * v;
  }
  return x;
}
