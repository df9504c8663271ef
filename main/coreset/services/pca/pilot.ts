import { eigenSymmetric } from '../../../kernels/linalg/eigen.ts';
import type { CalibrationOptions } from '../../calibrate.ts';
import type { Rows, WeightedRows } from '../../rows.ts';
import type { Pilot, PilotState, StatisticBlock, Visit } from '../service.ts';

export interface Subspace {
  readonly k: number;
  /** Shape (d,). */
  readonly mean: Float64Array;
  /** Shape (k, d): unit directions, largest variance first. */
  readonly directions: Float64Array;
  /** Shape (k,): variance along each. */
  readonly variances: Float64Array;
  /** Mean squared distance from the subspace. */
  readonly residual: number;
}

interface PcaInit {
  readonly nFeatures: number;
  readonly subspace: Subspace;
  /** What scores are shares of: the first sample's. */
  readonly density: { readonly mass: number; readonly variances: Float64Array; readonly residual: number };
}

/**
 * A subspace as pilot. Rows are drawn by 0.4 of their leverage in it, 0.4 of their distance from it and 0.2/n; weights
 * reproduce n, Σx and Σx·z (z the coordinates in the subspace): the first-order terms by which directions turn (Davis &
 * Kahan 1970), and the residual.
 */
export class PcaPilot implements Pilot {
  readonly service = 'pca';
  readonly nFeatures: number;
  readonly blocks: readonly StatisticBlock[];
  readonly nStatistics: number;
  readonly calibration: CalibrationOptions = { softness: 1, lower: 0.1, upper: 10 };
  readonly penalty = 0;
  readonly subspace: Subspace;
  private readonly init: PcaInit;

  constructor(init: PcaInit) {
    this.init = init;
    const d = (this.nFeatures = init.nFeatures);
    this.subspace = init.subspace;
    const end = 1 + d + init.subspace.k * d;
    this.nStatistics = end + 1;
    this.blocks = [
      { kind: 'count', from: 0, to: 1 },
      { kind: 'gradient', from: 1, to: end },
      { kind: 'curvature', from: end, to: end + 1 },
    ];
  }

  static of({ X, weight }: WeightedRows, subspace: Subspace): PcaPilot {
    const mass = weight.reduce((a, b) => a + b, 0);
    const { variances, residual } = subspace;
    return new PcaPilot({ nFeatures: X.nCols, subspace, density: { mass, variances, residual } });
  }

  visit({ X, weight }: Rows, { score, key, statistics, totals, part }: Visit): void {
    const { nFeatures: d, density } = this.init;
    const { k, mean, directions } = this.subspace;
    const x = new Float64Array(d);
    const z = new Float64Array(k);
    const sums = statistics ?? totals;
    const unit = density.residual > 0 ? density.residual : 1;
    for (let i = 0; i < X.nRows; i++) {
      const residual = project(X.data, i * d, mean, directions, x, z);
      if (score) {
        let leverage = 0;
        for (let a = 0; a < k; a++) if (density.variances[a]! > 0) leverage += z[a]! ** 2 / density.variances[a]!;
        const far = density.residual > 0 ? residual / density.residual : 0;
        score[i] = ((0.4 * leverage) / k + 0.4 * far + 0.2) / density.mass;
      }
      if (key) key[i] = 0.5 + (0.5 * z[0]!) / (Math.sqrt(unit) + Math.abs(z[0]!));
      if (!sums) continue;
      const w = statistics || weight === undefined ? 1 : weight[i]!;
      let at = (statistics ? i : (part?.[i] ?? 0)) * this.nStatistics;
      sums[at++]! += w;
      for (let j = 0; j < d; j++) sums[at++]! += w * x[j]!;
      for (let a = 0; a < k; a++) for (let j = 0; j < d; j++) sums[at++]! += w * z[a]! * x[j]!;
      sums[at]! += w * residual;
    }
  }

  /** Σ of squared distances from the subspace. */
  lossOf(totals: Float64Array): number {
    return totals[this.nStatistics - 1]!;
  }

  excess(): null {
    return null;
  }

  canRefit(nRows: number): boolean {
    return nRows >= 3 * this.nStatistics;
  }

  async refit(rows: WeightedRows): Promise<PcaPilot> {
    return new PcaPilot({ ...this.init, subspace: fitSubspace(rows, this.subspace.k) });
  }

  state(): PilotState {
    const { nFeatures, subspace, density } = this.init;
    const { k, residual, ...arrays } = subspace;
    return {
      service: this.service,
      json: { nFeatures, k, residual, mass: density.mass, drawResidual: density.residual },
      arrays: { ...arrays, drawVariances: density.variances },
    };
  }
}

export function restorePca({ json, arrays }: PilotState): PcaPilot {
  const { nFeatures, k, residual, mass, drawResidual } = json as Record<string, number>;
  const { mean, directions, variances, drawVariances } = arrays as Record<string, Float64Array>;
  return new PcaPilot({
    nFeatures: nFeatures!,
    subspace: { k: k!, mean: mean!, directions: directions!, variances: variances!, residual: residual! },
    density: { mass: mass!, variances: drawVariances!, residual: drawResidual! },
  });
}

/** The k directions of largest variance of weighted rows. */
export function fitSubspace({ X, weight }: WeightedRows, k: number): Subspace {
  const { data, nRows, nCols: d } = X;
  const mass = weight.reduce((a, b) => a + b, 0);
  const mean = new Float64Array(d);
  for (let i = 0; i < nRows; i++) for (let j = 0; j < d; j++) mean[j]! += (weight[i]! * data[i * d + j]!) / mass;
  const C = new Float64Array(d * d);
  const x = new Float64Array(d);
  for (let i = 0; i < nRows; i++) {
    for (let j = 0; j < d; j++) x[j] = data[i * d + j]! - mean[j]!;
    for (let a = 0; a < d; a++) {
      const v = (weight[i]! * x[a]!) / mass;
      if (v !== 0) for (let b = 0; b <= a; b++) C[a * d + b]! += v * x[b]!;
    }
  }
  for (let a = 0; a < d; a++) for (let b = 0; b < a; b++) C[b * d + a] = C[a * d + b]!;
  const { values, vectors } = eigenSymmetric(C, d);
  let residual = 0;
  for (let a = k; a < d; a++) residual += Math.max(0, values[a]!);
  return {
    k,
    mean,
    directions: vectors.slice(0, k * d),
    variances: values.slice(0, k).map((v) => Math.max(0, v)),
    residual,
  };
}

/** Writes x − mean and its coordinates; returns the squared distance from the subspace. */
function project(
  data: Float32Array | Float64Array,
  at: number,
  mean: Float64Array,
  directions: Float64Array,
  x: Float64Array,
  z: Float64Array,
): number {
  const d = x.length;
  let left = 0;
  for (let j = 0; j < d; j++) {
    x[j] = data[at + j]! - mean[j]!;
    left += x[j]! ** 2;
  }
  for (let a = 0; a < z.length; a++) {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += directions[a * d + j]! * x[j]!;
    z[a] = sum;
    left -= sum * sum;
  }
  return Math.max(0, left);
}
