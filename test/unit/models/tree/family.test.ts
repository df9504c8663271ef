// oxlint-disable vitest/no-conditional-expect, vitest/expect-expect -- one table holds cases with different expectations
import { describe, expect, test } from 'vitest';
import { matrix, takeRows, takeValues } from '../../../../main/kernels/matrix.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import type { EstimatorEntry } from '../../../../main/models/entry.ts';
import type { Fitted } from '../../../../main/models/estimator.ts';
import { treeFamily } from '../../../../main/models/tree/index.ts';
import { auc, column, context, problem, type Problem } from './data.ts';

const tasks = ['binary', 'multiclass', 'regression'] as const;
const cases = treeFamily.flatMap((entry) => tasks.map((task) => ({ entry, task, type: entry.spec.type })));
/** Few trees, and no bootstrap where rows must count the same however they are given. */
const small = (entry: EstimatorEntry, extra: Record<string, unknown> = {}) =>
  entry.make({
    ...(entry.spec.type === 'gradientBoosting' && { maxIter: 20 }),
    ...(entry.spec.params.some((p) => p.name === 'nEstimators') && { nEstimators: 10 }),
    ...extra,
  });
const still = (entry: EstimatorEntry) =>
  entry.spec.params.some((p) => p.name === 'bootstrap') ? { bootstrap: false } : {};

const outputs = async (fitted: Fitted, { X, target }: Problem): Promise<Float64Array> =>
  target.task === 'regression'
    ? fitted.predict(X)
    : (Float64Array.from((await fitted.predictProba(X)).data) as Float64Array);

function expectClose(a: Float64Array, b: Float64Array, within: number): void {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!) / Math.max(1, Math.abs(b[i]!)));
  expect(worst).toBeLessThanOrEqual(within);
}

describe.each(cases)('$type, $task', ({ entry, task }) => {
  const p = problem(task, 700, 3);
  const fit = (params: Record<string, unknown> = {}, extra: object = {}) =>
    small(entry, params).fit(p.X, p.y, p.target, context({ features: p.features, ...extra }));

  test('learns', async () => {
    const fitted = await fit({ minSamplesLeaf: 5 });
    const fresh = problem(task, 700, 4);
    const predicted = await fitted.predict(fresh.X);
    if (task === 'regression') {
      const mean = fresh.y.reduce((a, b) => a + b, 0) / 700;
      const error = predicted.reduce((sum, v, i) => sum + (v - fresh.y[i]!) ** 2, 0);
      expect(error).toBeLessThan(0.7 * fresh.y.reduce((sum, v) => sum + (v - mean) ** 2, 0));
    } else {
      const right = predicted.filter((v, i) => v === fresh.y[i]).length / 700;
      expect(right).toBeGreaterThan(task === 'binary' ? 0.75 : 0.6);
    }
  });

  test('gives the same result for any number of threads', async () => {
    const one = await outputs(await fit(), p);
    const three = await outputs(await fit({}, { threads: 3 }), p);
    expect(three).toEqual(one);
  });

  test('is restored from its state', async () => {
    const fitted = await fit();
    const state = fitted.toState();
    const again = entry.restore({ ...state, json: JSON.parse(JSON.stringify(state.json)) as unknown });
    expect(await outputs(again, p)).toEqual(await outputs(fitted, p));
    expect(again.nFeaturesIn).toBe(6);
  });

  test('integer weights equal repeated rows', async () => {
    const rng = createRng(9);
    const times = Array.from({ length: 700 }, () => rng.int(4));
    const rows = times.flatMap((k, i) => Array.from({ length: k }, () => i));
    const repeated = { X: takeRows(p.X, rows), y: takeValues(p.y, rows) };
    const one = await fit(still(entry), { sampleWeight: Float64Array.from(times) });
    const other = await small(entry, still(entry)).fit(
      repeated.X,
      repeated.y,
      p.target,
      context({ features: p.features }),
    );
    expectClose(await outputs(one, p), await outputs(other, p), 1e-9);
  });

  test('rows of weight 0 equal removed rows', async () => {
    const w = Float64Array.from({ length: 700 }, (_, i) => Number(i % 3 !== 0));
    const rows = [...w.keys()].filter((i) => w[i]! > 0);
    const one = await fit(still(entry), { sampleWeight: w });
    const other = await small(entry, still(entry)).fit(
      takeRows(p.X, rows),
      takeValues(p.y, rows),
      p.target,
      context({ features: p.features }),
    );
    expectClose(await outputs(one, p), await outputs(other, p), 1e-12);
  });

  test('does not change what it is given', async () => {
    const before = { X: p.X.data.slice(), y: p.y.slice() };
    await fit();
    expect(p.X.data).toEqual(before.X);
    expect(p.y).toEqual(before.y);
  });

  test('stops when cancelled', async () => {
    const control = new AbortController();
    let asked = 0;
    const task = {
      signal: control.signal,
      isDue: () => true,
      yield: async () => {
        if (++asked === 2) control.abort(new Error('stop'));
      },
      report: () => {},
      log: () => {},
      point: () => {},
    };
    const params =
      entry.spec.type === 'gradientBoosting'
        ? { maxIter: 100 }
        : entry.spec.type === 'decisionTree'
          ? {}
          : { nEstimators: 100 };
    const work = entry.make(params).fit(p.X, p.y, p.target, context({ features: p.features, task }));
    if (entry.spec.type === 'decisionTree') await work;
    else await expect(work).rejects.toThrow('stop');
  });

  test('refuses another number of features', async () => {
    const fitted = await fit();
    await expect(fitted.predict(matrix(new Float64Array(10), 2, 5))).rejects.toThrow(/6 features/);
  });
});

describe.each(treeFamily.map((entry) => ({ entry, type: entry.spec.type })))(
  '$type on bad or odd input',
  ({ entry }) => {
    const p = problem('binary', 200, 5);

    test.each([
      { name: 'an unknown parameter', params: { nope: 1 }, code: 'PARAM_UNKNOWN' },
      { name: 'a value out of range', params: { minSamplesLeaf: -1 }, code: 'PARAM_OUT_OF_RANGE' },
      { name: 'a value of the wrong kind', params: { maxDepth: 'deep' }, code: 'PARAM_OUT_OF_RANGE' },
    ])('refuses $name', ({ params, code }) => {
      expect(() => entry.make(params)).toThrow(expect.objectContaining({ code }));
    });

    test.each([
      { name: 'one class', y: new Float64Array(200), code: 'TARGET_ONE_CLASS' },
      {
        name: 'a missing target',
        y: new Float64Array(200).fill(1, 0, 100).fill(NaN, 100, 101),
        code: 'TARGET_HAS_MISSING',
      },
    ])('refuses a target with $name', async ({ y, code }) => {
      await expect(entry.make({}).fit(p.X, y, p.target, context())).rejects.toMatchObject({ code });
    });

    test('takes a class of two rows, a constant column and one that is all missing', async () => {
      const y = new Float64Array(200).fill(1, 0, 2);
      const X = matrix(p.X.data.slice(), 200, 6);
      for (let i = 0; i < 200; i++) [X.data[i * 6], X.data[i * 6 + 1]] = [5, NaN];
      const fitted = await small(entry).fit(X, y, p.target, context());
      const { data } = await fitted.predictProba(X);
      for (let i = 0; i < 200; i++) expect(data[2 * i]! + data[2 * i + 1]!).toBeCloseTo(1, 12);
    });

    test('stays sane when one row in a thousand is positive', async () => {
      const rng = createRng(2);
      const n = 20_000;
      const X = matrix(
        Float64Array.from({ length: 3 * n }, () => rng.normal()),
        n,
        3,
      );
      const y = Float64Array.from({ length: n }, (_, i) => Number(i % 1000 === 0));
      for (let i = 0; i < n; i += 1000) X.data[3 * i] = 4 + rng.uniform();
      const fitted = await small(entry, { minSamplesLeaf: 5 }).fit(X, y, p.target, context());
      expect(auc(column(await fitted.predictProba(X), 1), y)).toBeGreaterThan(0.95);
    });
  },
);
