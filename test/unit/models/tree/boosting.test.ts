// oxlint-disable vitest/no-conditional-expect -- one table holds cases with different expectations
import { describe, expect, test } from 'vitest';
import { matrix } from '../../../../main/kernels/matrix.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import type { FittedBoosting } from '../../../../main/models/tree/boosting/fitted.ts';
import { gradientBoosting } from '../../../../main/models/tree/boosting/entry.ts';
import { LEAF } from '../../../../main/kernels/trees/ensemble.ts';
import { context, problem } from './data.ts';

const regression = { task: 'regression' } as const;
const p = problem('regression', 2000, 11);
const fit = async (params: Record<string, unknown>, extra: object = {}) =>
  (await gradientBoosting
    .make(params)
    .fit(p.X, p.y, regression, context({ features: p.features, ...extra }))) as FittedBoosting;
const mse = async (fitted: FittedBoosting) =>
  (await fitted.predict(p.X)).reduce((sum, v, i) => sum + (v - p.y[i]!) ** 2, 0) / p.y.length;

describe('gradient boosting', () => {
  test('a single stump is the best one there is', async () => {
    const rng = createRng(1);
    const n = 300;
    const X = matrix(
      Float64Array.from({ length: 2 * n }, () => rng.int(12)),
      n,
      2,
    );
    const y = Float64Array.from(
      { length: n },
      (_, i) => Math.sin(X.data[2 * i]!) + 0.2 * X.data[2 * i + 1]! + 0.1 * rng.normal(),
    );
    const stump = await gradientBoosting
      .make({ maxIter: 1, maxLeafNodes: 2, minSamplesLeaf: 1, l2Regularization: 0, learningRate: 1 })
      .fit(X, y, regression, context());
    const predicted = await stump.predict(X);
    const error = predicted.reduce((sum, v, i) => sum + (v - y[i]!) ** 2, 0);
    let best = Infinity;
    for (let f = 0; f < 2; f++) {
      for (let cut = 0; cut < 11; cut++) {
        const sides = [[], []] as number[][];
        for (let i = 0; i < n; i++) sides[Number(X.data[2 * i + f]! > cut)]!.push(y[i]!);
        if (sides.some((side) => side.length === 0)) continue;
        const loss = (side: number[]) => {
          const mean = side.reduce((a, b) => a + b, 0) / side.length;
          return side.reduce((sum, v) => sum + (v - mean) ** 2, 0);
        };
        best = Math.min(best, loss(sides[0]!) + loss(sides[1]!));
      }
    }
    expect(error).toBeCloseTo(best, 4);
  });

  test.each([0.1, 0.5, 0.9])('quantile %d covers its share of the rows', async (quantile) => {
    const fitted = await fit({ loss: 'quantile', quantile, maxIter: 60 });
    const predicted = await fitted.predict(p.X);
    const below = p.y.filter((v, i) => v <= predicted[i]!).length / p.y.length;
    expect(Math.abs(below - quantile)).toBeLessThan(0.04);
  });

  test('Poisson keeps the total of the counts', async () => {
    const rng = createRng(4);
    const y = p.y.map((v) => Math.round(Math.exp(v / 10) * rng.uniform() * 2));
    const fitted = await gradientBoosting
      .make({ loss: 'poisson', l2Regularization: 0 })
      .fit(p.X, y, regression, context({ features: p.features }));
    const predicted = await fitted.predict(p.X);
    const [have, want] = [predicted.reduce((a, b) => a + b, 0), y.reduce((a, b) => a + b, 0)];
    expect(Math.abs(have / want - 1)).toBeLessThan(0.01);
    expect(predicted.every((v) => v > 0)).toBe(true);
  });

  test('Poisson refuses negative targets', async () => {
    await expect(
      fit({ loss: 'poisson' }).then(() =>
        gradientBoosting.make({ loss: 'poisson' }).fit(
          p.X,
          p.y.map((v) => v - 100),
          regression,
          context(),
        ),
      ),
    ).rejects.toMatchObject({ code: 'TARGET_NEGATIVE' });
  });

  test.each(['leafWise', 'depthWise'])('keeps to its limits, %s', async (growth) => {
    const { ensemble: e } = await fit({ growth, maxLeafNodes: 9, maxDepth: 4, minSamplesLeaf: 30, maxIter: 15 });
    for (let t = 0; t < 15; t++) {
      const [root, end] = [e.roots[t]!, e.roots[t + 1]!];
      const depth = new Map([[root, 0]]);
      let leaves = 0;
      for (let k = root; k < end; k++) {
        expect(e.cover[k]).toBeGreaterThanOrEqual(30);
        if (e.flags[k]! & LEAF) {
          leaves++;
          continue;
        }
        expect(depth.get(k)).toBeLessThan(4);
        for (const child of [e.left[k]!, e.right[k]!]) depth.set(child, depth.get(k)! + 1);
        expect(e.cover[e.left[k]!]! + e.cover[e.right[k]!]!).toBe(e.cover[k]);
      }
      expect(leaves).toBeLessThanOrEqual(9);
    }
  });

  test.each([1, -1])('a monotone constraint of %i holds everywhere', async (sign) => {
    const { X } = p;
    const y = p.y.map((v, i) => v + 3 * Math.sin(3 * X.data[6 * i]!));
    const fitted = await gradientBoosting
      .make({ monotonicConstraints: { f0: sign }, maxIter: 50 })
      .fit(X, y, regression, context({ features: p.features }));
    for (let row = 0; row < 30; row++) {
      const grid = matrix(new Float64Array(80 * 6), 80, 6);
      for (let k = 0; k < 80; k++) {
        grid.data.set(X.data.subarray(6 * row, 6 * row + 6), 6 * k);
        grid.data[6 * k] = -3 + (6 * k) / 79;
      }
      const curve = await fitted.predict(grid);
      for (let k = 1; k < 80; k++) expect(sign * (curve[k]! - curve[k - 1]!)).toBeGreaterThanOrEqual(-1e-9);
    }
  });

  test('refuses a monotone constraint on a category and on an unknown feature', async () => {
    await expect(fit({ monotonicConstraints: { f4: 1 } })).rejects.toMatchObject({ code: 'MONOTONE_ON_CATEGORY' });
    await expect(fit({ monotonicConstraints: { nope: 1 } })).rejects.toMatchObject({ code: 'PARAM_OUT_OF_RANGE' });
  });

  test('splits categories as sets and sends missing values where they belong', async () => {
    const rng = createRng(8);
    const n = 1000;
    const X = matrix(
      Float64Array.from({ length: n }, () => (rng.uniform() < 0.2 ? NaN : rng.int(300))),
      n,
      1,
    );
    const y = X.data.map((v) => (Number.isNaN(v) ? 3 : v % 7 === 0 ? 2 : 0)) as Float64Array;
    const features = [{ name: 'c', source: 'c', kind: 'category', nLevels: 300 } as const];
    const fitted = await gradientBoosting
      .make({ maxIter: 50, minSamplesLeaf: 1, catSmooth: 0, catL2: 0, l2Regularization: 0, learningRate: 0.5 })
      .fit(X, y, regression, context({ features }));
    const predicted = await fitted.predict(X);
    const missing = X.data.findIndex((v) => Number.isNaN(v));
    expect(predicted[missing]).toBeCloseTo(3, 3);
    const error = predicted.reduce((sum, v, i) => sum + (v - y[i]!) ** 2, 0) / n;
    expect(error).toBeLessThan(0.15);
  });

  test('stops early at the best round of the held-out rows', async () => {
    const noise = problem('regression', 300, 21);
    const rng = createRng(3);
    const y = noise.y.map((v) => v + 10 * rng.normal());
    const fitted = (await gradientBoosting
      .make({ earlyStopping: true, maxIter: 500, nIterNoChange: 5, minSamplesLeaf: 2 })
      .fit(noise.X, y, regression, context({ features: noise.features }))) as FittedBoosting;
    expect(fitted.summary['iterations']).toBeLessThan(500);
    expect(fitted.summary['trees']).toBe(Number(fitted.summary['iterations']) - 5);
  });

  test('row and column sampling change trees but still learn', async () => {
    const plain = await fit({ maxIter: 40 });
    const sampled = await fit({ maxIter: 40, subsample: 0.5, colsampleByTree: 0.5 });
    expect(await sampled.predict(p.X)).not.toEqual(await plain.predict(p.X));
    expect(await mse(sampled)).toBeLessThan(3 * (await mse(plain)));
  });

  test('rows apart by one bin in a large sample are told apart by float32 thresholds', async () => {
    const X = matrix(
      Float64Array.from({ length: 400 }, (_, i) => 1 + i * 2 ** -23),
      400,
      1,
    );
    const y = Float64Array.from({ length: 400 }, (_, i) => Number(i >= 200));
    const fitted = await gradientBoosting
      .make({ maxIter: 1, minSamplesLeaf: 1, learningRate: 1, l2Regularization: 0, maxLeafNodes: 2, maxBins: 2 })
      .fit(X, y, regression, context());
    const predicted = await fitted.predict(X);
    predicted.forEach((v, i) => expect(v).toBeCloseTo(y[i]!, 6));
  });
});

test('goes on learning where the best threshold of every feature leaves too few rows on one side', async () => {
  // Phonemes: a few rows at the edge of each feature that later trees would all like to split off.
  const rng = createRng(5);
  const n = 600;
  const y = new Float64Array(n);
  const data = Float64Array.from({ length: 2 * n }, () => rng.normal());
  for (let i = 0; i < n; i++) {
    const isOdd = i % 40 === 0;
    if (isOdd) data.fill(6 + rng.uniform(), 2 * i, 2 * i + 2);
    y[i] = isOdd ? (i % 80 === 0 ? 1 : 0) : Number(data[2 * i]! * data[2 * i + 1]! + 0.3 * rng.normal() > 0);
  }
  const X = matrix(data, n, 2);
  const target = { task: 'binary', nClasses: 2 } as const;
  const lossAfter = async (maxIter: number) => {
    const params = { maxIter, earlyStopping: false, minSamplesLeaf: 20, learningRate: 0.2, maxLeafNodes: 3 };
    const fitted = (await gradientBoosting.make(params).fit(X, y, target, context())) as FittedBoosting;
    const { feature, flags, roots } = fitted.ensemble;
    const stumps = Array.from({ length: roots.length - 1 }, (_, t) => Number((flags[roots[t]!]! & LEAF) !== 0));
    const { data: proba } = await fitted.predictProba(X);
    const loss = y.reduce((sum, k, i) => sum - Math.log(proba[2 * i + k]!), 0) / n;
    return { loss, nRootLeaves: stumps.reduce((a, b) => a + b, 0), nNodes: feature.length };
  };
  const [few, many] = [await lossAfter(100), await lossAfter(600)];
  expect(many.nRootLeaves).toBe(0);
  expect(many.loss).toBeLessThan(0.85 * few.loss);
});
