import { expect, test } from 'vitest';
import { matrix } from '../../../main/kernels/matrix.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { estimatorEntry } from '../../../main/models/registry.ts';

const rng = createRng(5);
const n = 400;
const rare = Float64Array.from({ length: n }, (_, i) => Number(i % 10 === 0));
const X = matrix(
  Float64Array.from({ length: 2 * n }, (_, at) => rng.normal() + rare[at >> 1]!),
  n,
  2,
);
const target = { task: 'binary', nClasses: 2, classNames: ['no', 'yes'] } as const;

async function fit(type: string, params: object, sampleWeight?: Float64Array) {
  const { make } = await estimatorEntry(type);
  const context = { rng: createRng(1), task: quietTask, threads: 1, ...(sampleWeight && { sampleWeight }) };
  return make({ ...params }).fit(X, rare, target, context);
}

test.each([
  ['gradientBoosting', { maxIter: 10 }],
  ['randomForest', { nEstimators: 10 }],
  ['extraTrees', { nEstimators: 10 }],
  ['decisionTree', { maxDepth: 3 }],
  ['svc', {}],
  ['linearSvm', {}],
  ['logisticRegression', {}],
])('classWeight of %s is sample weight by class, and lets the rare class be found', async (type, params) => {
  const balanced = await fit(type, { ...params, classWeight: 'balanced' });
  const byTable = await fit(type, { ...params, classWeight: { no: 400 / 720, yes: 400 / 80 } });
  const weights = rare.map((v) => (v === 1 ? 400 / 80 : 400 / 720));
  const byHand = await fit(type, params, weights);
  const proba = await balanced.predictProba(X);
  expect((await byTable.predictProba(X)).data).toEqual(proba.data);
  expect((await byHand.predictProba(X)).data).toEqual(proba.data);
  const found = (said: Float64Array) => said.reduce((sum, v, i) => sum + Number(v === 1 && rare[i] === 1), 0);
  const plain = await fit(type, params);
  expect(found(await balanced.predict(X))).toBeGreaterThanOrEqual(found(await plain.predict(X)));
});

test.each(['gradientBoosting', 'svc'])('%s refuses weights that are none', async (type) => {
  const { make } = await estimatorEntry(type);
  expect(() => make({ classWeight: 'heavy' })).toThrow(/classWeight must be/);
  await expect(fit(type, { classWeight: { maybe: 2 } })).rejects.toThrow(/there are: no, yes/);
});
