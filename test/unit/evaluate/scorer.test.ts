import { describe, expect, test } from 'vitest';
import { METRIC_NAMES, METRICS } from '../../../main/contract/metrics.ts';
import { chooseMetric, isLessBetter, mainMetric, metricsOf } from '../../../main/evaluate/metricNames.ts';
import { said, score, scoreOn } from '../../../main/evaluate/scorer.ts';
import { matrix } from '../../../main/kernels/matrix.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import type { TargetInfo } from '../../../main/models/estimator.ts';
import { estimatorEntry } from '../../../main/models/registry.ts';
import { argmaxRows } from '../../../main/models/tree/outputs.ts';

/** Two features that tell classes or a number poorly. */
function rows(n: number, target: TargetInfo) {
  const rng = createRng(2);
  const data = Float64Array.from({ length: 2 * n }, () => rng.normal());
  const y = Float64Array.from({ length: n }, (_, i) => {
    const value = data[2 * i]! + rng.normal();
    if (target.task === 'regression') return value;
    return Math.max(0, Math.min(target.nClasses - 1, Math.round(value / 1.5)));
  });
  const weight = Float64Array.from({ length: n }, () => 0.5 + rng.uniform());
  return { X: matrix(data, n, 2), y, weight };
}

describe.each<[string, TargetInfo]>([
  ['svc', { task: 'binary', nClasses: 2 }],
  ['gradientBoosting', { task: 'multiclass', nClasses: 3 }],
  ['ridge', { task: 'regression' }],
])('%s', (type, target) => {
  const { X, y, weight } = rows(240, target);
  const fitted = (async () =>
    (await estimatorEntry(type)).make({}).fit(X, y, target, { rng: createRng(1), task: quietTask, threads: 1 }))();

  test('one metric alone is what all of them say', async () => {
    const model = await fitted;
    const all = score(await said(model, X), y, weight);
    expect(Object.keys(all).toSorted()).toEqual(metricsOf(target.task).toSorted());
    for (const name of metricsOf(target.task)) expect(await scoreOn(model, X, y, name, weight)).toBe(all[name]);
  });

  test('scores are within their declared range', async () => {
    const all = score(await said(await fitted, X), y);
    for (const name of metricsOf(target.task)) {
      expect(all[name]).toBeGreaterThanOrEqual(METRICS[name].range[0]);
      expect(all[name]).toBeLessThanOrEqual(METRICS[name].range[1]);
    }
  });
});

test('a support vector machine is scored by the classes it says, where its probabilities lean otherwise', async () => {
  const target: TargetInfo = { task: 'binary', nClasses: 2 };
  const { X, y } = rows(240, target);
  const entry = await estimatorEntry('svc');
  const model = await entry.make({}).fit(X, y, target, { rng: createRng(1), task: quietTask, threads: 1 });
  const told = await said(model, X);
  const { labels, proba } = told as Extract<typeof told, { labels: Float64Array }>;
  const likelier = argmaxRows(proba);
  expect(labels.some((label, i) => label !== likelier[i])).toBe(true);
  const right = labels.reduce((sum, label, i) => sum + Number(label === y[i]), 0);
  expect(score(told, y).accuracy).toBeCloseTo(right / 240, 12);
});

test('every metric is declared for a task, and every task has a main one among its own', () => {
  for (const name of METRIC_NAMES) expect(METRICS[name].tasks.length).toBeGreaterThan(0);
  for (const task of ['binary', 'multiclass', 'regression', 'clustering', 'decomposition'] as const)
    expect(metricsOf(task)).toContain(mainMetric(task));
  expect(METRIC_NAMES.filter(isLessBetter)).toEqual([
    'logLoss',
    'brier',
    'rmse',
    'mae',
    'inertia',
    'reconstructionError',
  ]);
  expect(() => chooseMetric('f1', 'multiclass')).toThrow(expect.objectContaining({ code: 'METRIC_UNKNOWN' }));
});
