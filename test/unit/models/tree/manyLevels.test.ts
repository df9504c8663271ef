import { describe, expect, test } from 'vitest';
import { matrix, takeRows, takeValues } from '../../../../main/kernels/matrix.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import { CATEGORY, type Ensemble } from '../../../../main/kernels/trees/ensemble.ts';
import type { Feature } from '../../../../main/models/estimator.ts';
import { gradientBoosting } from '../../../../main/models/tree/boosting/entry.ts';
import { categoryLevels } from '../../../../main/models/tree/features.ts';
import { randomForest } from '../../../../main/models/tree/forest/entry.ts';
import { context } from './data.ts';

const featuresOf = (nLevels: number): Feature[] => [
  { name: 'size', source: 'size', kind: 'number' },
  { name: 'zone', source: 'zone', kind: 'category', nLevels },
];

/** A number that decides, a category of `nLevels` that has nothing to do with it, and heavy noise. */
function rowsOf(n: number, nLevels: number) {
  const rng = createRng(12);
  const data = new Float32Array(2 * n);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    data[2 * i] = rng.normal();
    data[2 * i + 1] = rng.int(nLevels);
    y[i] = 2 * data[2 * i]! + 2 * rng.normal();
  }
  return { X: matrix(data, n, 2), y };
}

const hasSets = ({ ensemble }: { readonly ensemble: Ensemble }): boolean =>
  ensemble.flags.some((flags) => (flags & CATEGORY) !== 0);

describe.each([
  ['a forest', randomForest, { nEstimators: 20 }],
  ['boosting', gradientBoosting, { maxIter: 50 }],
] as const)('%s', (_name, entry, params) => {
  const fit = async (X: ReturnType<typeof matrix>, y: Float64Array, nLevels: number) =>
    (await entry
      .make(params)
      .fit(X, y, { task: 'regression' }, context({ features: featuresOf(nLevels) }))) as never as {
      readonly ensemble: Ensemble;
      predict(X: ReturnType<typeof matrix>): Promise<Float64Array>;
    };

  test('splits few levels into sets, and many of a few rows by their codes, which fits their noise less', async () => {
    const few = rowsOf(600, 12);
    expect(hasSets(await fit(few.X, few.y, 12))).toBe(true);
    const { X, y } = rowsOf(2400, 120);
    const [train, test] = [
      Uint32Array.from({ length: 1200 }, (_, i) => i),
      Uint32Array.from({ length: 1200 }, (_, i) => 1200 + i),
    ];
    const model = await fit(takeRows(X, train), takeValues(y, train), 120);
    expect(hasSets(model)).toBe(false);
    const predicted = await model.predict(takeRows(X, test));
    const truth = takeValues(y, test);
    const mse = predicted.reduce((sum, v, i) => sum + (v - truth[i]!) ** 2, 0) / truth.length;
    // The noise alone is 4. By codes they reach 5.4 and 4.6, by sets of zones 7.1 and 6.5.
    expect(mse).toBeLessThan(entry === randomForest ? 6 : 5.2);
  });
});

test.each([
  { nLevels: 32, nRows: 10, rowsPerLevel: Infinity, want: 32 },
  { nLevels: 33, nRows: 1e9, rowsPerLevel: Infinity, want: undefined },
  { nLevels: 200, nRows: 20_000, rowsPerLevel: 100, want: 200 },
  { nLevels: 200, nRows: 19_000, rowsPerLevel: 100, want: undefined },
])('$nLevels levels in $nRows rows', ({ nLevels, nRows, rowsPerLevel, want }) => {
  expect(categoryLevels(2, featuresOf(nLevels), nRows, rowsPerLevel)).toEqual([undefined, want]);
});
