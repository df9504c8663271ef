import { describe, expect, test } from 'vitest';
import { inclusionByClass, inclusionProbabilities } from '../../../main/coreset/draw/inclusion.ts';
import { pilotRows, Reservoir, thin } from '../../../main/coreset/draw/reservoir.ts';
import { systematicDraw } from '../../../main/coreset/draw/systematic.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { makeRows, inChunks } from './data.ts';

const sum = (values: Iterable<number>) => [...values].reduce((s, v) => s + v, 0);

describe('inclusionProbabilities', () => {
  test.each([
    { name: 'equal scores', score: [1, 1, 1, 1], size: 2, want: [0.5, 0.5, 0.5, 0.5] },
    { name: 'one is certain', score: [100, 1, 1, 1], size: 2, want: [1, 1 / 3, 1 / 3, 1 / 3] },
    { name: 'a chain of certain rows', score: [100, 10, 1, 1], size: 3, want: [1, 1, 0.5, 0.5] },
    { name: 'as many as there are', score: [1, 2], size: 5, want: [1, 1] },
    { name: 'a row without weight', score: [0, 1, 1], size: 1, want: [0, 0.5, 0.5] },
  ])('$name', ({ score, size, want }) => {
    const pi = inclusionProbabilities(Float64Array.from(score), size);
    want.forEach((p, i) => expect(pi[i]!).toBeCloseTo(p, 12));
  });

  test.each([1, 2, 3, 4, 5])('sums to the size and is proportional below 1, seed %i', (seed) => {
    const rng = createRng(seed);
    const score = Float64Array.from({ length: 1000 }, () => Math.exp(3 * rng.normal()));
    const pi = inclusionProbabilities(score, 100);
    expect(sum(pi)).toBeCloseTo(100, 8);
    const rates = [...pi].flatMap((p, i) => (p < 1 ? [p / score[i]!] : []));
    expect(Math.max(...rates) / Math.min(...rates)).toBeCloseTo(1, 9);
    const certain = [...score].filter((_, i) => pi[i] === 1);
    const drawn = [...score].filter((_, i) => pi[i]! < 1);
    expect(Math.min(...certain, Infinity)).toBeGreaterThan(Math.max(...drawn));
  });
});

describe('inclusionByClass', () => {
  const y = Float64Array.from({ length: 1000 }, (_, i) => (i < 5 ? 2 : i < 100 ? 1 : 0));
  const score = new Float64Array(1000).fill(1);
  const massOf = (pi: Float64Array, k: number) => sum(pi.filter((_, i) => y[i] === k));

  test('lifts small classes to the minimum, and to all they have', () => {
    const pi = inclusionByClass(score, y, 3, 100, { minimum: 20 });
    expect(massOf(pi, 2)).toBe(5);
    expect(massOf(pi, 1)).toBeCloseTo(20, 9);
    expect(sum(pi)).toBeCloseTo(100, 9);
  });

  test('keeps to the sizes asked for; a class with fewer rows gives all', () => {
    const sizes = new Map<number, number | 'all'>([
      [1, 'all'],
      [2, 50],
    ]);
    const pi = inclusionByClass(score, y, 3, 200, { sizes, minimum: 0 });
    expect([massOf(pi, 1), massOf(pi, 2)]).toEqual([95, 5]);
    expect(massOf(pi, 0)).toBeCloseTo(100, 9);
  });

  test('a class that is not wanted is not drawn', () => {
    const pi = inclusionByClass(score, y, 3, 50, { sizes: new Map([[0, 0]]), minimum: 20 });
    expect(massOf(pi, 0)).toBe(0);
  });
});

describe('systematicDraw', () => {
  test.each([100, 20_000])('draws Σπ rows, certain rows always, each at its own rate; n = %i', (n) => {
    const rng = createRng(n);
    const pi = inclusionProbabilities(
      Float64Array.from({ length: n }, () => Math.exp(2 * rng.normal())),
      40,
    );
    const key = Float64Array.from({ length: n }, () => rng.uniform());
    const counts = new Float64Array(n);
    const nDraws = 400;
    for (let k = 0; k < nDraws; k++) {
      const rows = systematicDraw(pi, key, rng);
      expect(Math.abs(rows.length - 40)).toBeLessThanOrEqual(1);
      for (const i of rows) counts[i]!++;
    }
    const certain = [...pi.keys()].filter((i) => pi[i] === 1);
    expect(certain.every((i) => counts[i] === nDraws)).toBe(true);
    const z = [...pi.keys()]
      .filter((i) => pi[i]! < 1 && pi[i]! > 0.05)
      .map((i) => (counts[i]! - nDraws * pi[i]!) / Math.sqrt(nDraws * pi[i]! * (1 - pi[i]!)));
    expect(Math.max(...z.map(Math.abs), 0)).toBeLessThan(5);
  });

  test('spreads evenly over the key', () => {
    const n = 10_000;
    const key = Float64Array.from({ length: n }, (_, i) => i / n);
    const rows = systematicDraw(new Float64Array(n).fill(0.01), key, createRng(1));
    const tenths = new Float64Array(10);
    for (const i of rows) tenths[Math.floor(10 * key[i]!)]!++;
    tenths.forEach((count) => expect(Math.abs(count - 10)).toBeLessThanOrEqual(1));
  });
});

describe('Reservoir', () => {
  const rows = makeRows(5000, 3, 2, 4);
  const sampleOf = async (sizes: number[]) => {
    const source = inChunks(rows, sizes);
    const reservoir = new Reservoir(source, createRng(2));
    for await (const chunk of source.chunks()) reservoir.add(chunk);
    return reservoir.sample();
  };

  test('does not depend on the chunks, and weights come to the rows seen', async () => {
    const [a, b] = [await sampleOf([5000]), await sampleOf([7, 1000, 1])];
    expect(a).toEqual(b);
    expect(sum(a.weight)).toBeCloseTo(5000, 6);
  });

  test('pilot rows hold both classes and keep class totals', async () => {
    const sample = await sampleOf([500]);
    const pilot = thin(sample, pilotRows(sample, 400, createRng(1)));
    const ones = sum(pilot.weight.filter((_, i) => pilot.y[i] === 1));
    expect(ones).toBeCloseTo(sum(rows.y), 6);
    expect(Math.abs(pilot.y.length - 400)).toBeLessThanOrEqual(2);
  });

  test('a row without weight is never drawn', async () => {
    const reservoir = new Reservoir({ nFeatures: 1, target: null }, createRng(0));
    const X = { data: new Float64Array([1, 2, 3]), nRows: 3, nCols: 1 };
    reservoir.add({
      X,
      y: new Float64Array(3),
      rowIds: new Uint32Array([0, 1, 2]),
      sampleWeight: new Float64Array([1, 0, 2]),
    });
    const { X: kept, weight } = reservoir.sample();
    expect([...kept.data]).toEqual([1, 3]);
    expect([...weight]).toEqual([1, 2]);
  });
});
