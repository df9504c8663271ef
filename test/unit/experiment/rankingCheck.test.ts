import { expect, test } from 'vitest';
import { TuneConfig } from '../../../main/contract/config.ts';
import { checkRanking, spreadOut } from '../../../main/experiment/coreset/rankingCheck.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { logisticRegression } from '../../../main/models/linear/logisticRegression.ts';
import type { Fold } from '../../../main/tune/folds.ts';

function rows(n: number, seed: number) {
  const rng = createRng(seed);
  const data = Float64Array.from({ length: 4 * n }, () => rng.normal());
  const y = Float64Array.from({ length: n }, (_, i) => Number(data[4 * i]! + rng.normal() > 0));
  return { X: { data, nRows: n, nCols: 4 }, y };
}

function foldOf(seed: number): Fold {
  const [train, held] = [rows(400, seed), rows(200, seed + 100)];
  return { trainX: train.X, trainY: train.y, testX: held.X, testY: held.y };
}

const C = Array.from({ length: 12 }, (_, i) => 10 ** (i / 2 - 4));

function request(searchS: number, allRows: Iterable<Fold> & { length: number }) {
  const tune = TuneConfig.parse({ method: 'grid', space: { C }, metric: 'logLoss' });
  const trials = C.map((c, number) => ({
    number,
    params: { C: c },
    mean: 0.7 - 0.01 * number,
    standardError: 0.01,
    foldScores: [],
    seconds: searchS / 100,
    state: 'done' as const,
  }));
  return {
    tuned: { params: {}, trials, metric: 'logLoss', nRows: 400 },
    searchS,
    options: {
      entry: logisticRegression,
      params: {},
      tune,
      metric: 'logLoss' as const,
      target: { task: 'binary', nClasses: 2 } as const,
      features: [],
      threads: 1,
    },
    allRows: () => allRows,
    otherDraw: () => null,
    nTrain: 400,
  };
}

/** Folds that take a while to make. */
function slow(ms: number) {
  let nMade = 0;
  return {
    length: 2,
    get nMade() {
      return nMade;
    },
    *[Symbol.iterator]() {
      for (const seed of [1, 2]) {
        const from = performance.now();
        while (performance.now() - from < ms);
        nMade++;
        yield foldOf(seed);
      }
    },
  };
}

test('a ranking is checked on as many configurations as a fifth of the time of the search allows', async () => {
  const folds = slow(60);
  const from = performance.now();
  const check = await checkRanking(request(6, folds), quietTask);
  const seconds = (performance.now() - from) / 1000;
  // One fold may have been longer than those before it.
  expect(seconds).toBeLessThan(1.2 + 0.5);
  expect(check!.nConfigurations).toBeGreaterThanOrEqual(3);
  expect(check!.nConfigurations).toBeLessThan(12);
  expect(check!.explanation).toMatch(new RegExp(`^${check!.nConfigurations} of 12 configurations.*at most a fifth`));
});

test('fewer than three configurations tell nothing of a ranking', async () => {
  const folds = slow(60);
  expect(await checkRanking(request(0.8, folds), quietTask)).toBeNull();
  expect(folds.nMade).toBeLessThanOrEqual(4);
  const none = slow(0);
  expect(
    await checkRanking({ ...request(1, none), tuned: { ...request(1, none).tuned, trials: [] } }, quietTask),
  ).toBeNull();
  expect(none.nMade).toBe(0);
});

test.each([3, 5, 12])('the first of %i places are spread over all, and each comes once', (n) => {
  const places = spreadOut(n);
  expect(places.slice(0, 3)).toEqual([0, n - 1, Math.round((n - 1) / 2)]);
  expect(places.toSorted((a, b) => a - b)).toEqual([...Array(n).keys()]);
});
