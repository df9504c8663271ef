import { expect, test } from 'vitest';
import { matrix } from '../../../../main/kernels/matrix.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import { fitLogistic } from '../../../../main/models/linear/logisticFit.ts';
import { isLastStep } from '../../../../main/models/linear/logistic/smoothSolver.ts';

test('a last step needs a known rate, a good one, and little left after it', () => {
  expect(isLastStep(1e-6, 1e-3, 1e-8)).toBe(true);
  expect(isLastStep(1e-6, Infinity, 1e-8)).toBe(false);
  expect(isLastStep(1e-6, 5e-6, 1e-3)).toBe(false);
  expect(isLastStep(1e-4, 1e-2, 1e-8)).toBe(false);
});

/** 100,000 rows in three columns: scales of 1 and 50 (badly scaled), the third nearly the first, sorted by the first. */
function sortedProblem(n: number) {
  const rng = createRng(5);
  const first = Float64Array.from({ length: n }, () => rng.normal()).sort();
  const data = new Float32Array(3 * n);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    data[3 * i] = first[i]!;
    data[3 * i + 1] = 50 * rng.normal();
    data[3 * i + 2] = first[i]! + 0.05 * rng.normal();
    const z = 2 * data[3 * i]! - 0.03 * data[3 * i + 1]! - 1;
    y[i] = Number(rng.uniform() < 1 / (1 + Math.exp(-z)));
  }
  return { X: matrix(data, n, 3), y };
}

test.each([0, 1])(
  'a fit that starts from samples reaches the objective of one that reads all rows (l1Ratio %d)',
  async (l1Ratio) => {
    const { X, y } = sortedProblem(100_000);
    const fast = await fitLogistic(X, y, undefined, { C: 0.01, l1Ratio });
    const slow = await fitLogistic(X, y, undefined, {
      C: 0.01,
      l1Ratio,
      tol: 1e-7,
      initial: new Float64Array(4),
    });
    expect(fast.isConverged).toBe(true);
    expect(fast.objective / slow.objective - 1).toBeLessThan(1e-6);
    expect(fast.objective / slow.objective - 1).toBeGreaterThan(-1e-6);
    // The objective reported is that of the coefficients reported, also after a step nobody evaluated.
    const [w, b] = [fast.coef, fast.coef[3]!];
    let loss = 0;
    for (let i = 0; i < X.nRows; i++) {
      const z = w[0]! * X.data[3 * i]! + w[1]! * X.data[3 * i + 1]! + w[2]! * X.data[3 * i + 2]! + b;
      loss += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(0, y[i] === 1 ? -z : z);
    }
    const size = [0, 1, 2].reduce((sum, j) => sum + (l1Ratio ? Math.abs(w[j]!) : w[j]! ** 2 / 2), 0);
    expect(fast.objective / (0.01 * loss + size)).toBeCloseTo(1, 6);
  },
);
