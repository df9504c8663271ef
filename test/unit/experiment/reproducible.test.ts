import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RunConfig } from '../../../main/contract/config.ts';
import { configHash } from '../../../main/experiment/result/provenance.ts';
import { experimentOn, mixedTable, type Experiment } from '../../helpers/experiment.ts';

const TARGETS = ['two', 'three', 'amount'];

/** Everything of an outcome that numbers are in: metrics, trials, and the bytes of what is kept. */
const numbersOf = ({ result, artefacts }: Experiment) => ({
  evaluations: result.evaluations,
  fidelity: result.fidelity,
  trials: result.trials.map(({ params, foldScores }) => ({ params, foldScores })),
  bytes: Object.fromEntries(
    artefacts.map(({ name, file }) => [name, createHash('sha256').update(readFileSync(file)).digest('hex')]),
  ),
});

describe('the same configuration gives the same numbers and the same bytes, whatever the threads', () => {
  test.each([
    ['logisticRegression', 'two', {}, { C: [0.1, 1] }],
    ['logisticRegression', 'three', {}, {}],
    ['linearSvm', 'three', {}, {}],
    ['svc', 'three', { probability: true }, {}],
    ['svr', 'amount', {}, {}],
    ['gaussianNaiveBayes', 'three', {}, {}],
    ['gradientBoosting', 'two', { maxIter: 20, earlyStopping: true }, { maxLeafNodes: [7, 15] }],
    ['gradientBoosting', 'three', { maxIter: 10 }, {}],
    ['gradientBoosting', 'amount', { maxIter: 20 }, {}],
    ['randomForest', 'three', { nEstimators: 12 }, {}],
    ['extraTrees', 'amount', { nEstimators: 12 }, {}],
    ['decisionTree', 'two', {}, {}],
    ['neuralNetwork', 'two', { layers: [16, 8], epochs: 5 }, {}],
    ['neuralNetwork', 'three', { layers: [16], epochs: 5, l2: 0.001 }, {}],
    ['neuralNetwork', 'amount', { layers: [16], epochs: 5 }, {}],
    ['linearRegression', 'amount', {}, {}],
    ['ridge', 'amount', {}, { alpha: [0.1, 1] }],
    ['lasso', 'amount', {}, {}],
    ['elasticNet', 'amount', {}, {}],
    ['huber', 'amount', {}, {}],
    ['kMeans', '', { nClusters: 3 }, {}],
    ['pca', '', { nComponents: 2 }, {}],
  ])('%s of %s %j', async (type, target, params, space) => {
    const config = {
      data: { target, drop: TARGETS.filter((name) => name !== target) },
      coreset: { size: 300 },
      model: { type, params },
      tune: { space, folds: 3 },
    };
    // Enough rows for work that is parted among threads to be parted.
    const table = mixedTable(type.startsWith('sv') ? 900 : 3000);
    const one = numbersOf(await experimentOn(table, config, 1));
    expect(numbersOf(await experimentOn(table, config, 2))).toEqual(one);
  });
});

describe('the hash of a configuration', () => {
  const base = { data: { path: 'a.csv', target: 'y' }, model: { type: 'ridge', params: { alpha: 1, solver: 'auto' } } };
  const hashOf = (more: object) => configHash(RunConfig.parse({ ...base, ...more }));

  test.each([
    ['a name', { name: 'Mine' }],
    ['threads', { compute: { threads: 3 } }],
    ['another place of the data', { data: { dataset: 'a', target: 'y' } }],
    ['another order', { model: { params: { solver: 'auto', alpha: 1 }, type: 'ridge' } }],
    ['a default that is written', { split: { validation: 0.2, seed: 42 } }],
  ])('does not change with %s', (_, more) => {
    expect(hashOf(more)).toBe(hashOf({}));
  });

  test.each([
    ['a parameter', { model: { type: 'ridge', params: { alpha: 2 } } }],
    ['the target', { data: { path: 'a.csv', target: 'z' } }],
    ['the seed', { split: { seed: 1 } }],
    ['the provider', { compute: { provider: 'cuda' } }],
  ])('changes with %s', (_, more) => {
    expect(hashOf(more)).not.toBe(hashOf({}));
  });
});
