import { describe, expect, test } from 'vitest';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { applyEnsemble } from '../../../main/kernels/trees/predictor.ts';
import type { Feature, TargetInfo } from '../../../main/models/estimator.ts';
import { gradientBoosting } from '../../../main/models/tree/boosting/entry.ts';
import { FittedBoosting } from '../../../main/models/tree/boosting/fitted.ts';
import { refreshLeaves } from '../../../main/models/tree/refresh.ts';
import { structureParams } from '../../../main/models/tree/structureParams.ts';

const N = 20_000;
const features: Feature[] = [
  { name: 'a', source: 'a', kind: 'number' },
  { name: 'b', source: 'b', kind: 'number' },
  { name: 'c', source: 'c', kind: 'category', nLevels: 5 },
];

/** Rows with gaps and a category, and a target that follows them. */
function rowsFor(nClasses: number, isComplete: boolean) {
  const rng = createRng(nClasses);
  const data = new Float32Array(3 * N);
  const y = new Float64Array(N);
  const w = new Float64Array(N);
  for (let i = 0; i < N; i++) {
    const row = [rng.normal(), rng.normal(), rng.int(5)];
    const f = Math.sin(2 * row[0]!) + row[1]! * (row[2]! - 2) + 0.5 * rng.normal();
    y[i] = nClasses === 1 ? f : Math.max(0, Math.min(nClasses - 1, Math.floor(f + nClasses / 2)));
    if (!isComplete && rng.uniform() < 0.05) row[rng.int(3)] = NaN;
    data.set(row, 3 * i);
    w[i] = rng.int(3);
  }
  const target: TargetInfo =
    nClasses === 1 ? { task: 'regression' } : { task: nClasses === 2 ? 'binary' : 'multiclass', nClasses };
  return { X: { data, nRows: N, nCols: 3 }, y, w, target };
}

/** The Newton steps in plain loops. */
async function slowly(fitted: FittedBoosting, X: ReturnType<typeof rowsFor>['X'], y: Float64Array, w: Float64Array) {
  const { ensemble: e, link, baseline } = fitted;
  const nTrees = e.roots.length - 1;
  const leaves = await applyEnsemble(e, X);
  const values = e.values.slice();
  const scores = Array.from({ length: N }, () => [...baseline]);
  let p: number[][] = [];
  for (let t = 0; t < nTrees; t++) {
    const k = t % e.width;
    if (k === 0) {
      p = scores.map((s) => {
        if (link === 'identity') return [...s];
        if (link === 'sigmoid') return [1 / (1 + Math.exp(-s[0]!))];
        const exps = s.map((v) => Math.exp(v - Math.max(...s)));
        return exps.map((v) => v / exps.reduce((a, b) => a + b, 0));
      });
    }
    const sums = new Map<number, [number, number]>();
    for (let i = 0; i < N; i++) {
      if (w[i] === 0) continue;
      const leaf = leaves[i * nTrees + t]!;
      const at = sums.get(leaf) ?? sums.set(leaf, [0, 0]).get(leaf)!;
      const q = p[i]![k]!;
      at[0] += w[i]! * (q - (link === 'softmax' ? Number(y[i] === k) : y[i]!));
      at[1] += w[i]! * (link === 'identity' ? 1 : q * (1 - q));
    }
    for (const [leaf, [g, h]] of sums) values[leaf] = (-0.2 * g) / (h + 3);
    for (let i = 0; i < N; i++) scores[i]![k]! += values[leaves[i * nTrees + t]!]!;
  }
  return values;
}

const context = (threads: number) => ({ rng: createRng(5), task: quietTask, threads, features });

describe('boosting refreshed on other rows', () => {
  test.each([
    { name: 'two classes, gaps', nClasses: 2, isComplete: false },
    { name: 'two classes, numbers only', nClasses: 2, isComplete: true },
    { name: 'four classes', nClasses: 4, isComplete: false },
    { name: 'regression', nClasses: 1, isComplete: false },
  ])('$name: leaf values are those of plain loops, with any number of threads', async ({ nClasses, isComplete }) => {
    const { X, y, w, target } = rowsFor(nClasses, isComplete);
    const few = { data: X.data.slice(0, 3 * 500), nRows: 500, nCols: 3 };
    const grown = isComplete ? { ...context(1), features: features.slice(0, 2).concat(features[0]!) } : context(1);
    const fitted = await gradientBoosting.make({ maxIter: 6 }).fit(few, y.slice(0, 500), target, grown);
    const options = { task: quietTask, learningRate: 0.2, l2Regularization: 3, sampleWeight: w };
    const [one, two] = (await Promise.all(
      [1, 2].map((threads) => refreshLeaves(fitted, X, y, { ...options, threads })),
    )) as [FittedBoosting, FittedBoosting];
    expect([...two.ensemble.values]).toEqual([...one.ensemble.values]);
    const want = await slowly(fitted as FittedBoosting, X, y, w);
    one.ensemble.values.forEach((v, k) => expect(Math.abs(v - want[k]!)).toBeLessThan(1e-5 * (1 + Math.abs(want[k]!))));
  });

  test('absolute error: leaves are medians of all their residuals', async () => {
    const { X, y, target } = rowsFor(1, true);
    const few = { data: X.data.slice(0, 3 * 500), nRows: 500, nCols: 3 };
    const params = { loss: 'absoluteError', maxIter: 1, learningRate: 1 };
    const fitted = await gradientBoosting.make(params).fit(few, y.slice(0, 500), target, context(1));
    const again = await refreshLeaves(fitted, X, y, { task: quietTask, learningRate: 1, quantile: 0.5 });
    const predicted = await again.predict(X);
    for (const value of new Set(predicted)) {
      const members = [...y.keys()].filter((i) => predicted[i] === value);
      const below = members.filter((i) => y[i]! < value).length / members.length;
      expect(Math.abs(below - 0.5)).toBeLessThan(0.5 / members.length + 1e-9);
    }
  });

  test.each([
    { name: 'a share of 1', share: 1, want: { learningRate: 0.1 } },
    {
      name: 'a twentieth',
      share: 0.05,
      want: { learningRate: 0.35, maxIter: 29, maxLeafNodes: 124, minSamplesLeaf: 3, colsampleByTree: 0.6 },
    },
  ])('parameters of the structure for $name', ({ share, want }) => {
    const found = structureParams('gradientBoosting', { learningRate: 0.1 }, 2000, 2000 / share);
    expect(found).toMatchObject(want);
    expect(structureParams('randomForest', { nEstimators: 7 }, 2000, 2000 / share)).toEqual({ nEstimators: 7 });
  });

  test('parameters of the structure come near the configuration as the coreset has many rows', () => {
    const found = [2500, 7000, 20_000, 90_000].map((m) => structureParams('gradientBoosting', {}, m, 20 * m));
    expect(found[0]).toMatchObject({ maxIter: 29, maxLeafNodes: 124, minSamplesLeaf: 3 });
    expect(found[2]).toMatchObject({ maxIter: 100, maxLeafNodes: 62, minSamplesLeaf: 20 });
    expect(found[2]!['learningRate']).toBeCloseTo(0.1, 12);
    expect(found[3]).toEqual(found[2]);
    expect(found[1]!['maxIter']).toBeGreaterThan(29);
    expect(found[1]!['maxIter']).toBeLessThan(100);
    const fast = structureParams('gradientBoosting', { learningRate: 0.6 }, 20_000, 400_000);
    expect(fast).toMatchObject({ learningRate: 0.6, maxIter: 100 });
  });
});
