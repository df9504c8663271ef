import { expect, test } from 'vitest';
import { TuneConfig } from '../../../main/contract/config.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { logisticRegression } from '../../../main/models/linear/logisticRegression.ts';
import { isDefinedOn } from '../../../main/evaluate/definedOn.ts';
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

const counted = async (searched: SearchOptions) => {
  const lines: string[] = [];
  const failure = await search(searched, { ...quietTask, log: (line) => lines.push(line) }).then(
    () => null,
    (cause: unknown) => (cause as Error).message,
  );
  return { failure, nTried: lines.filter((line) => line.startsWith('trial')).length };
};

test.each([
  ['scoring', [fold(both, both), fold(both, one)], 'Fold 2 of 2 holds no row of class "yes"'],
  ['fitting', [fold(one, both), fold(both, both)], 'Fold 1 of 2: Every training row has the same class "no"'],
])('where the rows of a fold rule out %s, one configuration is tried', async (_, folds, says) => {
  const { failure, nTried } = await counted(options(folds));
  expect(nTried).toBe(1);
  expect(failure).toContain(`No configuration can be scored on every fold. ${says}`);
});

test('a fold that fails a model may yet be scored by another', async () => {
  // Nothing is said to be "yes" where weights shrink to nothing, so that its precision is undefined; without, it is known.
  const rare = (i: number) => Number(i % 3 === 0);
  const precise = {
    ...options([fold(rare, rare), fold(rare, rare)]),
    tune: TuneConfig.parse({ method: 'grid', space: { C: [1e-9, 1] }, folds: 2, metric: 'precision' }),
    metric: 'precision' as const,
  };
  const { trials, params } = await search(precise, quietTask);
  expect(trials.map(({ state }) => state)).toEqual(['failed', 'done']);
  expect(params).toMatchObject({ C: 1 });
});

const binary = { task: 'binary', nClasses: 2 } as const;
const three = { task: 'multiclass', nClasses: 3 } as const;
const numbers = { task: 'regression' } as const;

test.each([
  ['rocAuc', binary, [0, 0, 0], undefined, false],
  ['rocAuc', binary, [0, 1, 0], undefined, true],
  ['rocAuc', binary, [0, 1, 0], [1, 0, 1], false],
  ['rocAuc', three, [0, 2, 0], undefined, true],
  ['recall', binary, [0, 0, 0], undefined, false],
  ['precision', binary, [0, 0, 0], undefined, true],
  ['precision', binary, [1, 1, 1], undefined, true],
  ['logLoss', binary, [0, 0, 0], undefined, true],
  ['logLoss', three, [0, 1, 2], [0, 0, 0], false],
  ['precisionMacro', three, [1, 1, 2], undefined, true],
  ['r2', numbers, [4, 4, 4], undefined, false],
  ['r2', numbers, [4, 5, 4], undefined, true],
  ['rmse', numbers, [4, 4, 4], undefined, true],
] as const)('%s of %o can be told on rows %j weighted %j: %s', (metric, target, y, weight, is) => {
  expect(isDefinedOn(metric, target, Float64Array.from(y), weight && Float64Array.from(weight))).toBe(is);
});
