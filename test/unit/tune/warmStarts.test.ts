import { expect, test } from 'vitest';
import { TuneConfig } from '../../../main/contract/config.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { logisticRegression } from '../../../main/models/linear/logisticRegression.ts';
import { scoreTrial, search, type SearchOptions } from '../../../main/tune/search.ts';

const [N, D] = [400, 4];

function rows(seed: number) {
  const rng = createRng(seed);
  const data = Float64Array.from({ length: N * D }, () => rng.normal());
  const y = Float64Array.from({ length: N }, (_, i) => Number(data[i * D]! - data[i * D + 1]! + rng.normal() > 0.5));
  return { X: { data, nRows: N, nCols: D }, y };
}

function foldOf(seed: number) {
  const [train, test] = [rows(seed), rows(seed + 100)];
  return { trainX: train.X, trainY: train.y, testX: test.X, testY: test.y };
}

const options: SearchOptions = {
  entry: logisticRegression,
  params: { tol: 1e-7 },
  tune: TuneConfig.parse({
    method: 'grid',
    space: { C: [0.001, 0.1, 1, 30], penalty: ['l2', 'l1'], classWeight: [null, 'balanced'] },
    folds: 2,
    metric: 'logLoss',
  }),
  metric: 'logLoss',
  folds: [foldOf(1), foldOf(2)],
  target: { task: 'binary', nClasses: 2 },
  features: [],
  threads: 1,
};

test('fits that start from a neighbour score what fits from nothing do', async () => {
  const { trials } = await search(options, quietTask);
  expect(trials).toHaveLength(16);
  for (const { number, params, foldScores } of trials) {
    const alone = await scoreTrial(number, params, options, quietTask);
    foldScores.forEach((score, k) => expect(score).toBeCloseTo(alone.foldScores[k]!, 6));
  }
});

test('a start is used: a fit from its own solution takes no more than a step', async () => {
  const { X, y } = rows(5);
  const estimator = logisticRegression.make({ C: 1 });
  const context = { rng: createRng(0), task: quietTask, threads: 1 };
  const target = { task: 'binary', nClasses: 2 } as const;
  const first = await estimator.fit(X, y, target, context);
  const again = await estimator.fit(X, y, target, { ...context, start: first });
  const nOf = (fitted: typeof first) => fitted.summary['iterations'] as number;
  expect(nOf(again)).toBeLessThan(nOf(first));
  expect(nOf(again)).toBeLessThanOrEqual(1);
  // A model of other features is no start.
  const narrow = { data: X.data.filter((_, at) => at % D < 2), nRows: N, nCols: 2 };
  const other = await estimator.fit(narrow, y, target, { ...context, start: first });
  expect(other.nFeaturesIn).toBe(2);
});
