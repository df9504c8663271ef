import { expect, onTestFinished, test } from 'vitest';
import { TuneConfig } from '../../../main/contract/config.ts';
import { Engine } from '../../../main/jobs/engine.ts';
import { matrix } from '../../../main/kernels/matrix.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { estimatorEntry } from '../../../main/models/registry.ts';
import { search } from '../../../main/tune/search.ts';
import { isOver, stateOf } from '../../helpers/engine.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { irisRows, sampleFolds } from './folds.ts';
import golden from './sklearn.json' with { type: 'json' };

const key = (params: Readonly<Record<string, unknown>>) =>
  JSON.stringify([params['C'], params['kernel'], params['gamma']]);

test("a grid over C, kernel and gamma of an SVC scores on scikit-learn's own folds what scikit-learn scores", async () => {
  const { X, y } = irisRows();
  const { foldOf, best, trials } = golden.all;
  const part = (isTest: boolean, fold: number) => {
    const rows = foldOf.flatMap((f, i) => ((f === fold) === isTest ? [i] : []));
    const data = Float64Array.from(rows.flatMap((i) => X[i]!));
    return { X: matrix(data, rows.length, 4), y: Float64Array.from(rows, (i) => y[i]!) };
  };
  const folds = [0, 1, 2, 3, 4].map((fold) => {
    const [train, held] = [part(false, fold), part(true, fold)];
    return { trainX: train.X, trainY: train.y, testX: held.X, testY: held.y };
  });
  const found = await search(
    {
      entry: await estimatorEntry('svc'),
      params: {},
      tune: TuneConfig.parse({ method: 'grid', space: golden.grid, folds: 5, metric: 'accuracy', on: 'full' }),
      metric: 'accuracy',
      folds,
      target: { task: 'multiclass', nClasses: 3 },
      features: [],
      threads: 1,
    },
    quietTask,
  );
  const means = new Map(found.trials.map(({ params, mean }) => [key(params), mean!]));
  expect(Math.max(...means.values())).toBeCloseTo(best, 12);
  for (const { params, mean } of trials) expect(means.get(key(params))).toBeCloseTo(mean, 12);
});

test('the sample project ships it, and its best score is that of scikit-learn on the same rows and folds', async () => {
  expect(sampleFolds()).toEqual({ train: golden.sample.rows, foldOf: golden.sample.foldOf });
  const engine = new Engine({ home: tempDir(), access: { isTrusting: true }, spare: 'none', checksOutput: true });
  onTestFinished(() => engine.close());
  const { project, jobId } = await engine.ask('project.openSample', { sampleId: 'iris' });
  expect(await stateOf(engine, jobId!, isOver)).toMatchObject({ status: 'done' });
  const [file] = await engine.ask('config.files', { projectId: project.id });
  const { runId, jobId: run } = await engine.ask('run.start', { projectId: project.id, yaml: file!.yaml });
  expect(await stateOf(engine, run, isOver)).toMatchObject({ status: 'done', resultId: runId });
  const { result } = await engine.ask('run.get', { projectId: project.id, runId });
  expect(result!.trials).toHaveLength(32);
  const means = new Map(result!.trials.map(({ params, mean }) => [key(params), mean!]));
  expect(Math.max(...means.values())).toBeCloseTo(golden.sample.best, 12);
  for (const { params, mean } of golden.sample.trials) expect(means.get(key(params))).toBeCloseTo(mean, 12);
}, 60_000);
