/**
 * Factors the symmetric matrix A, shape (n, n), in place into its lower triangle L with L Lᵀ = A; the strict upper
 * triangle is left alone. Zeros before the first value of a row stay zeros and cost nothing, so matrices of blocks are
 * factored block by block. Returns false (A is then spoilt) when A is not positive definite to working precision.
 */
export function choleskyFactor(A: Float64Array, n: number): boolean {
  const first = envelope(A, n);
  for (let j = 0; j < n; j++) {
    const rowJ = j * n;
    let pivot = A[rowJ + j]!;
    const whole = pivot;
    for (let k = first[j]!; k < j; k++) pivot -= A[rowJ + k]! * A[rowJ + k]!;
    if (!(pivot > 1e-14 * whole) || !(pivot > 0)) return false;
    const root = Math.sqrt(pivot);
    A[rowJ + j] = root;
    const inverse = 1 / root;
    for (let i = j + 1; i < n; i++) {
      if (first[i]! > j) continue;
      const rowI = i * n;
      let sum = A[rowI + j]!;
      for (let k = Math.max(first[i]!, first[j]!); k < j; k++) sum -= A[rowI + k]! * A[rowJ + k]!;
      A[rowI + j] = sum * inverse;
    }
  }
  return true;
}

/** Column of the first value that is not zero in each row of a lower triangle, shape (n,). */
export function envelope(L: Float64Array, n: number): Uint32Array {
  const first = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    let k = 0;
    while (k < i && L[i * n + k] === 0) k++;
    first[i] = k;
  }
  return first;
}

/**
 * Solves L Lᵀ x = b in place, `L` from `choleskyFactor`, b shape (n,).
 * @param first `envelope(L, n)`, for those who solve often
 */
export function choleskySolve(L: Float64Array, n: number, b: Float64Array, first = envelope(L, n)): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    const row = i * n;
    for (let k = first[i]!; k < i; k++) sum -= L[row + k]! * b[k]!;
    b[i] = sum / L[row + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    const x = b[i]! / L[i * n + i]!;
    b[i] = x;
    const row = i * n;
    for (let k = first[i]!; k < i; k++) b[k]! -= L[row + k]! * x;
  }
}

/**
 * Solves A x = b for a symmetric A, shape (n, n), that should be positive definite: a growing multiple of its largest
 * diagonal element is added until it is. A is kept; returns x.
 */
export function solveDefinite(A: Float64Array, n: number, b: Float64Array): Float64Array {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, A[i * n + i]!);
  for (let shift = 0; ; shift = shift === 0 ? 1e-12 : shift * 100) {
    const L = A.slice();
    for (let i = 0; i < n; i++) L[i * n + i]! += shift * (largest || 1);
    if (choleskyFactor(L, n)) {
      const x = b.slice();
      choleskySolve(L, n, x);
      return x;
    }
    if (shift > 1e6) throw new RangeError('solveDefinite: the matrix holds values that are not finite');
  }
}
