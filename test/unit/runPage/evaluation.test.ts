import { describe, expect, test } from 'vitest';
import type { Evaluation } from '../../../main/contract/run.ts';
import {
  bestThresholds,
  costCurve,
  countsAt,
  leading,
  measuredBeside,
  ratesOf,
  shownEvaluations,
  toMatrix,
} from '../../../renderer/pages/run/evaluation.ts';

const evaluation = (rows: Evaluation['rows']): Evaluation => ({
  rows,
  nFitRows: 100,
  nValidation: 20,
  metrics: {},
  thresholds: [
    { threshold: 0, tp: 5, fp: 15, tn: 0, fn: 0 },
    { threshold: 0.5, tp: 4, fp: 2, tn: 13, fn: 1 },
    { threshold: 1, tp: 0, fp: 0, tn: 15, fn: 5 },
  ],
});

describe('which evaluation is shown', () => {
  const pair = { coreset: evaluation('coreset'), full: evaluation('full'), baseline: undefined };
  test.each([
    ['coreset', ['coreset'], 'coreset'],
    ['full', ['full'], 'full'],
    ['both', ['coreset', 'full'], 'coreset'],
  ] as const)('%s', (shown, drawn, first) => {
    expect(shownEvaluations(pair, shown).map((e) => e.rows)).toEqual(drawn);
    expect(leading(pair, shown)?.rows).toBe(first);
  });

  test('the only one there is, whatever was asked for', () => {
    const only = { coreset: undefined, full: evaluation('full'), baseline: undefined };
    expect(shownEvaluations(only, 'coreset').map((e) => e.rows)).toEqual(['full']);
    expect(leading(only, 'coreset')?.rows).toBe('full');
  });
});

test.each([
  [0.49, 0.5],
  [0.1, 0],
  [0.9, 1],
])('countsAt(%s) takes the threshold %s', (asked, want) => {
  expect(countsAt(evaluation('full'), asked)?.threshold).toBe(want);
});

test('rates and matrix', () => {
  const c = countsAt(evaluation('full'), 0.5)!;
  expect(toMatrix(c)).toEqual([
    [13, 2],
    [1, 4],
  ]);
  const rates = ratesOf(c);
  expect(rates.precision).toBeCloseTo(4 / 6);
  expect(rates.recall).toBeCloseTo(0.8);
  expect(rates.f1).toBeCloseTo(8 / 11);
  expect(rates.flagged).toBeCloseTo(0.3);
  expect(ratesOf(countsAt(evaluation('full'), 1)!).precision).toBeNull();
});

test.each([
  { falseAlarm: 1, missed: 1, want: 0.5 },
  { falseAlarm: 0, missed: 1, want: 0 },
  { falseAlarm: 10, missed: 1, want: 1 },
])('lowest cost with $falseAlarm and $missed is at $want', ({ falseAlarm, missed, want }) => {
  expect(costCurve(evaluation('full'), falseAlarm, missed).best?.threshold).toBe(want);
});

test('thresholds by metric are where F1 and the mean of both recalls are largest', () => {
  const thresholds = [
    { threshold: 0, tp: 5, fp: 95, tn: 0, fn: 0 },
    { threshold: 0.3, tp: 4, fp: 10, tn: 85, fn: 1 },
    { threshold: 0.7, tp: 3, fp: 1, tn: 94, fn: 2 },
  ];
  expect(bestThresholds({ ...evaluation('full'), thresholds })).toEqual({ f1: 0.7, balancedAccuracy: 0.3 });
  expect(bestThresholds({ ...evaluation('full'), thresholds: [] })).toBeNull();
});

test.each([
  ['its own metric where that has an interval', { rocAuc: { value: 0.9, low: 0.8, high: 0.95 } }, 'rocAuc'],
  ['another where its own has too few rows', { rocAuc: { value: 0.9, interval: 'tooFewRows' as const } }, 'logLoss'],
  [
    'its own where nothing else is on both',
    { rocAuc: { value: 0.9, interval: 'tooFewRows' as const }, logLoss: undefined },
    'rocAuc',
  ],
])('a model is held against the baseline by %s', (_, over, want) => {
  const metrics = (of: object) =>
    Object.fromEntries(Object.entries({ logLoss: { value: 0.3, low: 0.2, high: 0.4 }, ...of }).filter(([, v]) => v));
  const first = { ...evaluation('full'), metrics: metrics(over) };
  const baseline = { ...evaluation('baseline'), metrics: metrics({ rocAuc: { value: 0.5 } }) };
  expect(measuredBeside(first, baseline, 'rocAuc')).toBe(want);
});
