import { describe, expect, test } from 'vitest';
import { METRICS, type MetricName } from '../../../main/contract/metrics.ts';
import { precisionParts } from '../../../main/evaluate/intervals/averagePrecision.ts';
import { combine } from '../../../main/evaluate/intervals/combine.ts';
import { jeffreys, wilson } from '../../../main/evaluate/intervals/proportion.ts';
import { betaQuantile, studentQuantile } from '../../../main/evaluate/intervals/quantiles.ts';
import { areaInterval, areaParts, areaVariance } from '../../../main/evaluate/intervals/rocAuc.ts';
import { rankAreas, ranking } from '../../../main/evaluate/ranking.ts';
import { score } from '../../../main/evaluate/scorer.ts';
import { scoreWithIntervals } from '../../../main/evaluate/withIntervals.ts';
import { matrix } from '../../../main/kernels/matrix.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { argmaxRows } from '../../../main/models/tree/outputs.ts';

// By Simpson’s rule on the beta density (x = sin² t) and bisection; t by way of the beta distribution.
test.each([
  [1, 12.706204736432095],
  [4, 2.7764451051977987],
  [9, 2.2621571627409915],
  [59, 2.0009953780882674],
  [999, 1.9623414611334487],
])('Student’s t with %d degrees of freedom', (df, want) => {
  expect(studentQuantile(df)).toBeCloseTo(want, 8);
});

test.each([
  [0.975, 0.5, 10.5, 0.21719626750921053],
  [0.025, 7.5, 3.5, 0.39418168185130487],
  [0.975, 980.5, 20.5, 0.987348955774288],
])('the beta distribution’s %d point for (%d, %d)', (share, a, b, want) => {
  expect(betaQuantile(share, a, b)).toBeCloseTo(want, 9);
});

test('proportions: none and all counted leave one end open', () => {
  expect(jeffreys(0, 10)).toEqual({ low: 0, high: expect.closeTo(0.2172, 4) as number });
  expect(jeffreys(1, 10)).toEqual({ low: expect.closeTo(0.7828, 4) as number, high: 1 });
  expect(wilson(0.7, 10).low).toBeCloseTo(0.39677815, 7);
  expect(wilson(0.7, 10).high).toBeCloseTo(0.89220873, 7);
  expect(wilson(0, 10).high).toBeCloseTo(0.27753279, 7);
});

/** Rounded scores, so that there are ties. */
function drawn(n: number, seed: number) {
  const rng = createRng(seed);
  const isPositive = Uint8Array.from({ length: n }, () => (rng.uniform() < 0.4 ? 1 : 0));
  const scores = Float64Array.from(isPositive, (v) => Math.round(4 * (v + rng.normal())) / 4);
  const weight = Float64Array.from({ length: n }, () => 0.2 + 2 * rng.uniform());
  return { isPositive, scores, weight, ranked: ranking(isPositive, scores) };
}

describe.each([1, 2, 3])('ranked rows, seed %i', (seed) => {
  const { isPositive, scores, weight, ranked } = drawn(40, seed);

  test('DeLong’s variance is that of all pairs', () => {
    const psi = (a: number, b: number) => (a > b ? 1 : a === b ? 0.5 : 0);
    const of = (value: number) => [...scores].filter((_, i) => isPositive[i] === value);
    const [ones, zeros] = [of(1), of(0)];
    const meanOf = (v: readonly number[]) => v.reduce((a, b) => a + b, 0) / v.length;
    const varianceOf = (v: readonly number[]) => v.reduce((s, x) => s + (x - meanOf(v)) ** 2, 0) / (v.length - 1);
    const ofOnes = ones.map((a) => meanOf(zeros.map((b) => psi(a, b))));
    const ofZeros = zeros.map((b) => meanOf(ones.map((a) => psi(a, b))));
    const parts = areaParts(ranked)!;
    expect(parts.value).toBeCloseTo(meanOf(ofOnes), 12);
    expect(parts.variance).toBeCloseTo(varianceOf(ofOnes) / ones.length + varianceOf(ofZeros) / zeros.length, 12);
  });

  test.each(['rocAuc', 'averagePrecision'] as const)('each row’s influence on %s is its slope', (name) => {
    const influence = new Float64Array(40);
    const parts = (name === 'rocAuc' ? areaParts : precisionParts)(ranked, weight, influence, 1)!;
    expect(parts.value).toBeCloseTo(rankAreas(ranked, weight)![name], 12);
    for (let i = 0; i < 40; i++) {
      const step = 1e-6;
      const at = (by: number) => rankAreas(ranked, weight.with(i, weight[i]! + by))![name];
      expect(influence[i]).toBeCloseTo((weight[i]! * (at(step) - at(-step))) / (2 * step), 7);
    }
  });

  test('the ends of an area’s interval are where its score test turns', () => {
    const parts = areaParts(ranked)!;
    const { low, high } = areaInterval(parts);
    const own = areaVariance(parts.value, parts.nPositive, parts.nNegative);
    const ratio = Math.min(6, Math.max(1, parts.variance / own));
    for (const end of [low, high]) {
      const variance = ratio * areaVariance(end, parts.nPositive, parts.nNegative);
      expect(Math.abs(end - parts.value) / Math.sqrt(variance)).toBeCloseTo(1.96, 3);
    }
  });
});

test('a mean of independent parts adds squares; parts that move together add more', () => {
  const part = { value: 0.5, low: 0.4, high: 0.7, share: 0.5, variance: 0.01 };
  expect(combine([part, part], 0.005)).toMatchObject({
    value: 0.5,
    low: expect.closeTo(0.5 - 0.1 / Math.SQRT2, 12) as number,
    high: expect.closeTo(0.5 + 0.2 / Math.SQRT2, 12) as number,
  });
  expect(combine([part, part], 0.01).low).toBeCloseTo(0.4, 12);
});

/** Predictions of `n` rows in three classes, or two. */
function predictions(n: number, nClasses: number, seed: number) {
  const rng = createRng(seed);
  const y = Float64Array.from({ length: n }, () => rng.int(nClasses));
  const data = new Float64Array(n * nClasses);
  for (let i = 0; i < n; i++) {
    const odds = Array.from({ length: nClasses }, (_, k) => Math.exp(rng.normal() + (k === y[i] ? 1 : 0)));
    const total = odds.reduce((a, b) => a + b, 0);
    odds.forEach((v, k) => (data[i * nClasses + k] = v / total));
  }
  const proba = matrix(data, n, nClasses);
  return { y, said: { labels: argmaxRows(proba), proba } };
}

test.each([
  [200, 2],
  [200, 3],
  [1000, 7],
])('%i rows of %i classes: values are those of `score`, each within its interval', (n, nClasses) => {
  const { y, said } = predictions(n, nClasses, 4);
  const weight = y.map((v, i) => 1 + v + (i % 3));
  for (const w of [undefined, weight]) {
    const found = scoreWithIntervals(said, y, { weight: w });
    const values = Object.fromEntries(Object.entries(found).map(([name, { value }]) => [name, value]));
    expect(values).toEqual(score(said, y, w));
    for (const [name, { value, low, high }] of Object.entries(found)) {
      const [least, most] = METRICS[name as MetricName].range;
      const isInside = low! < value && value < high! && low! >= least && high! <= most;
      expect({ name, isInside }).toEqual({ name, isInside: true });
    }
  }
});

test('equal weights are no weights', () => {
  const { y, said } = predictions(150, 3, 5);
  const predicted = y.map((v, i) => v + said.proba.data[i]!);
  for (const what of [said, { predicted }]) {
    const plain = scoreWithIntervals(what, y);
    const weighted = scoreWithIntervals(what, y, { weight: new Float64Array(150).fill(3) });
    for (const [name, { low, high }] of Object.entries(plain)) {
      expect(weighted[name]!.low).toBeCloseTo(low!, 9);
      expect(weighted[name]!.high).toBeCloseTo(high!, 9);
    }
  }
});

test.each([
  { nPositive: 0, few: ['balancedAccuracy', 'f1Macro', 'f1Weighted', 'precisionMacro', 'recallMacro'] },
  { nPositive: 4, few: ['rocAuc', 'averagePrecision', 'f1', 'f1Macro', 'f1Weighted'] },
  { nPositive: 9, few: ['averagePrecision', 'f1', 'f1Macro', 'f1Weighted'] },
  { nPositive: 10, few: [] },
])('$nPositive positives of 60: too few rows for $few', ({ nPositive, few }) => {
  const rng = createRng(1);
  const y = Float64Array.from({ length: 60 }, (_, i) => (i < nPositive ? 1 : 0));
  const p = y.map((v) => 1 / (1 + Math.exp(-(v - 0.5 + rng.normal()))));
  const proba = matrix(
    Float64Array.from({ length: 120 }, (_, i) => (i % 2 ? p[i >> 1]! : 1 - p[i >> 1]!)),
    60,
    2,
  );
  const found = scoreWithIntervals({ labels: argmaxRows(proba), proba }, y);
  const names = Object.keys(found).filter((name) => found[name]!.interval === 'tooFewRows');
  expect(names.toSorted()).toEqual(few.toSorted());
  for (const name of names) expect(found[name]!.low).toBeUndefined();
  const undefinedNames = nPositive > 0 ? [] : ['rocAuc', 'averagePrecision', 'f1', 'recall'];
  for (const name of undefinedNames) expect(found).not.toHaveProperty(name);
});

describe('what a sample leaves open', () => {
  test('a class that is never said has no precision, and the means over classes have none', () => {
    const y = Float64Array.of(0, 0, 1, 1);
    const found = score({ labels: new Float64Array(4), proba: matrix(new Float64Array(8).fill(0.5), 4, 2) }, y);
    expect(found).toMatchObject({ accuracy: 0.5, recall: 0, f1: 0, f1Macro: expect.closeTo(1 / 3, 12) as number });
    for (const name of ['precision', 'precisionMacro', 'precisionWeighted']) expect(found).not.toHaveProperty(name);
  });

  test('no loss at all still leaves an upper end; errors of 0 say nothing of others', () => {
    const y = Float64Array.from({ length: 50 }, (_, i) => i % 2);
    const proba = matrix(
      Float64Array.from({ length: 100 }, (_, i) => Number(y[i >> 1] === i % 2)),
      50,
      2,
    );
    const { brier, logLoss } = scoreWithIntervals({ labels: y, proba }, y);
    expect(brier).toEqual({ value: 0, low: 0, high: expect.closeTo(jeffreys(0, 50).high, 12) as number });
    expect(logLoss!.high).toBeLessThan(36.1 * 0.06);
    expect(scoreWithIntervals({ predicted: y }, y)['rmse']).toEqual({ value: 0, interval: 'tooFewRows' });
  });

  test('nine rows have no interval of an error', () => {
    const y = Float64Array.from({ length: 9 }, (_, i) => i);
    const found = scoreWithIntervals({ predicted: y.map((v) => v + 0.1) }, y);
    expect(Object.values(found).map(({ interval }) => interval)).toEqual(Array(3).fill('tooFewRows'));
  });
});
