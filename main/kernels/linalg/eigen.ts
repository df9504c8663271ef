/** Eigenvalues, largest first, and unit eigenvectors as rows, of a symmetric matrix. */
export interface Eigen {
  readonly values: Float64Array;
  /** Shape (n, n): row k belongs to values[k]. */
  readonly vectors: Float64Array;
}

/**
 * All eigenvalues and eigenvectors of a symmetric matrix A, shape (n, n): Householder tridiagonalisation, then implicit
 * QL (Bowdler, Martin, Reinsch & Wilkinson 1968, tred2 and tql2). A is kept. Throws RangeError when A is not finite.
 */
export function eigenSymmetric(A: Float64Array, n: number): Eigen {
  for (const x of A) if (!Number.isFinite(x)) throw new RangeError('eigenSymmetric: a value is not finite');
  // Works on the transposed vectors: rows of V are what tred2 calls columns, so that the hot loops run along memory.
  const V = A.slice();
  const d = new Float64Array(n);
  const e = new Float64Array(n);
  tridiagonalise(V, d, e, n);
  diagonalise(V, d, e, n);
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => d[b]! - d[a]! || a - b);
  const vectors = new Float64Array(n * n);
  order.forEach((from, k) => vectors.set(V.subarray(from * n, from * n + n), k * n));
  return { values: Float64Array.from(order, (i) => d[i]!), vectors };
}

/** V[j * n + i] is element (i, j) of the classical algorithm. */
function tridiagonalise(V: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) d[j] = V[j * n + n - 1]!;
  for (let i = n - 1; i > 0; i--) {
    let scale = 0;
    let h = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(d[k]!);
    if (scale === 0) {
      e[i] = d[i - 1]!;
      for (let j = 0; j < i; j++) {
        d[j] = V[j * n + i - 1]!;
        V[j * n + i] = 0;
        V[i * n + j] = 0;
      }
    } else {
      for (let k = 0; k < i; k++) {
        d[k]! /= scale;
        h += d[k]! * d[k]!;
      }
      let f = d[i - 1]!;
      let g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h);
      e[i] = scale * g;
      h -= f * g;
      d[i - 1] = f - g;
      e.fill(0, 0, i);
      for (let j = 0; j < i; j++) {
        f = d[j]!;
        V[i * n + j] = f;
        const col = j * n;
        g = e[j]! + V[col + j]! * f;
        for (let k = j + 1; k <= i - 1; k++) {
          g += V[col + k]! * d[k]!;
          e[k]! += V[col + k]! * f;
        }
        e[j] = g;
      }
      f = 0;
      for (let j = 0; j < i; j++) {
        e[j]! /= h;
        f += e[j]! * d[j]!;
      }
      const hh = f / (h + h);
      for (let j = 0; j < i; j++) e[j]! -= hh * d[j]!;
      for (let j = 0; j < i; j++) {
        f = d[j]!;
        g = e[j]!;
        const col = j * n;
        for (let k = j; k <= i - 1; k++) V[col + k]! -= f * e[k]! + g * d[k]!;
        d[j] = V[col + i - 1]!;
        V[col + i] = 0;
      }
    }
    d[i] = h;
  }
  for (let i = 0; i < n - 1; i++) {
    V[i * n + n - 1] = V[i * n + i]!;
    V[i * n + i] = 1;
    const h = d[i + 1]!;
    const next = (i + 1) * n;
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = V[next + k]! / h;
      for (let j = 0; j <= i; j++) {
        let g = 0;
        const col = j * n;
        for (let k = 0; k <= i; k++) g += V[next + k]! * V[col + k]!;
        for (let k = 0; k <= i; k++) V[col + k]! -= g * d[k]!;
      }
    }
    for (let k = 0; k <= i; k++) V[next + k] = 0;
  }
  for (let j = 0; j < n; j++) {
    d[j] = V[j * n + n - 1]!;
    V[j * n + n - 1] = 0;
  }
  V[n * n - 1] = 1;
  e[0] = 0;
}

function diagonalise(V: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  let f = 0;
  let largest = 0;
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(d[l]!) + Math.abs(e[l]!));
    let m = l;
    while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * largest) m++;
    let left = m > l ? 100 : 0;
    while (left-- > 0 && Math.abs(e[l]!) > Number.EPSILON * largest) {
      let g = d[l]!;
      let p = (d[l + 1]! - g) / (2 * e[l]!);
      let r = Math.hypot(p, 1) * (p < 0 ? -1 : 1);
      d[l] = e[l]! / (p + r);
      d[l + 1] = e[l]! * (p + r);
      const dl1 = d[l + 1]!;
      const h = g - d[l]!;
      for (let i = l + 2; i < n; i++) d[i]! -= h;
      f += h;
      p = d[m]!;
      let [c, c2, c3] = [1, 1, 1];
      const el1 = e[l + 1]!;
      let [s, s2] = [0, 0];
      for (let i = m - 1; i >= l; i--) {
        c3 = c2;
        c2 = c;
        s2 = s;
        g = c * e[i]!;
        const ch = c * p;
        r = Math.hypot(p, e[i]!);
        e[i + 1] = s * r;
        s = e[i]! / r;
        c = p / r;
        p = c * d[i]! - s * g;
        d[i + 1] = ch + s * (c * g + s * d[i]!);
        rotateRows(V, i * n, (i + 1) * n, n, c, s);
      }
      p = (-s * s2 * c3 * el1 * e[l]!) / dl1;
      e[l] = s * p;
      d[l] = c * p;
    }
    d[l]! += f;
    e[l] = 0;
  }
}

function rotateRows(V: Float64Array, a: number, b: number, n: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    const h = V[b + k]!;
    const x = V[a + k]!;
    V[b + k] = s * x + c * h;
    V[a + k] = c * x - s * h;
  }
}
