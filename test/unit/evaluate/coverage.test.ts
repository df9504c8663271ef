import { describe, expect, test } from 'vitest';
import { percentileInterval, poissonWeights } from '../../../main/evaluate/bootstrap.ts';
import { rankAreas, ranking } from '../../../main/evaluate/ranking.ts';
import { score, type Said } from '../../../main/evaluate/scorer.ts';
import { scoreWithIntervals } from '../../../main/evaluate/withIntervals.ts';
import { takeRows, takeValues, matrix } from '../../../main/kernels/matrix.ts';
import { createRng, type Rng } from '../../../main/kernels/rng.ts';
import { argmaxRows } from '../../../main/models/tree/outputs.ts';

/** Share of samples of `n` rows of a population whose interval holds the population's value, by metric. */
function coverage(said: Said, y: Float64Array, n: number, nDraws: number, rng: Rng): Record<string, number> {
  const truth = score(said, y) as Record<string, number>;
  const counts = new Map<string, { shown: number; held: number }>();
  for (let draw = 0; draw < nDraws; draw++) {
    const rows = Uint32Array.from({ length: n }, () => rng.int(y.length));
    const own: Said =
      'predicted' in said
        ? { predicted: takeValues(said.predicted, rows) }
        : { labels: takeValues(said.labels, rows), proba: takeRows(said.proba, rows) };
    for (const [name, { low, high }] of Object.entries(scoreWithIntervals(own, takeValues(y, rows)))) {
      if (low === undefined || high === undefined) continue;
      const count = counts.get(name) ?? { shown: 0, held: 0 };
      count.shown++;
      if (low <= truth[name]! && truth[name]! <= high) count.held++;
      counts.set(name, count);
    }
  }
  return Object.fromEntries([...counts].map(([name, { shown, held }]) => [name, held / shown]));
}

/** Binormal scores turned into the probabilities they mean. */
function binormal(nRows: number, share: number, distance: number, rng: Rng): { said: Said; y: Float64Array } {
  const y = Float64Array.from({ length: nRows }, () => Number(rng.uniform() < share));
  const data = new Float64Array(2 * nRows);
  y.forEach((v, i) => {
    const z = rng.normal() + (v ? distance : 0);
    const p = 1 / (1 + ((1 - share) / share) * Math.exp(distance * (distance / 2 - z)));
    data.set([1 - p, p], 2 * i);
  });
  const proba = matrix(data, nRows, 2);
  return { said: { labels: argmaxRows(proba), proba }, y };
}

describe('two classes, one row in ten positive', () => {
  const rng = createRng(11);
  const { said, y } = binormal(20_000, 0.1, 2, rng);

  test('60 rows: 95 % intervals hold in at least 90 % of 300 samples', () => {
    const held = coverage(said, y, 60, 300, rng);
    for (const name of ['rocAuc', 'logLoss', 'brier', 'accuracy', 'balancedAccuracy'])
      expect({ name, held: held[name] }).toEqual({ name, held: expect.toSatisfy((v: number) => v >= 0.9) as number });
  });

  test('300 rows: all of them do, and none are so wide that they always hold by far', () => {
    const held = coverage(said, y, 300, 300, rng);
    for (const [name, share] of Object.entries(held))
      expect({ name, isHeld: share >= 0.9 }).toEqual({ name, isHeld: true });
    expect(Object.keys(held)).toHaveLength(15);
    expect(held['accuracy']).toBeLessThan(0.995);
  });

  test('the percentile bootstrap, which they replace, holds an area in fewer than 80 % of samples of 60', () => {
    const { said, y } = binormal(20_000, 0.05, 2, rng);
    const { proba } = said as { proba: ReturnType<typeof matrix> };
    const all = Float64Array.from(y, (_, i) => proba.data[2 * i + 1]!);
    const truth = rankAreas(ranking(y, all))!.rocAuc;
    let [shown, held] = [0, 0];
    for (let draw = 0; draw < 200; draw++) {
      const rows = Uint32Array.from({ length: 60 }, () => rng.int(y.length));
      const own = ranking(takeValues(y, rows), takeValues(all, rows));
      const values = Array.from({ length: 100 }, () => rankAreas(own, poissonWeights(60, rng))?.rocAuc ?? NaN);
      const interval = percentileInterval(values);
      if (!interval || !rankAreas(own)) continue;
      shown++;
      if (interval.low <= truth && truth <= interval.high) held++;
    }
    expect(held / shown).toBeLessThan(0.8);
  });
});

test('five classes, one of them rare: 95 % intervals hold in at least 90 % of 200 samples of 300', () => {
  const rng = createRng(3);
  const nRows = 20_000;
  const shares = [0.4, 0.25, 0.2, 0.1, 0.05];
  const y = Float64Array.from({ length: nRows }, () => {
    let u = rng.uniform();
    return Math.max(
      0,
      shares.findIndex((s) => (u -= s) < 0),
    );
  });
  const data = new Float64Array(nRows * 5);
  y.forEach((v, i) => {
    const odds = shares.map((s, k) => s * Math.exp(1.2 * (rng.normal() + (k === v ? 1.2 : 0))));
    const total = odds.reduce((a, b) => a + b, 0);
    odds.forEach((o, k) => (data[i * 5 + k] = o / total));
  });
  const proba = matrix(data, nRows, 5);
  const held = coverage({ labels: argmaxRows(proba), proba }, y, 300, 200, rng);
  expect(Object.keys(held)).toHaveLength(12);
  for (const [name, share] of Object.entries(held))
    expect({ name, isHeld: share >= 0.9 }).toEqual({ name, isHeld: true });
});

test.each([60, 300])('long-tailed errors, %i rows: at least 90 % of 300 samples', (n) => {
  const rng = createRng(8);
  const y = Float64Array.from({ length: 20_000 }, () => Math.exp(1 + rng.normal()));
  const predicted = y.map((v) => v * (1 + 0.3 * rng.normal()));
  const held = coverage({ predicted }, y, n, 300, rng);
  for (const name of ['rmse', 'mae', 'r2'])
    expect({ name, isHeld: held[name]! >= 0.9 }).toEqual({ name, isHeld: true });
});

/** Leaves of trees: probabilities of 0 and 1, and one row in a hundred that they are wrong about. */
test.each([60, 100, 200])('saturated probabilities, %i rows: log loss in at least 90 % of 300 samples', (n) => {
  const rng = createRng(12);
  const y = Float64Array.from({ length: 20_000 }, () => Number(rng.uniform() < 0.4));
  const labels = y.map((v) => (rng.uniform() < 0.01 ? 1 - v : v));
  const proba = matrix(Float64Array.from([...labels].flatMap((v) => [1 - v, v])), y.length, 2);
  expect(coverage({ labels, proba }, y, n, 300, rng)['logLoss']).toBeGreaterThanOrEqual(0.9);
});

test('eight classes near the top, 100 rows: means over classes in at least 93 % of 400 samples', () => {
  const rng = createRng(13);
  const y = Float64Array.from({ length: 20_000 }, () => rng.int(8));
  const labels = y.map((v) => (rng.uniform() < 0.01 ? (v + 1 + rng.int(7)) % 8 : v));
  const data = new Float64Array(8 * y.length).fill(0.01);
  labels.forEach((v, i) => (data[8 * i + v] = 0.93));
  const held = coverage({ labels, proba: matrix(data, y.length, 8) }, y, 100, 400, rng);
  for (const name of ['balancedAccuracy', 'f1Macro', 'precisionMacro'])
    expect({ name, isHeld: held[name]! >= 0.93 }).toEqual({ name, isHeld: true });
});

test('errors in one row of twenty only, 60 rows: RMSE in at least 83 % of 400 samples that show one', () => {
  const rng = createRng(14);
  const y = Float64Array.from({ length: 50_000 }, () => (rng.uniform() < 0.95 ? 0 : Math.exp(1 + rng.normal())));
  const held = coverage({ predicted: new Float64Array(y.length) }, y, 60, 400, rng);
  expect(held['rmse']).toBeGreaterThanOrEqual(0.83);
});
