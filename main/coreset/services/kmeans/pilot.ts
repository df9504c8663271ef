import { createRng } from '../../../kernels/rng.ts';
import { clusterRows } from '../../../models/cluster/warmStart.ts';
import type { CalibrationOptions } from '../../calibrate.ts';
import type { Rows, WeightedRows } from '../../rows.ts';
import type { Pilot, PilotState, StatisticBlock, Visit } from '../service.ts';

/** What scores are shares of: learned on the sample, kept when centres move. */
export interface ClusterDensity {
  /** Shape (k,): weight of the rows in each cluster. */
  readonly mass: Float64Array;
  /** Σ w d². */
  readonly cost: number;
}

interface KMeansInit {
  readonly k: number;
  readonly nFeatures: number;
  /** Shape (k, d). */
  readonly centres: Float64Array;
  readonly density: ClusterDensity;
  /**
   * Whether the number of rows is a total of its own. It is the sum of the clusters' sizes, and without it the clusters
   * are blocks that are solved one by one; trees of former versions have it.
   */
  readonly hasCount: boolean;
}

/**
 * Differences from a centre below this share of the mean one are rounding of a feature that is constant in the cluster.
 * Counted, they would be statistics of next to no spread, whose totals no weights can reach.
 */
const ROUNDING = 1e-4;

/**
 * Centres as pilot. Rows are drawn by 0.4 d²/Σd² + 0.4/(k·n_cluster) + 0.2/n (after the sensitivities of Bachem, Lucic
 * & Krause 2018); weights reproduce size, sums x − c and cost of every cluster: what moves its centre.
 */
export class KMeansPilot implements Pilot {
  readonly service = 'kmeans';
  readonly nFeatures: number;
  readonly blocks: readonly StatisticBlock[];
  readonly nStatistics: number;
  readonly calibration: CalibrationOptions = { softness: 5, lower: 0.2, upper: 5 };
  readonly penalty = 0;
  readonly rounds = 3;
  readonly centres: Float64Array;
  private readonly init: KMeansInit;

  constructor(init: KMeansInit) {
    const { k, nFeatures: d } = init;
    this.init = init;
    this.nFeatures = d;
    this.centres = init.centres;
    const cost = 1 + k * (1 + d);
    this.nStatistics = cost + k;
    this.blocks = [
      { kind: init.hasCount ? 'count' : 'fold', from: 0, to: 1 },
      { kind: 'gradient', from: 1, to: cost },
      { kind: 'curvature', from: cost, to: this.nStatistics },
    ];
  }

  visit({ X, weight }: Rows, { score, key, statistics, totals, part }: Visit): void {
    const { k, nFeatures: d, centres, density } = this.init;
    const mass = density.mass.reduce((a, b) => a + b, 0);
    const unit = density.cost > 0 ? density.cost / mass : 1;
    const found = { cluster: 0, distance: 0 };
    const sums = statistics ?? totals;
    const cost = 1 + k * (1 + d);
    const least = ROUNDING * Math.sqrt(unit / d);
    for (let i = 0; i < X.nRows; i++) {
      const at = i * d;
      nearest(X.data, at, d, centres, k, found);
      const { cluster: c, distance } = found;
      if (score) {
        const far = density.cost > 0 ? (0.4 * distance) / density.cost : 0;
        score[i] = far + 0.4 / (k * Math.max(1, density.mass[c]!)) + 0.2 / mass;
      }
      if (key) key[i] = (c + distance / (distance + unit)) / k;
      if (!sums) continue;
      const w = statistics || weight === undefined ? 1 : weight[i]!;
      const out = (statistics ? i : (part?.[i] ?? 0)) * this.nStatistics;
      sums[out]! += w;
      const own = out + 1 + c * (1 + d);
      sums[own]! += w;
      for (let j = 0; j < d; j++) {
        const gap = X.data[at + j]! - centres[c * d + j]!;
        if (gap > least || gap < -least) sums[own + 1 + j]! += w * gap;
      }
      sums[out + cost + c]! += w * distance;
    }
  }

  /** Σ of squared distances to the centres. */
  lossOf(totals: Float64Array): number {
    const { k, nFeatures: d } = this.init;
    let sum = 0;
    for (let c = 0; c < k; c++) sum += totals[1 + k * (1 + d) + c]!;
    return sum;
  }

  excess(): null {
    return null;
  }

  canRefit(nRows: number): boolean {
    return nRows >= 10 * this.init.k;
  }

  /**
   * Lloyd's algorithm from these centres and from fresh starts. Another optimum is taken only where its lower cost is
   * beyond what a sample of this size can show by chance: small coresets cannot rank optima a per cent apart.
   */
  async refit(rows: WeightedRows): Promise<KMeansPilot> {
    const { k, centres } = this.init;
    const warm = await clusterRows(rows.X, rows.weight, { nInit: 0, centres, k, rng: createRng(0) });
    const fresh = await clusterRows(rows.X, rows.weight, { nInit: 5, k, rng: createRng(0) });
    const found = isCheaper(rows, fresh.centres, warm.centres, k) ? fresh : warm;
    return new KMeansPilot({ ...this.init, centres: found.centres });
  }

  state(): PilotState {
    const { k, nFeatures, centres, density, hasCount } = this.init;
    return {
      service: this.service,
      json: { k, nFeatures, cost: density.cost, hasCount },
      arrays: { centres, mass: density.mass },
    };
  }
}

/** Centres of a k-means tree, the best there are by the cost over all rows; none for other trees. */
export const centresOf = ({ pilot }: { readonly pilot: Pilot }): Float64Array | undefined =>
  pilot instanceof KMeansPilot ? pilot.centres : undefined;

export function restoreKMeans({ json, arrays }: PilotState): KMeansPilot {
  const {
    hasCount = true,
    cost,
    ...sizes
  } = json as { k: number; nFeatures: number; cost: number; hasCount?: boolean };
  const { centres, mass } = arrays as Record<string, Float64Array>;
  return new KMeansPilot({ ...sizes, centres: centres!, density: { mass: mass!, cost }, hasCount });
}

/** Whether `a` costs less than `b` by more than a standard error of the difference, by weighted rows. */
function isCheaper({ X, weight }: WeightedRows, a: Float64Array, b: Float64Array, k: number): boolean {
  const gap = new Float64Array(X.nRows);
  const found = { cluster: 0, distance: 0 };
  let sum = 0;
  let mass = 0;
  for (let i = 0; i < X.nRows; i++) {
    nearest(X.data, i * X.nCols, X.nCols, b, k, found);
    gap[i] = found.distance;
    nearest(X.data, i * X.nCols, X.nCols, a, k, found);
    gap[i]! -= found.distance;
    sum += weight[i]! * gap[i]!;
    mass += weight[i]!;
  }
  let square = 0;
  for (let i = 0; i < X.nRows; i++) square += (weight[i]! * (gap[i]! - sum / mass)) ** 2;
  return sum > Math.sqrt(square);
}

/** Cluster of a row and its squared distance, written to `out`. */
export function nearest(
  data: Float32Array | Float64Array,
  at: number,
  d: number,
  centres: Float64Array,
  k: number,
  out: { cluster: number; distance: number },
): void {
  out.distance = Infinity;
  for (let c = 0, from = 0; c < k; c++, from += d) {
    let sum = 0;
    for (let j = 0; j < d; j++) {
      const gap = data[at + j]! - centres[from + j]!;
      sum += gap * gap;
    }
    if (sum < out.distance) {
      out.distance = sum;
      out.cluster = c;
    }
  }
}
