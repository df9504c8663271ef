import { expect, test } from 'vitest';
import type { FidelityCurve } from '../../../main/contract/coreset.ts';
import { adviceOf } from '../../../main/jobs/kinds/fidelity/advice.ts';
import { band, pointOf, sizesAround } from '../../../main/jobs/kinds/fidelity/points.ts';

type Point = FidelityCurve['points'][number];

const training = { name: 'training loss', rows: 'training', nRows: 8000, tolerance: 0.001 } as const;
const heldOut = { name: 'log loss', rows: 'validation', nRows: 2000, tolerance: 0.01 } as const;
const point = (sample: Point['sample'], size: number, low: number, median: number, high: number): Point => ({
  sample,
  size,
  nDraws: 5,
  excessLoss: { low, median, high },
  gaps: {},
});

test.each([
  {
    name: 'less would do',
    points: [point('coreset', 500, 0.0002, 0.0005, 0.0008), point('coreset', 2000, 1e-5, 2e-5, 3e-5)],
    loss: training,
    says: [/^2,000 rows are within 0.003 % of all rows in training loss; 500 would do \(0.08 %\)\.$/],
  },
  {
    name: 'far, a level of the tree is near enough',
    points: [point('coreset', 2000, 0.02, 0.03, 0.05), point('coreset', 4000, 0.001, 0.005, 0.01)],
    loss: training,
    says: [/within 5 %/, /use level 1 of this tree, 4,100 rows\./],
  },
  {
    name: 'far, and a smaller one that came out nearer is no way out',
    points: [point('coreset', 1000, 0.001, 0.002, 0.01), point('coreset', 2000, 0.02, 0.03, 0.05)],
    loss: training,
    levels: [2000],
    says: [/within 5 %/, /take a larger coreset, or train on all rows/],
  },
  {
    name: 'refreshed leaves are near enough',
    points: [point('coreset', 2000, 0.1, 0.15, 0.2), point('refreshed', 2000, 0.01, 0.02, 0.03)],
    loss: heldOut,
    says: [/within 20 % of all rows in log loss on held-out rows/, /refreshed on all rows they are within 3 %/],
  },
  {
    name: 'as good as all rows',
    points: [point('coreset', 2000, -0.02, -0.01, -0.001)],
    loss: heldOut,
    says: [/^2,000 rows do as well as all rows in log loss on held-out rows\.$/],
  },
  {
    name: 'a plain sample is off',
    points: [point('coreset', 2000, 1e-5, 2e-5, 3e-5), point('uniform', 2000, 0.05, 0.08, 0.1)],
    loss: training,
    says: [/within/, /^Do not sample these data uniformly: 2,000 rows drawn evenly are 8 % off\.$/],
  },
  {
    name: 'a plain sample is as good, or better',
    points: [point('coreset', 2000, 0.01, 0.02, 0.03), point('stratified', 2000, 0.01, 0.018, 0.025)],
    loss: heldOut,
    says: [/within/, /A stratified sample of 2,000 rows is as good here: 1.8 % off, the coreset 2 %/],
  },
])('advice: $name', ({ points, loss, levels = [2000, 4100, 8000], says }) => {
  const advice = adviceOf(points, 2000, loss, { levels });
  expect(advice).toHaveLength(says.length);
  says.forEach((pattern, i) => expect(advice[i]).toMatch(pattern));
});

test('advice: rows that matter much more than others are named', () => {
  const advice = adviceOf([point('coreset', 2000, 1e-5, 2e-5, 3e-5)], 2000, training, { maxToMean: 512.4 });
  expect(advice.at(-1)).toBe('Do not sample these data uniformly: single rows matter up to 512 times the average.');
});

test('bands lie between draws', () => {
  expect(band([5, 1, 3, 2, 4])).toEqual({ median: 3, low: 1.4, high: 4.6 });
  expect(band([7])).toEqual({ median: 7, low: 7, high: 7 });
  const gaps = (gap: number) => ({ rocAuc: { gap } });
  const { excessLoss, gaps: found } = pointOf(100, 'coreset', [
    { excess: 0.1, gaps: gaps(-1) },
    { excess: 0.3, gaps: gaps(-3) },
  ]);
  expect(excessLoss.median).toBeCloseTo(0.2, 12);
  expect(found['rocAuc']!.median).toBe(-2);
});

test('sizes are an eighth to twice the coreset, none below twenty rows', () => {
  expect(sizesAround(2000)).toEqual([250, 500, 1000, 2000, 4000]);
  expect(sizesAround(60)).toEqual([30, 60, 120]);
});
