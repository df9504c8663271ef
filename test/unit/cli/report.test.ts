import { expect, test } from 'vitest';
import type { RunDetail } from '../../../main/contract/run.ts';
import { report } from '../../../main/hosts/cli/commands/run.ts';
import { number, table } from '../../../main/hosts/cli/output.ts';

const detail: RunDetail = {
  id: 'run_1',
  projectId: 'prj_1',
  number: 1,
  name: 'Run 1',
  status: 'done',
  model: 'logisticRegression',
  modelTitle: 'Logistic regression',
  dataset: 'adult',
  target: 'income',
  task: 'binary',
  coresetRows: 2000,
  nTrain: 80,
  metricName: 'rocAuc',
  coresetMetric: { value: 0.9 },
  fullMetric: { value: 0.91 },
  metrics: {},
  gap: -0.01,
  seconds: 2,
  tags: [],
  note: '',
  isTrashed: false,
  createdAt: '2026-01-01T00:00:00.000Z',
  error: null,
  yaml: '',
  versionId: null,
  versionHash: 'ab',
  jobId: null,
  artefacts: [],
  result: {
    task: 'binary',
    target: 'income',
    classes: ['no', 'yes'],
    nRows: 100,
    nTrain: 80,
    nValidation: 20,
    nTest: 0,
    nDropped: 0,
    model: 'logisticRegression',
    params: { C: 1 },
    coreset: { size: 2000, level: 0, nRows: 1998, service: 'logistic', seed: 42, artefact: null },
    evaluations: [
      { rows: 'coreset', nFitRows: 1998, nValidation: 20, metrics: { rocAuc: { value: 0.9, low: 0.8, high: 0.95 } } },
      { rows: 'full', nFitRows: 80, nValidation: 20, metrics: { rocAuc: { value: 0.91 } } },
    ],
    fidelity: { excessLoss: 0.0002, gaps: { rocAuc: { gap: -0.01 } }, nValidation: 20 },
    trials: [],
    tuneMetric: 'rocAuc',
    timings: { importMs: 1, coresetMs: 2, tuneMs: 3, fitMs: 4, evaluateMs: 5, totalMs: 15 },
    saved: null,
    warnings: ['w'],
    findings: [],
    inputs: [],
    splitNote: 'random',
    versions: {},
  },
};

test('the JSON of a run has the published keys, metrics as plain numbers by rows', () => {
  expect(report(detail, '/p')).toMatchObject({
    runId: 'run_1',
    task: 'binary',
    target: 'income',
    nRows: 100,
    nTrain: 80,
    nValidation: 20,
    model: 'logisticRegression',
    params: { C: 1 },
    coreset: { size: 2000, level: 0, nRows: 1998 },
    metrics: { coreset: { rocAuc: 0.9 }, full: { rocAuc: 0.91 }, baseline: null },
    fidelity: { excessLoss: 0.0002 },
    timings: { importMs: 1, coresetMs: 2, tuneMs: 3, fitMs: 4, evaluateMs: 5, totalMs: 15 },
    warnings: ['w'],
  });
});

test('without a coreset its parts are null, not missing', () => {
  const result = { ...detail.result!, coreset: null, fidelity: null, evaluations: detail.result!.evaluations.slice(1) };
  expect(report({ ...detail, result }, '/p')).toMatchObject({
    coreset: null,
    fidelity: null,
    metrics: { coreset: null, full: { rocAuc: 0.91 } },
  });
});

test.each([
  [0, '0'],
  [1234567, '1234567'],
  [0.123456, '0.1235'],
  [12345.678, '12350'],
  [0.00001234, '1.234e-5'],
  [-2.5e9 - 0.5, '-2.500e+9'],
  [null, ''],
])('the number %j reads %j', (value, want) => {
  expect(number(value)).toBe(want);
});

test('tables: text to the left, numbers to the right', () => {
  const rows = [
    ['a', '1'],
    ['long', '12.5'],
  ];
  expect(table(['name', 'value'], rows)).toBe('name  value\n----  -----\na         1\nlong   12.5');
});
