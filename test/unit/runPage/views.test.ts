import { expect, test } from 'vitest';
import type { FidelityCurve } from '../../../main/contract/coreset.ts';
import type { ShapAnswer } from '../../../main/contract/explain.ts';
import { EXCESS, fidelityMeasures, fidelitySeries, gapAt } from '../../../renderer/pages/coreset/fidelityView.ts';
import { weightBins } from '../../../renderer/pages/coreset/weightBins.ts';
import { swarmFeatures } from '../../../renderer/pages/explain/swarmFeatures.ts';

const band = (median: number) => ({ median, low: median / 2, high: median * 2 });
const curve: FidelityCurve = {
  coresetId: 'cor_1',
  nValidation: 100,
  advice: [],
  points: [
    { size: 500, sample: 'coreset', excessLoss: band(0.01), gaps: { rocAuc: band(0.002) }, nDraws: 5 },
    { size: 2000, sample: 'coreset', excessLoss: band(0.001), gaps: { rocAuc: band(0.0004) }, nDraws: 5 },
    { size: 2000, sample: 'uniform', excessLoss: band(0.1), gaps: {}, nDraws: 5 },
  ],
};

test('fidelity by measure and sample', () => {
  expect(fidelityMeasures(curve).map((m) => m.key)).toEqual([EXCESS, 'rocAuc']);
  expect(fidelitySeries(curve, EXCESS).map((s) => [s.sample, s.points.length])).toEqual([
    ['coreset', 2],
    ['uniform', 1],
  ]);
  expect(fidelitySeries(curve, 'rocAuc').map((s) => s.sample)).toEqual(['coreset']);
  expect(gapAt(curve, EXCESS, 'coreset', 1900)).toMatchObject({ size: 2000, median: 0.001 });
  expect(gapAt(curve, 'rocAuc', 'stratified', 1900)).toBeNull();
});

test('weightBins counts every row once, the largest too', () => {
  const weights = [1, 1, 2, 3, 50, 100];
  const { edges, counts } = weightBins(weights);
  expect(counts.reduce((a, b) => a + b, 0)).toBe(weights.length);
  expect(counts.at(-1)).toBe(1);
  expect(edges[0]).toBe(0);
  expect(edges.at(-1)).toBe(100);
  expect(weightBins([])).toEqual({ edges: [], counts: [] });
});

test('swarmFeatures: most important first, numbers by rank, ties in their middle', () => {
  const answer: ShapAnswer = {
    rowsKind: 'validation',
    nRows: 3,
    unit: 'log-odds',
    base: 0,
    features: ['city', 'age'],
    rowIds: [0, 1, 2],
    values: [
      [0.1, 1],
      [0, -1],
      [0, 2],
    ],
    cells: [
      ['Rome', 20],
      ['Oslo', 20],
      [null, 1e9],
    ],
    predictions: [0, 0, 0],
  };
  const [first, second] = swarmFeatures(answer);
  expect(first?.name).toBe('age');
  expect(first?.levels).toEqual([0.25, 0.25, 1]);
  expect(second?.levels).toEqual([null, null, null]);
  expect(second?.texts).toEqual(['Rome', 'Oslo', 'missing']);
});
