import { expect, test } from 'vitest';
import { addRank, N_RANK, rankKnots } from '../../../main/coreset/services/linearLoss/rankCurve.ts';
import { createRng } from '../../../main/kernels/rng.ts';

const beta = Float64Array.of(1, 0);

function makeScores(n: number) {
  const rng = createRng(11);
  const y = Float64Array.from({ length: n }, () => Number(rng.uniform() < 0.3));
  const data = y.map((k) => k + rng.normal());
  return { X: { data, nRows: n, nCols: 1 }, y, weight: new Float64Array(n).fill(1) };
}

test('the sums of all rows tell the area under the ROC curve', () => {
  const rows = makeScores(3000);
  const knots = rankKnots(rows, beta);
  const sums = new Float64Array(N_RANK);
  rows.y.forEach((y, i) => addRank(knots, sums, 0, 1, y, rows.X.data[i]!, 0));
  const scoresOf = (k: number) => [...rows.X.data].filter((_, i) => rows.y[i] === k);
  const [low, high] = [scoresOf(0), scoresOf(1)];
  let above = 0;
  for (const a of high) for (const b of low) above += Number(a > b);
  const area = above / (low.length * high.length);
  // Positives lie above this share of negatives, negatives above the rest of the positives.
  expect(sums[2]! / high.length).toBeCloseTo(area, 2);
  expect(1 - sums[1]! / low.length).toBeCloseTo(area, 2);
  const hats = (k: number) => sums.slice(3 + 7 * k, 10 + 7 * k).reduce((sum, v) => sum + v, 0);
  expect(hats(0)).toBeCloseTo(low.length, 6);
  expect(hats(1)).toBeCloseTo(high.length, 6);
});

test.each([
  { name: 'below all knots', f: -99, hat: 0 },
  { name: 'above all knots', f: 99, hat: 6 },
])('a score $name counts for the outermost hat', ({ f, hat }) => {
  const knots = rankKnots(makeScores(500), beta);
  const sums = new Float64Array(N_RANK);
  addRank(knots, sums, 0, 2, 1, f, 0.25);
  expect(sums[0]).toBe(0.5);
  expect(sums[10 + hat]).toBe(2);
});

test('scores that are all the same, and a class without rows', () => {
  const flat = makeScores(100);
  flat.X.data.fill(1);
  const sums = new Float64Array(N_RANK);
  addRank(rankKnots(flat, beta), sums, 0, 1, 0, 1, 0.5);
  expect(sums.every(Number.isFinite)).toBe(true);
  expect(rankKnots({ ...flat, y: new Float64Array(100) }, beta)).toHaveLength(0);
});
