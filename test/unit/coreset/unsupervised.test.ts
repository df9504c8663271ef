import { describe, expect, test } from 'vitest';
import { memorySource } from '../../../main/coreset/rows.ts';
import { KMeansPilot, nearest } from '../../../main/coreset/services/kmeans/pilot.ts';
import { fitSubspace, PcaPilot } from '../../../main/coreset/services/pca/pilot.ts';
import { loadTree, saveTree } from '../../../main/coreset/tree/treeFile.ts';
import type { Matrix } from '../../../main/kernels/matrix.ts';
import { createRng, type Rng } from '../../../main/kernels/rng.ts';
import { clusterRows } from '../../../main/models/cluster/warmStart.ts';
import { build, fingerprint } from './data.ts';

const ones = (n: number) => new Float64Array(n).fill(1);

/** Six groups of unequal size and spread in five dimensions, a few rows far away. */
function groups(n: number, rng: Rng): Matrix {
  const d = 5;
  const centres = Float64Array.from({ length: 6 * d }, () => 4 * rng.normal());
  const data = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    const c = Math.floor(6 * rng.uniform() ** 2);
    const spread = rng.uniform() < 0.01 ? 8 : 0.5 + 0.2 * c;
    for (let j = 0; j < d; j++) data[i * d + j] = centres[c * d + j]! + (1 + j / 2) * spread * rng.normal();
  }
  return { data, nRows: n, nCols: d };
}

const X = groups(8000, createRng(1));
const source = memorySource({ X, y: new Float64Array(X.nRows) }, null);
const serviceOptions = { k: 6 };

function costOf(centres: Float64Array): number {
  const found = { cluster: 0, distance: 0 };
  let sum = 0;
  for (let i = 0; i < X.nRows; i++) {
    nearest(X.data, i * X.nCols, X.nCols, centres, 6, found);
    sum += found.distance;
  }
  return sum;
}

describe('services without a target', () => {
  test('k-means: clusters of the coreset cost what clusters of all rows do', async () => {
    const full = await clusterRows(X, undefined, { nInit: 10, k: 6, rng: createRng(2) });
    const tree = await build(source, { service: 'kmeans', size: 400, serviceOptions });
    const fitted = (await tree.pilot.refit(tree.coreset(0))) as KMeansPilot;
    expect(costOf(fitted.centres) / full.inertia).toBeLessThan(1.01);
    expect(tree.pilot.lossOf(tree.totals())! / costOf((tree.pilot as KMeansPilot).centres)).toBeCloseTo(1, 9);
  });

  test('k-means: features that are constant but for rounding in a cluster leave the weights their sum', async () => {
    const rng = createRng(6);
    const [n, d] = [6000, 12];
    const data = new Float32Array(n * d);
    for (let i = 0; i < n; i++) {
      const c = rng.int(3);
      for (let j = 0; j < d; j++) {
        // Levels as one-hot columns have them, and a rare one that few rows of a cluster carry.
        const level = j % 3 === c ? 1.1 + 20 * c : 0.1;
        data[i * d + j] = j < 2 ? 3 * c + rng.normal() : level + (rng.int(3000) === 0 ? 2.3 : 0);
      }
    }
    const rows = { X: { data, nRows: n, nCols: d }, y: new Float64Array(n) };
    for (const seed of [1, 2, 3]) {
      const tree = await build(memorySource(rows, null), {
        service: 'kmeans',
        size: 300,
        seed,
        serviceOptions: { k: 3 },
      });
      const sum = tree.coreset(0).weight.reduce((a, b) => a + b, 0);
      expect(Math.abs(sum / n - 1)).toBeLessThan(0.02);
    }
  });

  test('PCA: the subspace of the coreset leaves over what that of all rows does', async () => {
    const rows = { X, y: new Float64Array(X.nRows), weight: ones(X.nRows) };
    const full = fitSubspace(rows, 2);
    const leftOver = (pilot: PcaPilot) => {
      const totals = new Float64Array(pilot.nStatistics);
      pilot.visit(rows, { totals });
      return pilot.lossOf(totals) / X.nRows;
    };
    const tree = await build(source, { service: 'pca', size: 400, serviceOptions: { k: 2 } });
    const coreset = tree.coreset(0);
    const calibrated = leftOver((await tree.pilot.refit(coreset)) as PcaPilot) / full.residual - 1;
    const plain =
      leftOver((await tree.pilot.refit({ ...coreset, weight: coreset.baseWeight })) as PcaPilot) / full.residual - 1;
    expect(calibrated).toBeGreaterThan(-1e-9);
    expect(calibrated).toBeLessThan(1e-3);
    expect(calibrated).toBeLessThan(plain);
  });

  test.each(['kmeans', 'pca'] as const)('%s: a tree comes back from its file as it was', async (service) => {
    const tree = await build(source, { service, size: 300, serviceOptions });
    const back = loadTree(saveTree(tree));
    expect(fingerprint(back)).toEqual(fingerprint(tree));
    expect([...back.totals()]).toEqual([...tree.totals()]);
  });

  test.each(['kmeans', 'pca'] as const)(
    '%s: fewer distinct rows than asked for, constant features',
    async (service) => {
      const data = Float64Array.from({ length: 600 }, (_, at) => (at % 3 === 2 ? 7 : Math.floor(at / 3) % 2));
      const few = memorySource({ X: { data, nRows: 200, nCols: 3 }, y: new Float64Array(200) }, null);
      const tree = await build(few, { service, size: 50, serviceOptions });
      const { weight } = tree.coreset(0);
      expect(weight.every((w) => Number.isFinite(w) && w > 0)).toBe(true);
      expect(weight.reduce((a, b) => a + b, 0)).toBeCloseTo(200, 0);
    },
  );
});
