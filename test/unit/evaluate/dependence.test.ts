import { describe, expect, test } from 'vitest';
import type { MetricValue } from '../../../main/contract/run.ts';
import { metricGaps } from '../../../main/evaluate/compare.ts';
import { clustersOf, effectiveClusters } from '../../../main/evaluate/intervals/groups/clusters.ts';
import { stretchesOf } from '../../../main/evaluate/intervals/groups/stretches.ts';
import { score, type Said } from '../../../main/evaluate/scorer.ts';
import { evaluateStructure, structureGaps } from '../../../main/evaluate/structure.ts';
import { scoreWithIntervals } from '../../../main/evaluate/withIntervals.ts';
import { matrix } from '../../../main/kernels/matrix.ts';
import { createRng, type Rng } from '../../../main/kernels/rng.ts';
import { argmaxRows } from '../../../main/models/tree/outputs.ts';

interface Rows {
  readonly said: Said;
  readonly y: Float64Array;
  readonly groups: number[];
}

type Row = readonly [said: number, actual: number];

/** `of` gives a new group's way of drawing rows. */
function drawn(nGroups: number, size: number, isClasses: boolean, of: () => () => Row): Rows {
  const rows: Row[] = [];
  const groups: number[] = [];
  for (let g = 0; g < nGroups; g++) {
    const next = of();
    for (let r = 0; r < size; r++) {
      rows.push(next());
      groups.push(g);
    }
  }
  const y = Float64Array.from(rows, ([, actual]) => actual);
  if (!isClasses) return { said: { predicted: Float64Array.from(rows, ([p]) => p) }, y, groups };
  const proba = matrix(Float64Array.from(rows.flatMap(([p]) => [1 - p, p])), rows.length, 2);
  return { said: { labels: argmaxRows(proba), proba }, y, groups };
}

const logistic = (v: number) => 1 / (1 + Math.exp(-v));

/** Fifteen rows that are nearly one, with a label by the toss of a coin for each subject. */
const coin = (rng: Rng) => () => {
  const [label, at] = [Number(rng.uniform() < 0.5), rng.normal()];
  return (): Row => [logistic(at + 0.1 * rng.normal()), label];
};

/** Subjects differ in what they answer to the same features, which the model does not know. */
const intercept = (rng: Rng) => () => {
  const [own, at] = [1.5 * rng.normal(), rng.normal()];
  return (): Row => {
    const x = at + rng.normal();
    return [logistic(0.8 * x), Number(rng.uniform() < logistic(x + own))];
  };
};

const numbers = (rng: Rng) => () => {
  const own = rng.normal();
  return (): Row => {
    const x = 1.5 * rng.normal();
    return [x, x + own + rng.normal()];
  };
};

const independent = (rng: Rng) => () => (): Row => {
  const x = 1.2 * rng.normal();
  return [logistic(x), Number(rng.uniform() < logistic(x))];
};

function shareHeld(draw: () => Rows, truth: Record<string, number>, nDraws: number, isGrouped: boolean) {
  const held = new Map<string, number[]>();
  for (let k = 0; k < nDraws; k++) {
    const { said, y, groups } = draw();
    const found = scoreWithIntervals(said, y, isGrouped ? { groups } : {});
    for (const [name, { low, high }] of Object.entries(found)) {
      if (low === undefined || high === undefined) continue;
      const list = held.get(name) ?? [];
      list.push(Number(low <= truth[name]! && truth[name]! <= high));
      held.set(name, list);
    }
  }
  return Object.fromEntries([...held].map(([name, list]) => [name, list.reduce((a, b) => a + b, 0) / list.length]));
}

describe.each([
  { name: 'a label by subject, 12 × 15 rows', of: coin, nGroups: 12, size: 15, isClasses: true, nMetrics: 15 },
  { name: 'random intercepts, 10 × 20 rows', of: intercept, nGroups: 10, size: 20, isClasses: true, nMetrics: 15 },
  { name: 'numbers, 10 × 20 rows', of: numbers, nGroups: 10, size: 20, isClasses: false, nMetrics: 3 },
])('$name', ({ of, nGroups, size, isClasses, nMetrics }) => {
  const rng = createRng(4);
  const next = of(rng);
  const all = drawn(10_000, 10, isClasses, next);
  const truth = score(all.said, all.y) as Record<string, number>;
  const draw = () => drawn(nGroups, size, isClasses, next);

  test('95 % intervals that know the groups hold in at least 88 % of 200 samples', () => {
    const held = shareHeld(draw, truth, 200, true);
    expect(Object.keys(held)).toHaveLength(nMetrics);
    for (const [name, share] of Object.entries(held))
      expect({ name, isHeld: share >= 0.88 }).toEqual({ name, isHeld: true });
  });

  test('those of as many independent rows do not', () => {
    const held = shareHeld(draw, truth, 100, false);
    expect(held[isClasses ? 'rocAuc' : 'mae']).toBeLessThan(0.85);
  });
});

test.each([
  { nGroups: 12, size: 15, most: 1.25 },
  { nGroups: 60, size: 5, most: 1.1 },
  { nGroups: 300, size: 1, most: 1.06 },
])('independent rows in $nGroups groups: intervals at most $most times as wide', ({ nGroups, size, most }) => {
  const rng = createRng(6);
  const [nDraws, wider] = [40, new Map<string, number>()];
  for (let k = 0; k < nDraws; k++) {
    const { said, y, groups } = drawn(nGroups, size, true, independent(rng));
    const [plain, grouped] = [scoreWithIntervals(said, y), scoreWithIntervals(said, y, { groups })];
    for (const [name, { low, high }] of Object.entries(grouped)) {
      const own = plain[name]!;
      expect(low).toBeLessThanOrEqual(own.low!);
      expect(high).toBeGreaterThanOrEqual(own.high!);
      wider.set(name, (wider.get(name) ?? 0) + (high! - low!) / (own.high! - own.low!) / nDraws);
    }
  }
  for (const [name, ratio] of wider) expect({ name, isNarrow: ratio <= most }).toEqual({ name, isNarrow: true });
});

describe('too few groups', () => {
  const rng = createRng(9);

  test.each([1, 4])('%i groups have no interval', (nGroups) => {
    const { said, y, groups } = drawn(nGroups, 30, true, independent(rng));
    const found = Object.values(scoreWithIntervals(said, y, { groups }));
    expect(new Set(found.map(({ interval }) => interval))).toEqual(new Set(['tooFewGroups']));
    for (const metric of found) expect(metric).not.toHaveProperty('low');
  });

  test('eight groups, two of them with positives: none for scores of classes', () => {
    const { said, groups } = drawn(8, 20, true, independent(rng));
    const found = scoreWithIntervals(
      said,
      Float64Array.from(groups, (g) => Number(g < 2)),
      { groups },
    );
    expect(found['rocAuc']).toMatchObject({ interval: 'tooFewGroups' });
    expect(found['recall']).toMatchObject({ interval: 'tooFewGroups' });
    expect(found['accuracy']!.low).toBeDefined();
  });

  test('too few rows stay too few rows', () => {
    const { said, groups } = drawn(20, 3, true, independent(rng));
    const y = Float64Array.from(groups, (_, i) => Number(i % 20 === 0));
    expect(scoreWithIntervals(said, y, { groups })['rocAuc']).toMatchObject({ interval: 'tooFewRows' });
  });

  test('a difference of two models has none either; with groups enough it is wider than that of rows', () => {
    const few = drawn(4, 40, true, intercept(rng));
    expect(metricGaps(few.said, few.said, few.y, createRng(1), 20, few.groups)['logLoss']).toEqual({
      gap: 0,
      interval: 'tooFewGroups',
    });
    const { said, y, groups } = drawn(30, 20, false, numbers(rng));
    const other = { predicted: y.map((_, i) => (said as { predicted: Float64Array }).predicted[i]! + groups[i]! / 15) };
    const width = (of?: number[]) => {
      const gap = metricGaps(said, other, y, createRng(1), 100, of)['rmse']!;
      return gap.high! - gap.low!;
    };
    expect(width(groups)).toBeGreaterThan(1.5 * width());
  });
});

test('what a structure leaves unexplained goes by groups too, and so do differences of two', () => {
  const rng = createRng(15);
  const { groups } = drawn(20, 20, false, numbers(rng));
  const level = Array.from({ length: 20 }, () => Math.exp(rng.normal()));
  const loss = Float64Array.from(groups, (g) => level[g]! * (0.9 + 0.2 * rng.uniform()));
  const scores = { loss, spread: loss.map((v) => 1 + 2 * v), silhouette: null, nClusters: null };
  const metricsOf = (of?: number[]) =>
    evaluateStructure(scores, { rows: 'full', nFitRows: 400, hasIntervals: true, groups: of }).metrics;
  const [plain, grouped, few] = [metricsOf(), metricsOf(groups), metricsOf(groups.map((g) => g % 4))];
  for (const name of ['explainedVariance', 'reconstructionError']) {
    const width = ({ low, high }: MetricValue) => high! - low!;
    expect(width(grouped[name]!)).toBeGreaterThan(1.5 * width(plain[name]!));
    expect(few[name]).toEqual({ value: plain[name]!.value, interval: 'tooFewGroups' });
  }
  expect(
    structureGaps(
      scores,
      scores,
      20,
      groups.map((g) => g % 4),
    )['reconstructionError'],
  ).toEqual({
    gap: 0,
    interval: 'tooFewGroups',
  });
});

test('without one error, groups count as one row each', () => {
  const y = Float64Array.from({ length: 200 }, (_, i) => Number(Math.floor(i / 10) % 2));
  const proba = matrix(Float64Array.from([...y].flatMap((v) => [1 - v, v])), 200, 2);
  const said = { labels: y, proba };
  const groups = y.map((_, i) => Math.floor(i / 10));
  const [plain, grouped] = [scoreWithIntervals(said, y), scoreWithIntervals(said, y, { groups })];
  expect(plain['accuracy']!.low).toBeGreaterThan(0.98);
  expect(grouped['accuracy']!.low).toBeLessThan(0.9);
  for (const name of ['logLoss', 'brier']) expect(grouped[name]!.high! / plain[name]!.high!).toBeGreaterThan(8);
});

test('many groups are joined; rows of a negative code stand alone', () => {
  expect(clustersOf([7, -1, 7, -1, 3], 1)).toEqual({ of: Uint32Array.of(0, 1, 0, 2, 3), nClusters: 4 });
  const many = clustersOf(
    Float64Array.from({ length: 1000 }, (_, i) => i),
    1,
  );
  expect(many.nClusters).toBe(200);
  expect(effectiveClusters(many)).toBeCloseTo(200, 9);
  expect(effectiveClusters({ of: Uint32Array.of(0, 0, 0, 1), nClusters: 2 })).toBeCloseTo(1.6, 9);
});

test('stretches of time: twenty in order, one time in one stretch, rows without a time first', () => {
  const times = Float64Array.from({ length: 400 }, (_, i) => -i);
  const codes = stretchesOf(times);
  expect([codes[399], codes[380], codes[379], codes[0]]).toEqual([0, 0, 1, 19]);
  expect(new Set(codes).size).toBe(20);
  expect([...stretchesOf([5, 5, NaN, 5])].slice(0, 2)).toEqual([5, 5]);
  expect(stretchesOf([5, 5, NaN, 5])[2]).toBe(0);
});
