import { expect, test } from 'vitest';
import { TuneConfig } from '../../../main/contract/config.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { logisticRegression } from '../../../main/models/linear/logisticRegression.ts';
import { scoreTrial, search, type SearchOptions } from '../../../main/tune/search.ts';

function part(n: number, classOf: (i: number) => number) {
  const rng = createRng(n);
  const y = Float64Array.from({ length: n }, (_, i) => classOf(i));
  return { X: { data: Float64Array.from(y, (v) => v + rng.normal()), nRows: n, nCols: 1 }, y };
}

function fold(trainClass: (i: number) => number, testClass: (i: number) => number) {
  const [train, held] = [part(60, trainClass), part(30, testClass)];
  return { trainX: train.X, trainY: train.y, testX: held.X, testY: held.y };
}

const both = (i: number) => i % 2;
const one = () => 0;

const options = (folds: SearchOptions['folds']): SearchOptions => ({
  entry: logisticRegression,
  params: {},
  tune: TuneConfig.parse({ method: 'grid', space: { C: [0.1, 1] }, folds: 3, metric: 'rocAuc' }),
  metric: 'rocAuc',
  folds,
  target: { task: 'binary', nClasses: 2, classNames: ['no', 'yes'] },
  features: [],
  threads: 1,
});

test.each([
  [
    'whose held-out rows lack a class',
    [fold(both, both), fold(both, both), fold(both, one)],
    /^Fold 3 of 3 holds no row of class "yes"/,
  ],
  ['that cannot be fitted', [fold(both, both), fold(one, both), fold(both, both)], /^Fold 2 of 3: /],
])('a fold %s fails its trial and names itself', async (_, folds, says) => {
  const trial = await scoreTrial(0, { C: 1 }, options(folds), quietTask);
  expect(trial).toMatchObject({ state: 'failed', mean: null, standardError: null });
  expect(trial.error).toMatch(says);
  await expect(search(options(folds), quietTask)).rejects.toMatchObject({
    code: 'TUNE_ALL_FAILED',
    message: expect.stringMatching(/scored on every fold/) as string,
    fix: { label: expect.stringMatching(/fewer folds.*another metric.*stratified.*larger coreset/) as string },
  });
});

test('a parameter that cannot be is no fault of the folds', async () => {
  const wrong = { ...options([fold(both, both)]), params: { penalty: 'none of these' } };
  await expect(search(wrong, quietTask)).rejects.toMatchObject({ fix: { label: 'Change the search space' } });
});
