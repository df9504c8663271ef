import { describe, expect, test } from 'vitest';
import { PreprocessConfig } from '../../../../main/contract/config.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import { timePart, type TimePart } from '../../../../main/models/preprocess/dates.ts';
import { minimise } from '../../../../main/models/preprocess/minimise.ts';
import { fitNumber, numberValue } from '../../../../main/models/preprocess/numberColumn.ts';
import { fitYeoJohnson, yeoJohnson } from '../../../../main/models/preprocess/yeoJohnson.ts';

const values = (list: (number | null)[]) => Float64Array.from(list, (v) => v ?? NaN);

test.each([
  { name: 'standard', config: { scale: 'standard' }, x: [1, 3, 5, 7], cell: 1, want: -3 / Math.sqrt(5) },
  { name: 'minMax', config: { scale: 'minMax' }, x: [2, 4, 10], cell: 4, want: 0.25 },
  { name: 'robust', config: { scale: 'robust' }, x: [1, 2, 3, 4, 1000], cell: 5, want: 1 },
  { name: 'none', config: { scale: 'none' }, x: [1, 2, 3], cell: 9, want: 9 },
  { name: 'mean of the rest', config: { scale: 'none', impute: 'mean' }, x: [1, null, 5], cell: NaN, want: 3 },
  { name: 'median', config: { scale: 'none' }, x: [1, null, 5, 100], cell: NaN, want: 5 },
  { name: 'mode', config: { scale: 'none', impute: 'mode' }, x: [1, null, 5, 5], cell: NaN, want: 5 },
  {
    name: 'infinite as missing',
    config: { scale: 'none', impute: 'mean' },
    x: [1, Infinity, 5, -Infinity],
    cell: Infinity,
    want: 3,
  },
  { name: 'constant', config: { scale: 'none', impute: 'constant', imputeValue: -1 }, x: [1, 5], cell: NaN, want: -1 },
])('numbers: $name', ({ config, x, cell, want }) => {
  const plan = fitNumber('x', values(x), PreprocessConfig.parse(config), false, 'value')!;
  expect(numberValue(plan, cell)).toBeCloseTo(want, 12);
});

test.each([
  { x: 3, lambda: 1, want: 3 },
  { x: -3, lambda: 1, want: -3 },
  { x: 3, lambda: 0, want: Math.log(4) },
  { x: -3, lambda: 2, want: -Math.log(4) },
  { x: 3, lambda: 2, want: 7.5 },
  { x: -3, lambda: 0, want: -7.5 },
])('Yeo–Johnson of $x with λ = $lambda', ({ x, lambda, want }) => {
  expect(yeoJohnson(x, lambda)).toBeCloseTo(want, 12);
});

describe('power scaling', () => {
  const config = PreprocessConfig.parse({ scale: 'power' });

  test('skewed values with gaps get mean 0, deviation 1 and next to no skew', () => {
    const rng = createRng(1);
    const x = Float64Array.from({ length: 2000 }, (_, i) => (i % 20 === 0 ? NaN : Math.expm1(4 + rng.normal())));
    const plan = fitNumber('x', x, config, false, 'value')!;
    const z = x.map((v) => numberValue(plan, v));
    const moment = (p: number) => z.reduce((s, v) => s + v ** p, 0) / z.length;
    expect(moment(1)).toBeCloseTo(0, 9);
    expect(moment(2)).toBeCloseTo(1, 9);
    expect(plan.power).toBeCloseTo(0, 1);
    expect(Math.abs(moment(3))).toBeLessThan(0.15);
  });

  test.each([
    { name: 'years, whose best λ would overflow', x: [2003, 1950, 1997, 2000, 2009, 2009, 1980, 1999, 2007, 1991] },
    { name: 'huge', x: [1e150, 2e150, 5e150, 1e149] },
    { name: 'hardly different', x: [1e9, 1e9 + 1e-6, 1e9 + 2e-6] },
    { name: 'one value and a gap', x: [3, 3, null] },
  ])('stays finite and in order: $name', ({ x }) => {
    const all = PreprocessConfig.parse({ scale: 'power', dropConstant: false });
    const plan = fitNumber('x', values(x), all, false, 'value')!;
    const sorted = x.filter((v) => v !== null).toSorted((a, b) => a - b);
    const z = sorted.map((v) => numberValue(plan, v));
    expect(z.every(Number.isFinite)).toBe(true);
    z.forEach((v, i) => expect(i === 0 || v >= z[i - 1]!).toBe(true));
    expect(sorted.at(-1)! / sorted[0]! < 1.001 || z.at(-1)! > z[0]!).toBe(true);
  });

  test('λ of evenly spaced values in order is that of all', () => {
    const rng = createRng(2);
    const x = Float64Array.from({ length: 400_000 }, () => rng.normal() ** 2).sort();
    const tenth = x.filter((_, i) => i % 10 === 5);
    expect(fitYeoJohnson(x)).toBeCloseTo(fitYeoJohnson(tenth), 2);
  });

  test('models that take numbers as they are get them as they are', () => {
    const plan = fitNumber('x', values([1, 10, 100, null]), config, true, 'value')!;
    expect(numberValue(plan, 7)).toBe(7);
    expect(numberValue(plan, NaN)).toBeNaN();
  });
});

test.each([
  { name: 'a parabola', f: (x: number) => (x - 3.25) ** 2, want: 3.25 },
  { name: 'far away', f: (x: number) => Math.abs(x + 731), want: -731 },
  { name: 'beside a wall', f: (x: number) => (x > 2 ? Infinity : -x), want: 2 },
  { name: 'at the start', f: (x: number) => Math.cosh(x - 1), want: 1 },
])('minimise: $name', ({ f, want }) => {
  expect(minimise(f, 1)).toBeCloseTo(want, 5);
});

test('parts of times are those of the calendar', () => {
  const rng = createRng(3);
  for (let i = 0; i < 2000; i++) {
    const seconds = Math.round((rng.uniform() - 0.4) * 1.5e10);
    const date = new Date(seconds * 1000);
    const want: Record<TimePart, number> = {
      value: seconds,
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      weekday: (date.getUTCDay() + 6) % 7,
      hour: date.getUTCHours(),
    };
    for (const part of Object.keys(want) as TimePart[]) expect(timePart(seconds, part)).toBe(want[part]);
  }
});
