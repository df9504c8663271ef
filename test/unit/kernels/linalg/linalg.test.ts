import { describe, expect, test } from 'vitest';
import { choleskyFactor, choleskySolve, solveDefinite } from '../../../../main/kernels/linalg/cholesky.ts';
import { eigenSymmetric } from '../../../../main/kernels/linalg/eigen.ts';
import { addGram, mirrorLower } from '../../../../main/kernels/linalg/gram.ts';
import { flooredInverseRoot } from '../../../../main/kernels/linalg/inverseRoot.ts';
import { createRng } from '../../../../main/kernels/rng.ts';

/** B Bᵀ for a random B, shape (n, rank). */
function randomGram(n: number, rank: number, seed: number): Float64Array {
  const rng = createRng(seed);
  const B = Float64Array.from({ length: n * rank }, () => rng.normal());
  const A = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) for (let k = 0; k < rank; k++) A[i * n + j]! += B[i * rank + k]! * B[j * rank + k]!;
  return A;
}

const multiply = (A: Float64Array, x: Float64Array, n: number) =>
  Float64Array.from({ length: n }, (_, i) => x.reduce((s, v, j) => s + A[i * n + j]! * v, 0));

const sizes = [1, 2, 3, 7, 20, 61];

describe('eigenSymmetric', () => {
  test.each(sizes)('A v = λ v, unit and orthogonal, largest first; n = %i', (n) => {
    const A = randomGram(n, n + 2, n);
    const { values, vectors } = eigenSymmetric(A, n);
    expect([...values]).toEqual([...values].sort((a, b) => b - a));
    for (let k = 0; k < n; k++) {
      const v = vectors.slice(k * n, k * n + n);
      const Av = multiply(A, v, n);
      for (let i = 0; i < n; i++) expect(Av[i]!).toBeCloseTo(values[k]! * v[i]!, 8);
      for (let l = 0; l <= k; l++) {
        const dot = v.reduce((s, x, i) => s + x * vectors[l * n + i]!, 0);
        expect(dot).toBeCloseTo(l === k ? 1 : 0, 10);
      }
    }
  });

  test('a zero matrix and one that is not finite', () => {
    expect([...eigenSymmetric(new Float64Array(9), 3).values]).toEqual([0, 0, 0]);
    expect(() => eigenSymmetric(new Float64Array([NaN]), 1)).toThrow(RangeError);
  });
});

describe('cholesky', () => {
  test.each(sizes)('solves; n = %i', (n) => {
    const A = randomGram(n, n + 5, n + 100);
    const x = Float64Array.from({ length: n }, (_, i) => i - 2.5);
    const b = multiply(A, x, n);
    const L = A.slice();
    expect(choleskyFactor(L, n)).toBe(true);
    choleskySolve(L, n, b);
    for (let i = 0; i < n; i++) expect(b[i]!).toBeCloseTo(x[i]!, 7);
  });

  test('says when A is singular, and solveDefinite gets by', () => {
    const A = randomGram(6, 2, 5);
    expect(choleskyFactor(A.slice(), 6)).toBe(false);
    const b = multiply(A, new Float64Array([1, 2, 3, 4, 5, 6]), 6);
    const back = multiply(A, solveDefinite(A, 6, b), 6);
    for (let i = 0; i < 6; i++) expect(back[i]!).toBeCloseTo(b[i]!, 5);
  });
});

test.each([
  { n: 5, rank: 5 },
  { n: 8, rank: 3 },
])('flooredInverseRoot: A W ᵀW A = A, n = $n, rank = $rank', ({ n, rank }) => {
  const A = randomGram(n, rank, 9);
  const W = flooredInverseRoot(A, n);
  for (let j = 0; j < n; j++) {
    const column = Float64Array.from({ length: n }, (_, i) => A[i * n + j]!);
    const inner = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      const dot = column.reduce((s, x, i) => s + W[k * n + i]! * x, 0);
      for (let i = 0; i < n; i++) inner[i]! += dot * W[k * n + i]!;
    }
    const back = multiply(A, inner, n);
    for (let i = 0; i < n; i++) expect(back[i]!).toBeCloseTo(column[i]!, 8);
  }
});

test('flooredInverseRoot: where A has nothing, a vector is far out', () => {
  const W = flooredInverseRoot(Float64Array.from([4, 0, 0, 0]), 2);
  const form = (x: number, y: number) => (W[0]! * x + W[1]! * y) ** 2 + (W[2]! * x + W[3]! * y) ** 2;
  expect(form(2, 0)).toBeCloseTo(1, 12);
  expect(form(0, 2)).toBeCloseTo(1e9, -3);
});

test.each([1, 31, 32, 100])('addGram equals the plain sum, %i rows', (n) => {
  const rng = createRng(n);
  const d = 5;
  const data = Float32Array.from({ length: n * d }, () => rng.normal());
  const v = Float64Array.from({ length: n }, () => rng.uniform());
  const out = new Float64Array(36);
  addGram({ data, nRows: n, nCols: d }, v, out);
  mirrorLower(out, 6);
  const a = (i: number, j: number) => (j === d ? 1 : data[i * d + j]!);
  for (let j = 0; j < 6; j++)
    for (let k = 0; k < 6; k++) {
      let want = 0;
      for (let i = 0; i < n; i++) want += v[i]! * a(i, j) * a(i, k);
      expect(out[j * 6 + k]!).toBeCloseTo(want, 9);
    }
});
