import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Scores } from '../../../main/contract/metrics.ts';
import type { Evaluation } from '../../../main/contract/run.ts';
import { evaluateOn } from '../../../main/experiment/result/evaluateOn.ts';
import { readRows, type Prepared } from '../../../main/experiment/rows/prepare.ts';
import type { FittedOn } from '../../../main/experiment/seal/sealed.ts';
import { score } from '../../../main/evaluate/scorer.ts';
import { scoreStructure, structureScorer } from '../../../main/evaluate/structure.ts';
import { takeTableRows } from '../../../main/kernels/table.ts';
import { loadPipeline } from '../../../main/models/pipeline/pipeline.ts';
import { experimentOn, mixedTable, type Experiment } from '../../helpers/experiment.ts';

const TARGETS = ['two', 'three', 'amount'];
const without = (target: string) => ({ target, drop: TARGETS.filter((name) => name !== target) });

/** What a kept model says of the raw validation rows, scored anew. */
async function scoredAnew({ file, config, path }: Experiment, rows: 'full' | 'coreset'): Promise<Scores> {
  const pipeline = await loadPipeline(await readFile(path(`pipeline-${rows}`)));
  const { features, split, y, target } = await readRows(file, config);
  const table = takeTableRows(features, split.validation);
  const truth = Float64Array.from(split.validation, (i) => y[i]!);
  return target.task === 'regression'
    ? score({ predicted: await pipeline.predict(table) }, truth)
    : score({ labels: await pipeline.predict(table), proba: await pipeline.predictProba(table) }, truth);
}

const valuesOf = (metrics: Evaluation['metrics']) =>
  Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value]));

describe('the metrics of a run are those of its saved models', () => {
  test.each([
    ['logisticRegression', 'three', {}],
    ['linearSvm', 'two', {}],
    ['svc', 'three', {}],
    ['gaussianNaiveBayes', 'three', {}],
    ['gradientBoosting', 'two', { maxIter: 20 }],
    ['gradientBoosting', 'amount', { maxIter: 20 }],
    ['randomForest', 'three', { nEstimators: 10 }],
    ['extraTrees', 'amount', { nEstimators: 10 }],
    ['decisionTree', 'two', {}],
    ['neuralNetwork', 'two', { layers: [8], epochs: 4 }],
    ['neuralNetwork', 'amount', { layers: [8], epochs: 4 }],
    ['ridge', 'amount', {}],
    ['lasso', 'amount', {}],
    ['elasticNet', 'amount', {}],
    ['huber', 'amount', {}],
    ['linearRegression', 'amount', {}],
    ['svr', 'amount', {}],
  ])('%s of %s, over gaps', async (type, target, params) => {
    const experiment = await experimentOn(mixedTable(400), {
      data: without(target),
      coreset: { size: 80 },
      model: { type, params },
    });
    for (const rows of ['full', 'coreset'] as const) {
      const { metrics } = experiment.result.evaluations.find((e) => e.rows === rows)!;
      expect(valuesOf(metrics)).toEqual(await scoredAnew(experiment, rows));
    }
  });

  test.each(['kMeans', 'pca'])('%s', async (type) => {
    const experiment = await experimentOn(mixedTable(400), { data: {}, coreset: { size: 80 }, model: { type } });
    const { result, file, config, path } = experiment;
    const { prepareStructure } = await import('../../../main/experiment/structure/prepare.ts');
    const { split, features, mean } = await prepareStructure(file, config);
    const { fitted, preprocessor } = await loadPipeline(await readFile(path('pipeline-full')));
    const X = preprocessor.transform(takeTableRows(features, split.validation));
    const anew = structureScorer(await scoreStructure(fitted as never, X, mean))();
    const { metrics } = result.evaluations.find(({ rows }) => rows === 'full')!;
    expect(valuesOf(metrics)).toEqual(anew);
  });

  test('a model in memory cannot be evaluated', () => {
    const model = {} as FittedOn;
    const said = { predicted: new Float64Array() };
    // @ts-expect-error Evaluation takes what was read back, and nothing else.
    expect(() => evaluateOn({ model, said }, {} as Prepared, false)).toThrow(TypeError);
  });
});
