// oxlint-disable vitest/no-conditional-expect -- one table holds cases with different expectations
import { describe, expect, test } from 'vitest';
import { matrix } from '../../../../main/kernels/matrix.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import { quietTask } from '../../../../main/kernels/task.ts';
import { chooseK } from '../../../../main/models/cluster/chooseK.ts';
import { kMeans } from '../../../../main/models/cluster/kMeans.ts';
import { silhouette } from '../../../../main/models/cluster/silhouette.ts';
import { pca, type FittedPca } from '../../../../main/models/decomposition/pca.ts';

const context = (extra: object = {}) => ({ rng: createRng(1), task: quietTask, threads: 1, ...extra });
const none = { task: 'regression' } as const;

function groups(seed: number, n: number, k: number, d: number) {
  const rng = createRng(seed);
  const data = Float64Array.from(
    { length: n * d },
    (_, i) => 1000 + rng.normal() + (i % d === Math.floor(i / d) % k ? 12 : 0),
  );
  return matrix(data, n, d);
}

describe('k-means', () => {
  const X = groups(1, 300, 4, 5);
  const y = new Float64Array(300);

  test.each(['lloyd', 'miniBatch'])('finds groups far apart, %s', async (algorithm) => {
    const fitted = await kMeans.make({ nClusters: 4, algorithm }).fit(X, y, none, context());
    const labels = await fitted.predict(X);
    for (let i = 4; i < 300; i++) expect(labels[i]).toBe(labels[i % 4]);
    expect(new Set(labels).size).toBe(4);
    expect(fitted.summary['silhouette']).toBeGreaterThan(0.7);
  });

  test.each([1, 2, 3, 4, 5])(
    'inertia is what the distances add up to and no step betters it, seed %i',
    async (seed) => {
      const Z = groups(seed, 200, 3, 4);
      const fitted = await kMeans.make({ nClusters: 5, tol: 0 }).fit(Z, new Float64Array(200), none, context());
      const centres = fitted.toState().arrays['centres']!;
      const labels = await fitted.predict(Z);
      let inertia = 0;
      const mean = new Float64Array(20);
      const count = new Float64Array(5);
      for (let i = 0; i < 200; i++) {
        const distances = Array.from({ length: 5 }, (_, c) => {
          let sum = 0;
          for (let j = 0; j < 4; j++) sum += (Z.data[4 * i + j]! - centres[4 * c + j]!) ** 2;
          return sum;
        });
        inertia += Math.min(...distances);
        expect(distances[labels[i]!]).toBeCloseTo(Math.min(...distances), 6);
        for (let j = 0; j < 4; j++) mean[4 * labels[i]! + j]! += Z.data[4 * i + j]!;
        count[labels[i]!]!++;
      }
      expect(Number(fitted.summary['inertia']) / inertia).toBeCloseTo(1, 4);
      mean.forEach((v, at) => expect(v / count[Math.floor(at / 4)]!).toBeCloseTo(centres[at]!, 4));
    },
  );

  test('is the same for any number of threads', async () => {
    const big = groups(2, 30_000, 3, 3);
    const fit = async (threads: number) =>
      (
        await kMeans.make({ nClusters: 6, nInit: 1 }).fit(big, new Float64Array(30_000), none, context({ threads }))
      ).toState();
    expect((await fit(3)).arrays).toEqual((await fit(1)).arrays);
  });

  test('heavy rows pull centres as repeats do', async () => {
    const Z = matrix(Float64Array.of(0, 1, 10, 11), 4, 1);
    const fitted = await kMeans
      .make({ nClusters: 2, tol: 0 })
      .fit(Z, new Float64Array(4), none, context({ sampleWeight: Float64Array.of(3, 1, 1, 0) }));
    const centres = [...fitted.toState().arrays['centres']!].toSorted((a, b) => a - b);
    [0.25, 10].forEach((v, c) => expect(centres[c]).toBeCloseTo(v, 5));
  });

  test.each([
    { name: 'rows', X: matrix(new Float64Array(3), 3, 1) },
    { name: 'distinct rows', X: matrix(new Float64Array(30).fill(1, 10), 30, 1) },
  ])('refuses more clusters than $name', async ({ X: Z }) => {
    const fit = kMeans.make({ nClusters: 5 }).fit(Z, new Float64Array(Z.nRows), none, context());
    await expect(fit).rejects.toMatchObject({ code: 'TOO_FEW_DISTINCT_ROWS' });
  });

  test('the choice of k shows the elbow and the best silhouette', async () => {
    const choice = await chooseK(X, [2, 3, 4, 5, 6], context());
    expect(choice.map((c) => c.inertia)).toEqual(choice.map((c) => c.inertia).toSorted((a, b) => b - a));
    expect(choice.toSorted((a, b) => b.silhouette! - a.silhouette!)[0]!.k).toBe(4);
  });
});

test('silhouette of two pairs, by hand', () => {
  const X = matrix(Float64Array.of(0, 1, 4, 6), 4, 1);
  const value = silhouette(X, Int32Array.of(0, 0, 1, 1), 2, createRng(0));
  const s = (a: number, b: number) => (b - a) / Math.max(a, b);
  expect(value).toBeCloseTo((s(1, 5) + s(1, 4) + s(2, 3.5) + s(2, 5.5)) / 4, 12);
});

describe('principal components', () => {
  const rng = createRng(4);
  const X = matrix(
    Float64Array.from({ length: 600 }, (_, i) => rng.normal() * (1 + (i % 6)) + 50),
    100,
    6,
  );

  test('scores are uncorrelated, with the variances told', async () => {
    const fitted = (await pca.make({ nComponents: 6 }).fit(X, new Float64Array(100), none, context())) as FittedPca;
    const { data } = fitted.transform(X);
    for (let a = 0; a < 6; a++) {
      for (let b = 0; b < 6; b++) {
        let sum = 0;
        for (let i = 0; i < 100; i++) sum += data[6 * i + a]! * data[6 * i + b]!;
        expect(sum / 99).toBeCloseTo(a === b ? fitted.variance[a]! : 0, 8);
      }
    }
    expect(fitted.explained.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  test.each([
    { name: 'whitened', params: { nComponents: 3, whiten: true } },
    { name: 'by share of variance', params: { nComponents: 0.9 } },
    { name: 'not centred', params: { nComponents: 2, centre: false } },
  ])('$name', async ({ params }) => {
    const fitted = (await pca.make(params).fit(X, new Float64Array(100), none, context())) as FittedPca;
    const { data, nCols } = fitted.transform(X);
    if (params.whiten) {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let i = 0; i < 100; i++) sum += data[nCols * i + c]! ** 2;
        expect(sum / 99).toBeCloseTo(1, 9);
      }
    } else if (params.nComponents < 1) {
      const share = fitted.explained.reduce((a, b) => a + b, 0);
      expect(share).toBeGreaterThanOrEqual(0.9);
      expect(share - fitted.explained.at(-1)!).toBeLessThan(0.9);
    } else expect(Math.abs(data[0]!)).toBeGreaterThan(100); // the mean is in the first direction
  });

  test.each([0.5, 3.5, 7])('%d components', async (nComponents) => {
    const fit = pca.make({ nComponents }).fit(X, new Float64Array(100), none, context());
    if (nComponents < 1) await expect(fit).resolves.toBeDefined();
    else await expect(fit).rejects.toMatchObject({ code: 'PARAM_OUT_OF_RANGE' });
  });
});
