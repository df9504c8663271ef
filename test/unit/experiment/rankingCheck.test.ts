import { expect, test } from 'vitest';
import { TuneConfig } from '../../../main/contract/config.ts';
import { checkRanking } from '../../../main/experiment/coreset/rankingCheck.ts';
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

function request(configurations: number, size: number, nTrain: number) {
  const values = Array.from({ length: configurations }, (_, i) => 10 ** (i / 4 - 4));
  const tune = TuneConfig.parse({ method: 'grid', space: { C: values }, metric: 'logLoss' });
  const trials = values.map((c, number) => ({
    number,
    params: { C: c },
    mean: 0.7 - 0.01 * number,
    standardError: 0.01,
    foldScores: [],
    seconds: 1,
    state: 'done' as const,
  }));
  const scored: string[] = [];
  const folds = (name: string) => () => {
    scored.push(name);
    return [foldOf(1), foldOf(2)];
  };
  return {
    scored,
    tuned: { params: {}, trials, metric: 'logLoss', nRows: size },
    options: {
      entry: logisticRegression,
      params: {},
      tune,
      metric: 'logLoss' as const,
      target: { task: 'binary', nClasses: 2 } as const,
      features: [],
      threads: 1,
    },
    service: 'logistic',
    shape: { nTrain, nValidation: 500, nFeatures: 40, nClasses: 2 },
    nFolds: 5,
    allRows: folds('all rows'),
    otherDraw: folds('another draw'),
  };
}

test.each([
  { configurations: 40, size: 20_000, nTrain: 1_000_000, rows: 'another draw', n: 6 },
  { configurations: 40, size: 20_000, nTrain: 40_000, rows: 'all rows', n: 4 },
  { configurations: 15, size: 20_000, nTrain: 1_000_000, rows: null, n: 0 },
  { configurations: 2, size: 20_000, nTrain: 1_000_000, rows: null, n: 0 },
])('$configurations configurations on $size of $nTrain rows: $n are scored again on $rows', async (each) => {
  const asked = request(each.configurations, each.size, each.nTrain);
  const check = await checkRanking(asked, quietTask);
  expect(asked.scored).toEqual(each.rows === null ? [] : [each.rows]);
  expect(check?.nConfigurations ?? 0).toBe(each.n);
  // No clock decides: the same search is told the same of its ranking.
  expect(await checkRanking(request(each.configurations, each.size, each.nTrain), quietTask)).toEqual(check);
  const told = new RegExp(`^${each.n} of ${each.configurations} configurations.*at most a fifth`);
  expect(check?.explanation ?? '').toMatch(each.n > 0 ? told : /^$/);
});
