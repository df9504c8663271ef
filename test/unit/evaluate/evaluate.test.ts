import { describe, expect, test } from 'vitest';
import { metricGaps } from '../../../main/evaluate/compare.ts';
import { evaluate } from '../../../main/evaluate/evaluate.ts';
import { chooseMetric } from '../../../main/evaluate/metricNames.ts';
import { matrix } from '../../../main/kernels/matrix.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { argmaxRows } from '../../../main/models/tree/outputs.ts';

const n = 2000;
const rng = createRng(5);
const y = Float64Array.from({ length: n }, () => (rng.uniform() < 0.3 ? 1 : 0));
const scores = Float64Array.from(y, (v) => 1 / (1 + Math.exp(-(1.5 * v - 1 + rng.normal()))));
const proba = matrix(
  Float64Array.from({ length: 2 * n }, (_, i) => (i % 2 === 1 ? scores[i >> 1]! : 1 - scores[i >> 1]!)),
  n,
  2,
);
const said = { labels: argmaxRows(proba), proba };
const classes = ['no', 'yes'];
const group = Int32Array.from({ length: n }, (_, i) => i % 4);
const context = (more: object = {}) => ({
  rows: 'full' as const,
  nFitRows: 10,
  hasIntervals: true,
  ...more,
});

describe('a classifier’s evaluation', () => {
  test('has an interval around every value', () => {
    const { metrics } = evaluate(said, y, classes, context());
    expect(Object.keys(metrics)).toHaveLength(15);
    for (const { value, low, high } of Object.values(metrics)) {
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
    }
    expect(metrics['rocAuc']!.value).toBeGreaterThan(0.8);
    expect(evaluate(said, y, classes, context({ hasIntervals: false })).metrics['rocAuc']).toEqual({
      value: metrics['rocAuc']!.value,
    });
  });

  test('takes its classes from the labels, not from the likelier probabilities', () => {
    const labels = y.slice();
    const { metrics, confusion } = evaluate({ labels, proba }, y, classes, context());
    expect(metrics['accuracy']!.value).toBe(1);
    expect(confusion![0]![1]! + confusion![1]![0]!).toBe(0);
    expect(metrics['logLoss']!.value).toBeGreaterThan(0.1);
  });

  test('threshold table and confusion agree', () => {
    const { thresholds, confusion } = evaluate(said, y, classes, context());
    expect(thresholds).toHaveLength(101);
    const half = thresholds![50]!;
    expect([
      [half.tn, half.fp],
      [half.fn, half.tp],
    ]).toEqual(confusion);
    expect(thresholds!.every(({ tp, fp, tn, fn }) => tp + fp + tn + fn === n)).toBe(true);
  });

  test('slices are sorted from the worst on and leave small ones out', () => {
    const sliceTable = {
      nRows: n,
      columns: [{ kind: 'category' as const, name: 'g', codes: group, levels: ['a', 'b', 'c', 'd'] }],
    };
    const { slices } = evaluate(said, y, classes, context({ sliceTable }));
    expect(slices!.map(({ nRows }) => nRows)).toEqual([500, 500, 500, 500]);
    const values = slices!.map(({ value }) => value);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  });

  test('one class only leaves out what cannot be known', () => {
    const { metrics } = evaluate(said, new Float64Array(n), classes, context());
    expect(Object.keys(metrics)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/rocAuc|averagePrecision|^f1$|^recall$/)]),
    );
    expect(metrics['accuracy']!.value).toBeGreaterThan(0);
    expect(metrics['balancedAccuracy']).toMatchObject({ interval: 'tooFewRows' });
  });
});

test('a regressor’s evaluation: residuals are counted once each', () => {
  const predicted = Float64Array.from(scores, (v) => v + 0.1);
  const { residuals, metrics } = evaluate({ predicted }, scores, [], context());
  expect(residuals!.counts.reduce((a, b) => a + b, 0)).toBe(n);
  expect(metrics['mae']!.value).toBeCloseTo(0.1, 12);
});

test('paired gaps are narrower than the metrics’ own intervals', () => {
  const other = { ...proba, data: proba.data.map((p, i) => (i % 2 === 0 ? p : Math.min(1, p * 1.001))) };
  const gaps = metricGaps(said, { ...said, proba: other }, y, createRng(2), 100);
  const { low, high } = gaps['logLoss']!;
  const own = evaluate(said, y, classes, context()).metrics['logLoss']!;
  expect(high! - low!).toBeLessThan((own.high! - own.low!) / 20);
});

test('a gap of metrics that have too few rows has no interval either', () => {
  const few = y.map((v, i) => (i < 20 ? v : 0));
  expect(few.reduce((a, b) => a + b, 0)).toBeGreaterThan(0);
  const gaps = metricGaps(said, { ...said, proba }, few, createRng(2), 100);
  expect(gaps['f1']).toEqual({ gap: 0, interval: 'tooFewRows' });
  expect(gaps['accuracy']).toEqual({ gap: 0, low: 0, high: 0 });
});

test('an unknown metric lists what there is', () => {
  expect(() => chooseMetric('rmse', 'binary')).toThrow(/no metric "rmse".*rocAuc/);
  expect(chooseMetric('auto', 'regression')).toBe('rmse');
});
