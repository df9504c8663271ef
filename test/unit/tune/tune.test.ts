import { describe, expect, test } from 'vitest';
import { createRng } from '../../../main/kernels/rng.ts';
import { kFolds } from '../../../main/tune/folds.ts';
import { at, drawParams, expandGrid, positionIn } from '../../../main/tune/space.ts';
import { suggest, type Observation } from '../../../main/tune/tpe.ts';

describe('a search space', () => {
  test('as a grid: all combinations, ranges in five steps', () => {
    expect(expandGrid({ a: [1, 2], b: ['x', 'y', 'z'] })).toHaveLength(6);
    const steps = expandGrid({ C: { min: 0.01, max: 100, log: true, int: false } }).map(({ C }) => C as number);
    steps.forEach((value, i) => expect(value).toBeCloseTo(10 ** (i - 2), 10));
    expect(expandGrid({ k: { min: 1, max: 2, log: false, int: true } }).map(({ k }) => k)).toEqual([1, 2]);
  });

  test('positions and values are inverse', () => {
    const range = { min: 0.5, max: 80, log: true, int: false };
    for (const u of [0, 0.3, 1]) expect(positionIn(range, at(range, u))).toBeCloseTo(u, 12);
  });

  test('draws stay inside and are seeded', () => {
    const space = { C: { min: 1, max: 10, log: false, int: true }, k: ['a', 'b'] };
    const draws = Array.from({ length: 200 }, (_, i) => drawParams(space, createRng(i)));
    expect(draws.every(({ C }) => Number.isInteger(C) && (C as number) >= 1 && (C as number) <= 10)).toBe(true);
    expect(new Set(draws.map(({ k }) => k)).size).toBe(2);
    expect(drawParams(space, createRng(4))).toEqual(draws[4]);
  });
});

describe('folds', () => {
  test('each row is tested once; class shares are equal', () => {
    const classes = Float64Array.from({ length: 103 }, (_, i) => (i < 20 ? 1 : 0));
    const folds = kFolds(103, 5, createRng(1), classes);
    expect(folds.flatMap((fold) => [...fold]).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 103 }, (_, i) => i),
    );
    for (const fold of folds) expect(fold.filter((i) => classes[i] === 1)).toHaveLength(4);
  });
});

test('the Parzen estimator finds a valley that random search misses', () => {
  const space = {
    x: { min: -5, max: 5, log: false, int: false },
    y: { min: 0.001, max: 1000, log: true, int: false },
    kind: ['flat', 'steep', 'other'],
  };
  const loss = ({ x, y, kind }: Record<string, unknown>) =>
    (Number(x) - 1.3) ** 2 + (Math.log10(Number(y)) + 1) ** 2 + (kind === 'steep' ? 0 : 1);
  const best = (seed: number, isGuided: boolean) => {
    const rng = createRng(seed);
    const seen: Observation[] = [];
    for (let t = 0; t < 60; t++) {
      const params = isGuided ? suggest(space, seen, rng) : drawParams(space, rng);
      seen.push({ params, loss: loss(params) });
    }
    return Math.min(...seen.map((o) => o.loss));
  };
  const seeds = Array.from({ length: 12 }, (_, i) => i);
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
  expect(median(seeds.map((s) => best(s, true)))).toBeLessThan(0.5 * median(seeds.map((s) => best(s, false))));
});
