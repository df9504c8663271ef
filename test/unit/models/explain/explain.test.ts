// oxlint-disable vitest/no-conditional-expect -- one table holds cases with different expectations
import { describe, expect, test } from 'vitest';
import { matrix } from '../../../../main/kernels/matrix.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import type { Table } from '../../../../main/kernels/table.ts';
import { quietTask } from '../../../../main/kernels/task.ts';
import { LEAF, type Ensemble } from '../../../../main/kernels/trees/ensemble.ts';
import { curveAdvice, learningCurve } from '../../../../main/models/explain/learningCurve.ts';
import { impurityImportance } from '../../../../main/models/explain/impurity.ts';
import { linearShap } from '../../../../main/models/explain/linearShap.ts';
import { partialDependence } from '../../../../main/models/explain/partialDependence.ts';
import { permutationImportance } from '../../../../main/models/explain/permutation.ts';
import { shapTables } from '../../../../main/models/explain/treePaths.ts';
import { treeShap } from '../../../../main/models/explain/treeShap.ts';
import type { FittedBoosting } from '../../../../main/models/tree/boosting/fitted.ts';
import type { FittedForest } from '../../../../main/models/tree/forest/fitted.ts';
import { gradientBoosting } from '../../../../main/models/tree/boosting/entry.ts';
import { randomForest } from '../../../../main/models/tree/forest/entry.ts';
import { refreshLeaves } from '../../../../main/models/tree/refresh.ts';
import { context, problem } from '../tree/data.ts';

/** Shapley values by all subsets: the game is the cover-weighted expectation of the trees given the features in the set. */
function bruteForce(e: Ensemble, x: ArrayLike<number>, output: number, scale: number): number[] {
  const goesLeft = (k: number) => {
    const v = Math.fround(x[e.feature[k]!]!);
    if (Number.isNaN(v)) return (e.flags[k]! & 1) === 1;
    if (!(e.flags[k]! & 2)) return v <= e.threshold[k]!;
    const at = e.categoryAt[k]!;
    if (v >= e.categories[at]!) return e.categories[at + 1] === 1;
    return ((e.categories[at + 2 + (v >> 5)]! >>> (v & 31)) & 1) === 1;
  };
  const expect_ = (k: number, known: number): number => {
    if (e.flags[k]! & LEAF) return e.values[k * e.nOut + (e.nOut === 1 ? 0 : output)]! * scale;
    const [l, r] = [e.left[k]!, e.right[k]!];
    if ((known >> e.feature[k]!) & 1) return expect_(goesLeft(k) ? l : r, known);
    return (expect_(l, known) * e.cover[l]! + expect_(r, known) * e.cover[r]!) / e.cover[k]!;
  };
  const d = e.nFeatures;
  const game = Array.from({ length: 2 ** d }, (_, set) => {
    let sum = 0;
    for (let t = 0; t + 1 < e.roots.length; t++)
      if (e.nOut > 1 || t % e.width === output) sum += expect_(e.roots[t]!, set);
    return sum;
  });
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return Array.from({ length: d }, (_, f) => {
    let phi = 0;
    for (let set = 0; set < 2 ** d; set++) {
      if ((set >> f) & 1) continue;
      const size = set.toString(2).replaceAll('0', '').length;
      phi += ((factorial(size) * factorial(d - size - 1)) / factorial(d)) * (game[set | (1 << f)]! - game[set]!);
    }
    return phi;
  });
}

describe('TreeSHAP', () => {
  const p = problem('multiclass', 400, 2);
  const rows = matrix(p.X.data.slice(0, 60), 10, 6);
  test.each([
    { name: 'boosting', entry: gradientBoosting, params: { maxIter: 5, minSamplesLeaf: 3 }, scale: 1 },
    { name: 'a forest', entry: randomForest, params: { nEstimators: 4, maxDepth: 7 }, scale: 0.25 },
  ])('of $name equals Shapley values over all subsets', async ({ entry, params, scale }) => {
    const fitted = (await entry
      .make(params)
      .fit(p.X, p.y, p.target, context({ features: p.features }))) as FittedBoosting;
    for (let output = 0; output < 3; output++) {
      const { values } = await treeShap(fitted.ensemble, rows, output, scale);
      for (let i = 0; i < 10; i++) {
        const want = bruteForce(fitted.ensemble, rows.data.subarray(6 * i, 6 * i + 6), output, scale);
        want.forEach((v, f) => expect(values[6 * i + f]).toBeCloseTo(v, 10));
      }
    }
  });

  test('of paths with more than eight features equals Shapley values and adds up', async () => {
    const rng = createRng(3);
    const d = 11;
    const X = matrix(
      Float64Array.from({ length: 600 * d }, () => rng.int(2)),
      600,
      d,
    );
    const y = Float64Array.from(
      { length: 600 },
      (_, i) => Array.from(X.data.subarray(i * d, i * d + d)).reduce((a, b, j) => a + b * (j + 1), 0) ** 2,
    );
    const fitted = (await gradientBoosting
      .make({ maxIter: 2, maxLeafNodes: 200, minSamplesLeaf: 1 })
      .fit(X, y, { task: 'regression' }, context())) as FittedBoosting;
    const few = matrix(X.data.slice(0, 3 * d), 3, d);
    const { values, base } = await treeShap(fitted.ensemble, few);
    const raw = await fitted.rawScores(few);
    for (let i = 0; i < 3; i++) {
      const want = bruteForce(fitted.ensemble, few.data.subarray(i * d, i * d + d), 0, 1);
      want.forEach((v, f) => expect(values[i * d + f]! - v).toBeCloseTo(0, 6));
      const sum = values.subarray(i * d, i * d + d).reduce((a, b) => a + b, base + fitted.baseline[0]!);
      expect(sum / raw[i]!).toBeCloseTo(1, 10);
    }
  });
});

test('TreeSHAP of a deep forest, whose tables come in batches, adds up to its predictions', async () => {
  const rng = createRng(4);
  const [n, d] = [3000, 8];
  const X = matrix(
    Float32Array.from({ length: n * d }, () => rng.normal()),
    n,
    d,
  );
  const y = Float64Array.from({ length: n }, (_, i) => X.data[i * d]! * X.data[i * d + 1]! + rng.normal());
  const fitted = (await randomForest
    .make({ nEstimators: 6 })
    .fit(X, y, { task: 'regression' }, context())) as FittedForest;
  expect([...shapTables(fitted.ensemble, 0, 1)].length).toBeGreaterThan(3);
  const rows = matrix(X.data.slice(0, 5 * d), 5, d);
  const { values, base } = await treeShap(fitted.ensemble, rows, 0, 1 / 6);
  const predicted = await fitted.predict(rows);
  for (let i = 0; i < 5; i++) {
    const sum = values.subarray(i * d, i * d + d).reduce((a, b) => a + b, base + fitted.offset);
    expect(sum).toBeCloseTo(predicted[i]!, 6);
  }
});

test('linear SHAP adds up to the score', () => {
  const X = matrix(Float64Array.of(1, 2, 3, 4), 2, 2);
  const { values, base } = linearShap(Float64Array.of(2, -1), 5, Float64Array.of(0.5, 1), X);
  expect(base).toBe(5);
  expect([...values]).toEqual([1, -1, 5, -3]);
});

const table = (n: number): Table => {
  const rng = createRng(6);
  return {
    nRows: n,
    columns: [
      { kind: 'number', name: 'a', values: Float64Array.from({ length: n }, () => rng.normal()) },
      { kind: 'number', name: 'noise', values: Float64Array.from({ length: n }, () => rng.normal()) },
      { kind: 'category', name: 'c', codes: Int32Array.from({ length: n }, () => rng.int(3)), levels: ['x', 'y', 'z'] },
    ],
  };
};
const predict = async ({ nRows, columns: [a, , c] }: Table) =>
  Float64Array.from({ length: nRows }, (_, i) => {
    if (a?.kind !== 'number' || c?.kind !== 'category') throw new Error('columns');
    return a.values[i]! ** 2 + 10 * c.codes[i]!;
  });

describe('questions about any model', () => {
  const data = table(400);

  test('permutation importance ranks columns, with intervals, and finds no use in noise', async () => {
    const truth = await predict(data);
    const score = async (t: Table) => {
      const predicted = await predict(t);
      return -predicted.reduce((sum, v, i) => sum + (v - truth[i]!) ** 2, 0) / truth.length;
    };
    const items = await permutationImportance(data, ['noise', 'a', 'c'], score, {
      nRepeats: 5,
      rng: createRng(1),
      task: quietTask,
    });
    expect(items.map((i) => i.feature)).toEqual(['c', 'a', 'noise']);
    expect(items[2]).toEqual({ feature: 'noise', value: 0, low: 0, high: 0 });
    expect(items[0]!.low).toBeLessThan(items[0]!.value);
    expect(items[0]!.low).toBeGreaterThan(items[1]!.high!);
  });

  test('partial dependence of a number and of a category', async () => {
    const options = { nRows: 200, nGrid: 15, nIce: 20, rng: createRng(1), task: quietTask };
    const a = await partialDependence(data, 'a', predict, options);
    expect(a.ice).toHaveLength(20);
    expect(a.deciles).toHaveLength(9);
    a.x.forEach((v, k) => expect(a.mean[k]! - a.mean[0]!).toBeCloseTo(Number(v) ** 2 - Number(a.x[0]) ** 2, 9));
    const c = await partialDependence(data, 'c', predict, options);
    const at = (level: string) => c.mean[c.x.indexOf(level)]!;
    expect(at('z') - at('x')).toBeCloseTo(20, 9);
  });

  test('learning curve and what it advises', async () => {
    const points = await learningCurve(
      [400, 100, 200],
      3,
      async (n, k) => ({ train: 1, validation: 0.7 + n / 4000 + k / 1e4 }),
      quietTask,
    );
    expect(points.map((p) => p.nRows)).toEqual([100, 200, 400]);
    expect(points[0]).toMatchObject({ low: 0.725, train: 1 });
    const advice = curveAdvice(points, 'gradientBoosting').join(' ');
    expect(advice).toContain('More rows would help');
    expect(advice).toContain('maxLeafNodes');
    expect(
      curveAdvice(
        points.map((p) => ({ ...p, train: 0.8, validation: 0.8, low: 0.8, high: 0.8 })),
        'x',
      ).join(' '),
    ).toContain('levelled off');
  });
});

test('impurity importances add up to 1 and favour what matters', async () => {
  const p = problem('regression', 1000, 8);
  const fitted = (await randomForest
    .make({ nEstimators: 10 })
    .fit(p.X, p.y, p.target, context({ features: p.features }))) as FittedForest;
  const shares = impurityImportance(fitted.ensemble);
  expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  expect(shares.indexOf(Math.min(...shares))).toBe(5);
});

describe('leaves refitted on other rows', () => {
  test.each(['binary', 'multiclass', 'regression'] as const)(
    'the same rows give the same boosted model, %s',
    async (task) => {
      const p = problem(task, 600, 12);
      const fitted = await gradientBoosting
        .make({ maxIter: 10 })
        .fit(p.X, p.y, p.target, context({ features: p.features }));
      const again = await refreshLeaves(fitted, p.X, p.y, { task: quietTask });
      const [a, b] = await Promise.all(
        [fitted, again].map(async (f) => (task === 'regression' ? f.predict(p.X) : (await f.predictProba(p.X)).data)),
      );
      a!.forEach((v, i) => expect(Math.abs(v - b![i]!)).toBeLessThan(2e-5 * Math.max(1, Math.abs(v))));
    },
  );

  test('a small sample with leaves from all rows beats the sample alone', async () => {
    const all = problem('regression', 6000, 13);
    const fresh = problem('regression', 3000, 14);
    const few = problem('regression', 300, 15);
    const fitted = await randomForest
      .make({ nEstimators: 30 })
      .fit(few.X, few.y, few.target, context({ features: few.features }));
    const refreshed = await refreshLeaves(fitted, all.X, all.y, { task: quietTask });
    const error = async (f: typeof fitted) =>
      (await f.predict(fresh.X)).reduce((sum, v, i) => sum + (v - fresh.y[i]!) ** 2, 0);
    expect(await error(refreshed)).toBeLessThan(await error(fitted));
    expect(refreshed.summary['refreshedRows']).toBe(6000);
  });
});
