import { describe, expect, test } from 'vitest';
import { createRng } from '../../../main/kernels/rng.ts';
import { dealFolds } from '../../../main/experiment/folds/deal.ts';
import { heldOut } from '../../../main/jobs/kinds/candidates/heldOut.ts';
import { estimatorEntry } from '../../../main/models/registry.ts';
import { chooseCandidates, factsOf, metricFor } from '../../../main/tune/candidates/choose.ts';
import { costModel } from '../../../main/tune/candidates/cost.ts';
import { foldInterval } from '../../../main/tune/candidates/paired.ts';
import { summarise, type DataSummary } from '../../../main/tune/candidates/summary.ts';

const plain: DataSummary = {
  task: 'binary',
  nRows: 10_000,
  nNumbers: 8,
  nCategories: 2,
  nTexts: 0,
  mostLevels: 5,
  nEncoded: 18,
  nMissingColumns: 0,
  missingShare: 0,
  nClasses: 2,
  rarestClass: { name: 'yes', nRows: 4000, share: 0.4 },
};
const rare = { name: 'yes', nRows: 30, share: 0.003 };

describe('candidates', () => {
  test.each([
    ['mid-sized tables', {}, ['logisticRegression', 'gradientBoosting', 'randomForest']],
    ['few rows of numbers', { nRows: 700 }, ['logisticRegression', 'gradientBoosting', 'svc']],
    ['many rows of numbers', { nRows: 200_000 }, ['logisticRegression', 'gradientBoosting', 'neuralNetwork']],
    [
      'few rows of categories',
      { nRows: 700, nNumbers: 1, nCategories: 9 },
      ['logisticRegression', 'gradientBoosting', 'extraTrees'],
    ],
    [
      'numbers to predict',
      { task: 'regression', nClasses: 0, rarestClass: null, nRows: 500 },
      ['ridge', 'gradientBoosting', 'svr'],
    ],
    ['a rare class', { nRows: 200_000, rarestClass: rare }, ['logisticRegression', 'gradientBoosting', 'randomForest']],
  ] as const)('for %s', async (_, change, types) => {
    const found = chooseCandidates({ ...plain, ...change });
    expect(found.map(({ type }) => type)).toEqual(types);
    for (const { type, params, space, reasons } of found) {
      const { make } = await estimatorEntry(type);
      expect(() => make(params)).not.toThrow();
      for (const [name, values] of Object.entries(space)) {
        for (const value of values as unknown[]) expect(() => make({ ...params, [name]: value })).not.toThrow();
      }
      expect(reasons.length).toBeGreaterThan(0);
    }
  });

  test('of a rare class weigh it, take short steps and are ranked by precision', () => {
    const data = { ...plain, rarestClass: rare };
    const [linear, boosting] = chooseCandidates(data);
    expect(linear!.params).toMatchObject({ classWeight: 'balanced' });
    expect(boosting!.params).toMatchObject({ learningRate: 0.03 });
    expect(metricFor(data)).toBe('averagePrecision');
    expect(metricFor(plain)).toBe('rocAuc');
    expect(factsOf(data).join(' ')).toContain('30 rows (0.30 %)');
  });

  test('are chosen by what is in the columns', () => {
    const text = Array.from({ length: 300 }, (_, i) => `words of row ${i}`);
    const data = summarise(
      {
        nRows: 300,
        columns: [
          { kind: 'number', name: 'a', values: Float64Array.from({ length: 300 }, (_, i) => (i < 30 ? NaN : i)) },
          {
            kind: 'category',
            name: 'b',
            codes: Int32Array.from({ length: 300 }, (_, i) => i % 4),
            levels: ['p', 'q', 'r', 's'],
          },
          { kind: 'category', name: 'c', codes: Int32Array.from({ length: 300 }, (_, i) => i), levels: text },
        ],
      },
      Float64Array.from({ length: 300 }, (_, i) => (i === 0 ? NaN : Number(i < 10))),
      'binary',
      ['no', 'yes'],
    );
    expect(data).toMatchObject({
      nRows: 299,
      nNumbers: 1,
      nCategories: 1,
      nTexts: 1,
      mostLevels: 4,
      nMissingColumns: 1,
    });
    expect(data.missingShare).toBeCloseTo(30 / 900, 12);
    expect(data.rarestClass).toMatchObject({ name: 'yes', nRows: 9 });
    expect(chooseCandidates(data)[0]!.patch).toEqual({ 'preprocess.text': 'tfidf' });
  });
});

describe('the cost of a fit', () => {
  test('grows as it was measured', () => {
    const linear = costModel(
      [
        { nRows: 100, seconds: 0.2 },
        { nRows: 1100, seconds: 0.4 },
      ],
      1,
    );
    expect(linear(1100)).toBeCloseTo(0.4, 12);
    expect(linear(101_100)).toBeCloseTo(0.2 + 0.2 * 101, 9);
    const square = costModel(
      [
        { nRows: 100, seconds: 1 },
        { nRows: 200, seconds: 4 },
      ],
      2,
    );
    expect(square(1000)).toBeCloseTo(100, 9);
  });

  test('is told from the nearest measurements', () => {
    const secondsOf = costModel(
      [
        { nRows: 100, seconds: 0.1 },
        { nRows: 1000, seconds: 1 },
        { nRows: 2000, seconds: 1.1 },
      ],
      1,
    );
    expect(secondsOf(550)).toBeCloseTo(0.55, 9);
    expect(secondsOf(12_000)).toBeCloseTo(2.1, 9);
  });

  test('is not made nothing by noise', () => {
    expect(
      costModel(
        [
          { nRows: 300, seconds: 0.3 },
          { nRows: 1500, seconds: 0.2 },
        ],
        1,
      )(15_000),
    ).toBeCloseTo(2, 9);
  });
});

describe('an interval over folds', () => {
  test('is wider than that of independent scores, by the rows folds share', () => {
    // s² = 0.00025, t(4) = 2.776, 1/5 + 1/4 = 0.45
    const { mean, low, high } = foldInterval([0.88, 0.9, 0.9, 0.9, 0.92], 0.2);
    expect(mean).toBeCloseTo(0.9, 12);
    expect(high - mean).toBeCloseTo(2.776 * Math.sqrt(0.0002 * 0.45), 9);
    expect(mean - low).toBeCloseTo(high - mean, 12);
  });

  test('covers the truth about as often as it says', () => {
    // Folds whose errors share a part: the correlation Nadeau & Bengio correct for.
    const rng = createRng(3);
    let hits = 0;
    for (let r = 0; r < 2000; r++) {
      const shared = Math.sqrt(0.2) * rng.normal();
      const { low, high } = foldInterval(
        Array.from({ length: 5 }, () => shared + Math.sqrt(0.8) * rng.normal()),
        0.2,
      );
      hits += Number(low < 0 && high > 0);
    }
    expect(hits / 2000).toBeGreaterThan(0.93);
    expect(hits / 2000).toBeLessThan(0.99);
  });
});

test('held-out rows keep rare ones, and stand for all of their fold', () => {
  const rowIds = Uint32Array.from({ length: 60_000 }, (_, i) => 3 * i);
  const y = Float64Array.from(rowIds, (_, i) => Number(i % 500 === 0));
  const rows = { rowIds, y };
  const dealt = dealFolds({ kind: 'random' }, { nFolds: 5, seed: 1, rows, isRegression: false, treeParts: 60 });
  const foldOf = dealt.part.map((part) => dealt.scoredBy[part]!);
  heldOut(dealt, y, false, 1).forEach((test, fold) => {
    const inFold = foldOf.reduce((n, f) => n + Number(f === fold), 0);
    const rareInFold = foldOf.reduce((n, f, i) => n + Number(f === fold && y[i] === 1), 0);
    expect(test.rows.length).toBeLessThan(4300);
    expect(test.rows.every((i) => foldOf[i] === fold)).toBe(true);
    expect(test.weight.reduce((a, b) => a + b, 0)).toBeCloseTo(inFold, 6);
    expect(test.rows.filter((i) => y[i] === 1)).toHaveLength(rareInFold);
  });
});
