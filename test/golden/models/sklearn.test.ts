// oxlint-disable vitest/no-conditional-expect -- one table holds cases with different expectations
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { matrix, takeRows, takeValues, type Matrix } from '../../../main/kernels/matrix.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { FittedGaussianNaiveBayes, gaussianNaiveBayes } from '../../../main/models/bayes/gaussianNaiveBayes.ts';
import { kMeans } from '../../../main/models/cluster/kMeans.ts';
import { pca, type FittedPca } from '../../../main/models/decomposition/pca.ts';
import { svc } from '../../../main/models/svm/svc.ts';
import type { FittedSvc } from '../../../main/models/svm/fittedSvc.ts';
import { svr, type FittedSvr } from '../../../main/models/svm/svr.ts';
import type { FittedForest } from '../../../main/models/tree/forest/fitted.ts';
import { decisionTree } from '../../../main/models/tree/forest/entry.ts';

interface Golden {
  readonly X: number[][];
  readonly y: number[];
  readonly svc: {
    readonly params: Record<string, unknown>;
    readonly nSupport: number[];
    readonly intercept: number[];
    readonly decision: number[][];
    readonly predict: number[];
  }[];
  readonly svr: { readonly nSupport: number; readonly predict: number[] };
  readonly trees: {
    readonly params: Record<string, unknown>;
    readonly nLeaves: number;
    readonly rootCover: number;
    readonly impurity: number;
    readonly accuracy: number;
  }[];
  readonly treeRegression: { readonly nLeaves: number; readonly mse: number };
  readonly kmeans: { readonly inertia: number; readonly centres: number[][] };
  readonly pca: { readonly variance: number[]; readonly ratio: number[]; readonly components: number[][] };
  readonly naiveBayes: { readonly mean: number[][]; readonly variance: number[][]; readonly proba: number[][] };
  readonly grid: {
    readonly best: number;
    readonly folds: number[][];
    readonly scores: { readonly params: Record<string, unknown>; readonly score: number }[];
  };
}

const golden = JSON.parse(readFileSync(new URL('./sklearn.json', import.meta.url), 'utf8')) as Golden;
const X = matrix(Float64Array.from(golden.X.flat()), 150, 4);
const y = Float64Array.from(golden.y);
const target = { task: 'multiclass', nClasses: 3 } as const;
const context = () => ({ rng: createRng(0), task: quietTask, threads: 1 });
const every10 = Array.from({ length: 15 }, (_, i) => 10 * i);
const petals: Matrix = matrix(Float64Array.from(golden.X.flatMap((row) => row.slice(0, 3))), 150, 3);
const width = Float64Array.from(golden.X, (row) => row[3]!);

describe('scikit-learn on iris', () => {
  test.each(golden.svc)('SVC $params', async ({ params, nSupport, intercept, decision, predict }) => {
    const estimator = svc.make({ ...params, tol: 1e-6, probability: false });
    const fitted = (await estimator.fit(X, y, target, context())) as FittedSvc;
    expect([...fitted.perClass]).toEqual(nSupport);
    fitted.rho.forEach((rho, pair) => expect(-rho).toBeCloseTo(intercept[pair]!, 3));
    const ours = await fitted.decisions(takeRows(X, every10));
    decision
      .flat()
      .forEach((want, i) => expect(Math.abs(ours[i]! - want)).toBeLessThan(1e-3 * Math.max(1, Math.abs(want))));
    expect([...(await fitted.predict(X))]).toEqual(predict);
  });

  test('SVR', async () => {
    const fitted = (await svr
      .make({ tol: 1e-6, C: 2, epsilon: 0.05 })
      .fit(petals, width, { task: 'regression' }, context())) as FittedSvr;
    expect(fitted.vectors.n).toBe(golden.svr.nSupport);
    const ours = await fitted.predict(takeRows(petals, every10));
    golden.svr.predict.forEach((want, i) => expect(ours[i]).toBeCloseTo(want, 3));
  });

  test('grid search over C, kernel and gamma finds the same scores', async () => {
    const mean: number[] = [];
    for (const { params } of golden.grid.scores) {
      let sum = 0;
      for (const fold of golden.grid.folds) {
        const held = new Set(fold);
        const train = [...y.keys()].filter((i) => !held.has(i));
        const fitted = await svc
          .make({ ...params, probability: false })
          .fit(takeRows(X, train), takeValues(y, train), target, context());
        const predicted = await fitted.predict(takeRows(X, fold));
        sum += fold.filter((row, i) => predicted[i] === y[row]).length / fold.length;
      }
      mean.push(sum / golden.grid.folds.length);
    }
    mean.forEach((score, i) => expect(score).toBeCloseTo(golden.grid.scores[i]!.score, 9));
    expect(Math.max(...mean)).toBeCloseTo(golden.grid.best, 9);
  });

  const names: Readonly<Record<string, string>> = {
    max_depth: 'maxDepth',
    criterion: 'criterion',
    max_leaf_nodes: 'maxLeafNodes',
    ccp_alpha: 'ccpAlpha',
    min_samples_leaf: 'minSamplesLeaf',
  };
  test.each(golden.trees)('decision tree $params', async ({ params, nLeaves, rootCover, impurity, accuracy }) => {
    const ours = Object.fromEntries(Object.entries(params).map(([name, value]) => [names[name]!, value]));
    const fitted = (await decisionTree.make(ours).fit(X, y, target, context())) as FittedForest;
    const { ensemble: e } = fitted;
    expect(fitted.summary['leaves']).toBe(nLeaves);
    expect([rootCover, 150 - rootCover]).toContain(e.cover[e.left[0]!]);
    const predicted = await fitted.predict(X);
    expect(predicted.filter((label, i) => label === y[i]).length / 150).toBeCloseTo(accuracy, 9);
    const shares = Array.from((await fitted.predictProba(X)).data);
    const loss = (p: number) => (params['criterion'] === 'entropy' ? (p > 0 ? -p * Math.log2(p) : 0) : p * (1 - p));
    expect(shares.reduce((sum, p) => sum + loss(p), 0) / 150).toBeCloseTo(impurity, 9);
  });

  test('regression tree', async () => {
    const fitted = await decisionTree.make({ maxDepth: 4 }).fit(petals, width, { task: 'regression' }, context());
    expect(fitted.summary['leaves']).toBe(golden.treeRegression.nLeaves);
    const predicted = await fitted.predict(petals);
    const mse = predicted.reduce((sum, p, i) => sum + (p - width[i]!) ** 2, 0) / 150;
    expect(mse).toBeCloseTo(golden.treeRegression.mse, 6);
  });

  test('k-means', async () => {
    const fitted = await kMeans.make({ nClusters: 3, nInit: 20, tol: 0 }).fit(X, y, target, context());
    expect(Number(fitted.summary['inertia'])).toBeCloseTo(golden.kmeans.inertia, 3);
    const { arrays } = fitted.toState();
    const centres = Array.from({ length: 3 }, (_, c) => [...arrays['centres']!.subarray(4 * c, 4 * c + 4)]);
    centres.sort((a, b) => a[0]! - b[0]!);
    centres.flat().forEach((v, i) => expect(v).toBeCloseTo(golden.kmeans.centres.flat()[i]!, 4));
  });

  test('PCA', async () => {
    const fitted = (await pca.make({ nComponents: 4 }).fit(X, y, target, context())) as FittedPca;
    golden.pca.variance.forEach((v, i) => expect(fitted.variance[i]).toBeCloseTo(v, 9));
    golden.pca.ratio.forEach((v, i) => expect(fitted.explained[i]).toBeCloseTo(v, 9));
    golden.pca.components.flat().forEach((v, i) => expect(Math.abs(fitted.components[i]!)).toBeCloseTo(v, 7));
  });

  test('Gaussian naive Bayes', async () => {
    const sampleWeight = Float64Array.from(y.keys(), (i) => 1 + (i % 3));
    const fitted = await gaussianNaiveBayes.make({}).fit(X, y, target, { ...context(), sampleWeight });
    const { mean, variance } = (fitted as FittedGaussianNaiveBayes).normals;
    golden.naiveBayes.mean.flat().forEach((v, i) => expect(mean[i]).toBeCloseTo(v, 12));
    // scikit-learn takes the largest variance for its smoothing without weights.
    golden.naiveBayes.variance.flat().forEach((v, i) => expect(variance[i]).toBeCloseTo(v, 10));
    const { data } = await fitted.predictProba(takeRows(X, every10));
    golden.naiveBayes.proba.flat().forEach((v, i) => expect(data[i]).toBeCloseTo(v, 10));
  });
});
