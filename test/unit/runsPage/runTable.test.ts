import { describe, expect, test } from 'vitest';
import type { RunSummary } from '../../../main/contract/run.ts';
import { configDiff } from '../../../renderer/pages/runs/configDiff.ts';
import { haveSameValidationRows } from '../../../renderer/pages/runs/sameRows.ts';
import { bestRun, commonMetric, matches, rowsUsed, sortRuns } from '../../../renderer/pages/runs/runTable.ts';

const run = (number: number, over: Partial<RunSummary> = {}): RunSummary => ({
  id: `run_${number}`,
  projectId: 'prj_1',
  number,
  name: `Run ${number}`,
  status: 'done',
  model: 'logisticRegression',
  modelTitle: 'Logistic regression',
  dataset: 'adult',
  target: 'income',
  task: 'binary',
  coresetRows: 2000,
  nTrain: 39073,
  metricName: 'rocAuc',
  coresetMetric: { value: 0.9 + number / 1000 },
  fullMetric: null,
  metrics: {},
  gap: null,
  seconds: null,
  tags: [],
  note: '',
  isTrashed: false,
  createdAt: `2026-01-0${number}T00:00:00Z`,
  error: null,
  ...over,
});

describe('matches', () => {
  const tagged = run(1, { tags: ['candidate'], note: 'second try', status: 'failed' });
  test.each([
    ['', true],
    ['logistic', true],
    ['logistic income', true],
    ['boosting', false],
    ['tag:cand', true],
    ['tag:logistic', false],
    ['state:failed', true],
    ['-state:failed', false],
    ['rows:2,000', true],
    ['second', true],
  ])('%j is %s', (query, want) => {
    expect(matches(tagged, query)).toBe(want);
  });
});

test('sortRuns puts runs without the value last, both ways', () => {
  const runs = [run(1), run(2, { coresetMetric: null }), run(3)];
  const numbers = (isDescending: boolean) => sortRuns(runs, { key: 'metric', isDescending }).map((r) => r.number);
  expect(numbers(true)).toEqual([3, 1, 2]);
  expect(numbers(false)).toEqual([1, 3, 2]);
});

test('the best by the common metric, its direction known', () => {
  const errors = [
    run(1, { metricName: 'rmse', coresetMetric: { value: 2 } }),
    run(2, { metricName: 'rmse', coresetMetric: { value: 1 } }),
  ];
  expect(bestRun(errors)?.number).toBe(2);
  expect(commonMetric([...errors, run(3)])).toBe('rmse');
  expect(bestRun([run(1, { coresetMetric: null })])).toBeNull();
});

test('rowsUsed', () => {
  expect(rowsUsed(run(1))).toEqual({ kind: 'coreset', text: 'core-2,000' });
  expect(rowsUsed(run(1, { coresetRows: null }))).toEqual({ kind: 'full', text: 'all 39,073' });
});

test('configDiff puts what differs first', () => {
  const rows = configDiff([
    { a: 1, model: { type: 'x', params: { C: 1 } } },
    { a: 1, model: { type: 'x' } },
  ]);
  expect(rows[0]).toEqual({ path: 'model.params.C', values: ['1', ''], isDifferent: true });
  expect(rows.slice(1).every((r) => !r.isDifferent)).toBe(true);
});

test.each([
  ['the same split', {}, { split: { validation: 0.2, group: null } }, true],
  ['another split', {}, { split: { validation: 0.2, group: 'mouse' } }, false],
  ['another version of the data', { versionHash: 'b' }, { split: { validation: 0.2, group: null } }, false],
  ['another target', { target: 'age' }, { split: { validation: 0.2, group: null } }, false],
])('runs with %s share their validation rows or not', (_, over, config, want) => {
  const one = { versionHash: 'a', target: 'income', result: null };
  expect(
    haveSameValidationRows([one, { ...one, ...over }], [{ split: { validation: 0.2, group: null } }, config]),
  ).toBe(want);
});
