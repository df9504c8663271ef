import { clusterRows } from '../../../models/cluster/warmStart.ts';
import type { WeightedRows } from '../../rows.ts';
import type { Service } from '../service.ts';
import { KMeansPilot, nearest, restoreKMeans, type ClusterDensity } from './pilot.ts';

/** Starts of the pilot: local optima differ by about a per cent, more than a coreset adds. */
const STARTS = 12;

/** k-means: rows by their distance to the pilot's centres and by cluster. */
export const kmeansService: Service = {
  name: 'kmeans',
  async pilot(sample, _target, options, rng) {
    const k = Math.max(1, Math.min(options.k, distinctAtMost(sample, options.k)));
    const { centres } = await clusterRows(sample.X, sample.weight, { nInit: STARTS, k, rng: rng.fork('starts') });
    const density = densityOf(sample, centres, k);
    return new KMeansPilot({ k, nFeatures: sample.X.nCols, centres, density, hasCount: false });
  },
  restore: restoreKMeans,
};

/** Σ w d² and Σ w by cluster, with the sample's weights. */
function densityOf({ X, weight }: WeightedRows, centres: Float64Array, k: number): ClusterDensity {
  const mass = new Float64Array(k);
  let cost = 0;
  const found = { cluster: 0, distance: 0 };
  for (let i = 0; i < X.nRows; i++) {
    nearest(X.data, i * X.nCols, X.nCols, centres, k, found);
    mass[found.cluster]! += weight[i]!;
    cost += weight[i]! * found.distance;
  }
  return { mass, cost };
}

/** Distinct rows of the sample, counted up to `most`. */
function distinctAtMost({ X }: WeightedRows, most: number): number {
  const seen = new Set<string>();
  for (let i = 0; i < X.nRows && seen.size < most; i++) {
    seen.add(X.data.subarray(i * X.nCols, (i + 1) * X.nCols).join());
  }
  return seen.size;
}
