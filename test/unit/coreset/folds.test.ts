import { expect, test } from 'vitest';
import { solveLinear } from '../../../main/coreset/services/linearLoss/solve.ts';
import { lossOf } from '../../../main/coreset/services/linearLoss/loss.ts';
import { partOf } from '../../../main/coreset/tree/chunking.ts';
import { calibratedFolds } from '../../../main/coreset/tree/folds.ts';
import { score as scoreSaid } from '../../../main/evaluate/scorer.ts';
import { takeRows, takeValues } from '../../../main/kernels/matrix.ts';
import { createRng, permutation } from '../../../main/kernels/rng.ts';
import { build, makeRows, sourceOf } from './data.ts';

const rows = makeRows(20_000, 5, 2, 21);
const tree = await build(sourceOf(rows), { size: 1000 });
const loss = lossOf('logistic', rows.target);

/** Weighted mean log loss and area under the ROC curve of the model fitted on one set of rows, on another. */
async function score(
  train: { rows: Uint32Array; weight: Float64Array },
  test: { rows: Uint32Array; weight: Float64Array },
  X = rows.X,
  y = rows.y,
): Promise<{ logLoss: number; rocAuc: number }> {
  const pick = (part: Uint32Array) => ({ X: takeRows(X, part), y: takeValues(y, part) });
  const beta = await solveLinear({ ...pick(train.rows), weight: train.weight }, loss, { C: 1, penalty: 1 });
  const held = pick(test.rows);
  const [f, g, v, p] = [new Float64Array(1), new Float64Array(1), new Float64Array(1), new Float64Array(1)];
  const d = X.nCols;
  const proba = new Float64Array(2 * test.rows.length);
  test.weight.forEach((_, i) => {
    f[0] = beta[d]!;
    for (let j = 0; j < d; j++) f[0]! += beta[j]! * held.X.data[i * d + j]!;
    loss.at(f, held.y[i]!, g, v, p);
    proba.set([1 - p[0]!, p[0]!], 2 * i);
  });
  const said = { labels: held.y, proba: { data: proba, nRows: test.rows.length, nCols: 2 } };
  const { logLoss, rocAuc } = scoreSaid(said, held.y, test.weight);
  return { logLoss: logLoss!, rocAuc: rocAuc! };
}

test('every coreset row is tested once, and trains every other fold', () => {
  const folds = calibratedFolds(tree, 5, 3);
  const m = tree.coreset(0).y.length;
  expect(folds.flatMap(({ testRows }) => [...testRows]).sort((a, b) => a - b)).toEqual([...Array(m).keys()]);
  for (const { trainRows, testRows } of folds) {
    expect(new Set([...trainRows, ...testRows]).size).toBe(m);
  }
});

test('scores of folds are those of folds of all rows: log loss within 0.5 %, area under the curve within 0.2', async () => {
  const nFolds = 5;
  // The same assignment on all rows: fold by part of the row's id.
  const foldOfPart = new Uint8Array(60);
  permutation(60, createRng(3).fork('folds')).forEach((part, i) => (foldOfPart[part] = i % nFolds));
  const all = Uint32Array.from(rows.y, (_, i) => i);
  const coreset = tree.coreset(0);
  const sums = { full: [0, 0], ours: [0, 0], naive: [0, 0] };
  const add = (to: number[], { logLoss, rocAuc }: Awaited<ReturnType<typeof score>>) => {
    to[0]! += logLoss;
    to[1]! += rocAuc;
  };
  for (const [k, fold] of calibratedFolds(tree, nFolds, 3).entries()) {
    const inFold = (i: number) => foldOfPart[partOf(i, 60)] === k;
    const [train, test] = [all.filter((i) => !inFold(i)), all.filter(inFold)];
    const ones = (part: Uint32Array) => new Float64Array(part.length).fill(1);
    add(sums.full, await score({ rows: train, weight: ones(train) }, { rows: test, weight: ones(test) }));
    const { trainRows, trainWeights, testRows, testWeights } = fold;
    const on = async (trainWeight: Float64Array, testWeight: Float64Array) =>
      score({ rows: trainRows, weight: trainWeight }, { rows: testRows, weight: testWeight }, coreset.X, coreset.y);
    add(sums.ours, await on(trainWeights, testWeights));
    const base = (part: Uint32Array) => takeValues(coreset.baseWeight, part);
    add(sums.naive, await on(base(trainRows), base(testRows)));
  }
  const biasOf = (which: readonly number[], k: number) => Math.abs(which[k]! / sums.full[k]! - 1);
  expect(biasOf(sums.ours, 0)).toBeLessThan(0.005);
  expect(biasOf(sums.ours, 1)).toBeLessThan(0.002);
  for (const k of [0, 1]) expect(biasOf(sums.ours, k)).toBeLessThan(biasOf(sums.naive, k));
});

test.each([1, 61, 2.5])('refuses %f folds', (nFolds) => {
  expect(() => calibratedFolds(tree, nFolds, 1)).toThrow(expect.objectContaining({ code: 'FOLDS_OUT_OF_RANGE' }));
});
