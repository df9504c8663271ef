import { createRng, permutation } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { takeRows, type Matrix } from '../../../main/kernels/matrix.ts';
import { memorySource } from '../../../main/coreset/rows.ts';
import { KMeansPilot, nearest } from '../../../main/coreset/services/kmeans/pilot.ts';
import { buildTree } from '../../../main/coreset/tree/build.ts';
import { clusterRows } from '../../../main/models/cluster/warmStart.ts';
import { median, row, timingOf, type Bench, type BenchRow } from '../harness.ts';
import { loadCoresetData } from '../helpers/coresetData.ts';

const SETS = ['magic', 'electricity', 'cardio', 'credit_default', 'covertype2', 'dry_bean', 'letter', 'adult'];
const [k, m] = [10, 2000];

export const coresetKmeans: Bench = {
  name: 'coreset-kmeans',
  description: 'k-means, k = 10, on 2,000 rows: cost over all rows / cost of k-means on all rows, beside other samples',
  async run({ nRuns, dataDir, threads, only, log }) {
    if (dataDir === null) throw new Error('this bench needs data sets: set PITH_BENCH_DATA to their folder');
    const rows: BenchRow[] = [];
    for (const name of SETS.filter((set) => only === null || set.includes(only))) {
      const { X, y, target } = await loadCoresetData(dataDir, name);
      const full = await clusterRows(X, undefined, { nInit: 5, k, rng: createRng(0), threads });
      const ratio = (centres: Float64Array) => costOf(X, centres) / full.inertia;
      const ratios = { coreset: [] as number[], uniform: [] as number[], lightweight: [] as number[] };
      for (let seed = 1; seed <= Math.max(3, nRuns); seed++) {
        const options = { service: 'kmeans', size: m, seed, threads, serviceOptions: { k } } as const;
        const tree = await buildTree(memorySource({ X, y }, null), options, quietTask);
        const pilot = await tree.pilot.refit(tree.coreset(0));
        ratios.coreset.push(ratio((pilot as KMeansPilot).centres));
        for (const kind of ['uniform', 'lightweight'] as const) {
          const { ids, weight } = kind === 'uniform' ? uniform(X, seed) : lightweight(X, seed);
          const found = await clusterRows(takeRows(X, ids), weight, { nInit: 5, k, rng: createRng(seed) });
          ratios[kind].push(ratio(found.centres));
        }
      }
      const peer = { name: 'lightweight', median: median(ratios.lightweight) };
      const extra = { uniform: median(ratios.uniform), nRows: y.length, nFeatures: X.nCols, classes: target.task };
      rows.push(row(`${name}, m = ${m}`, 'cost ratio', timingOf(ratios.coreset), peer, extra));
      log(`${name}: ${median(ratios.coreset).toFixed(4)}`);
    }
    return rows;
  },
};

function costOf(X: Matrix, centres: Float64Array): number {
  const found = { cluster: 0, distance: 0 };
  let sum = 0;
  for (let i = 0; i < X.nRows; i++) {
    nearest(X.data, i * X.nCols, X.nCols, centres, k, found);
    sum += found.distance;
  }
  return sum;
}

function uniform(X: Matrix, seed: number) {
  const ids = permutation(X.nRows, createRng(seed)).slice(0, m);
  return { ids, weight: new Float64Array(ids.length).fill(X.nRows / m) };
}

/** q = ½/n + ½ d²(x, mean)/Σ (Bachem, Lucic & Krause 2018), with replacement, weights 1/(m q). */
function lightweight(X: Matrix, seed: number) {
  const d = X.nCols;
  const mean = new Float64Array(d);
  for (let at = 0; at < X.data.length; at++) mean[at % d]! += X.data[at]! / X.nRows;
  const far = Float64Array.from({ length: X.nRows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += (X.data[i * d + j]! - mean[j]!) ** 2;
    return sum;
  });
  const total = far.reduce((a, b) => a + b, 0);
  const q = far.map((v) => 0.5 / X.nRows + (0.5 * v) / total);
  const sums = q.slice();
  for (let i = 1; i < sums.length; i++) sums[i]! += sums[i - 1]!;
  const rng = createRng(seed);
  const ids = Uint32Array.from({ length: m }, () => {
    const u = rng.uniform();
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const mid = (low + high) >> 1;
      if (sums[mid]! < u) low = mid + 1;
      else high = mid;
    }
    return low;
  });
  return { ids, weight: Float64Array.from(ids, (i) => 1 / (m * q[i]!)) };
}
