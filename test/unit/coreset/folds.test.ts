import { expect, test } from 'vitest';
import { solveLinear } from '../../../main/coreset/services/linearLoss/solve.ts';
import { lossOf } from '../../../main/coreset/services/linearLoss/loss.ts';
import { partOf } from '../../../main/coreset/tree/chunking.ts';
import { calibratedFolds } from '../../../main/coreset/tree/folds.ts';
import { takeRows, takeValues } from '../../../main/kernels/matrix.ts';
import { createRng, permutation } from '../../../main/kernels/rng.ts';
import { build, makeRows, sourceOf } from './data.ts';

const rows = makeRows(20_000, 5, 2, 21);
const tree = await build(sourceOf(rows), { size: 1000 });
const loss = lossOf('logistic', rows.target);

/** Weighted mean log loss of the model fitted on one set of rows, on another. */
async function score(
  train: { rows: Uint32Array; weight: Float64Array },
  test: { rows: Uint32Array; weight: Float64Array },
  X = rows.X,
  y = rows.y,
): Promise<number> {
  const pick = (part: Uint32Array) => ({ X: takeRows(X, part), y: takeValues(y, part) });
  const beta = await solveLinear({ ...pick(train.rows), weight: train.weight }, loss, { C: 1, penalty: 1 });
  const held = pick(test.rows);
  const [f, g, v, p] = [new Float64Array(1), new Float64Array(1), new Float64Array(1), new Float64Array(1)];
  const d = X.nCols;
  let [sum, mass] = [0, 0];
  test.weight.forEach((w, i) => {
    f[0] = beta[d]!;
    for (let j = 0; j < d; j++) f[0]! += beta[j]! * held.X.data[i * d + j]!;
    sum += w * loss.at(f, held.y[i]!, g, v, p);
    mass += w;
  });
  return sum / mass;
}

test('every coreset row is tested once, and trains every other fold', () => {
  const folds = calibratedFolds(tree, 5, 3);
  const m = tree.coreset(0).y.length;
  expect(folds.flatMap(({ testRows }) => [...testRows]).sort((a, b) => a - b)).toEqual([...Array(m).keys()]);
  for (const { trainRows, testRows } of folds) {
    expect(new Set([...trainRows, ...testRows]).size).toBe(m);
  }
});

test('scores of folds are those of folds of all rows, within 0.5 %', async () => {
  const nFolds = 5;
  // The same assignment on all rows: fold by part of the row's id.
  const foldOfPart = new Uint8Array(60);
  permutation(60, createRng(3).fork('folds')).forEach((part, i) => (foldOfPart[part] = i % nFolds));
  const all = Uint32Array.from(rows.y, (_, i) => i);
  const coreset = tree.coreset(0);
  let [full, ours, naive] = [0, 0, 0];
  for (const [k, fold] of calibratedFolds(tree, nFolds, 3).entries()) {
    const inFold = (i: number) => foldOfPart[partOf(i, 60)] === k;
    const [train, test] = [all.filter((i) => !inFold(i)), all.filter(inFold)];
    const ones = (part: Uint32Array) => new Float64Array(part.length).fill(1);
    full += await score({ rows: train, weight: ones(train) }, { rows: test, weight: ones(test) });
    const { trainRows, trainWeights, testRows, testWeights } = fold;
    ours += await score(
      { rows: trainRows, weight: trainWeights },
      { rows: testRows, weight: testWeights },
      coreset.X,
      coreset.y,
    );
    const base = (part: Uint32Array) => takeValues(coreset.baseWeight, part);
    naive += await score(
      { rows: trainRows, weight: base(trainRows) },
      { rows: testRows, weight: base(testRows) },
      coreset.X,
      coreset.y,
    );
  }
  const bias = Math.abs(ours / full - 1);
  expect(bias).toBeLessThan(0.005);
  expect(bias).toBeLessThan(Math.abs(naive / full - 1));
});

test.each([1, 61, 2.5])('refuses %f folds', (nFolds) => {
  expect(() => calibratedFolds(tree, nFolds, 1)).toThrow(expect.objectContaining({ code: 'FOLDS_OUT_OF_RANGE' }));
});
