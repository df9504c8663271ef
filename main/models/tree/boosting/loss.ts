import type { TargetInfo } from '../../estimator.ts';
import type { BoostingParams } from './params.ts';

/** A loss as the kernels know it (assembly/loss.ts), with its start, its link and its value. */
export interface Loss {
  readonly kind: 'logLoss' | 'softmax' | 'squaredError' | 'poisson' | 'quantile';
  /** Number of the gradient kernel; softmax has one of its own. */
  readonly kernel: number;
  readonly alpha: number;
  /** Trees per round, columns of the raw score. */
  readonly nScores: number;
  /** Leaves take a quantile of their residuals instead of a Newton step. */
  readonly isRefitted: boolean;
  /** Best constant raw scores, shape (nScores,). */
  baseline(y: Float64Array, w: Float64Array | undefined): Float64Array;
  /** Weighted mean loss; score has shape (nScores, n). */
  value(score: Float64Array, y: Float64Array, w: Float64Array | undefined): number;
}

export function lossOf(target: TargetInfo, params: BoostingParams): Loss {
  if (target.task === 'multiclass' && target.nClasses > 2) return softmax(target.nClasses);
  if (target.task !== 'regression') return logLoss;
  switch (params.loss) {
    case 'poisson':
      return poisson;
    case 'quantile':
      return quantile(params.quantile);
    case 'absoluteError':
      return quantile(0.5);
    default:
      return squaredError;
  }
}

// A class without rows, or with all of them, still gets a finite score.
const MIN_SHARE = 1e-12;
const logShare = (share: number) => Math.log(Math.max(share, MIN_SHARE));

const logLoss: Loss = {
  kind: 'logLoss',
  kernel: 0,
  alpha: 0,
  nScores: 1,
  isRefitted: false,
  baseline(y, w) {
    const p = weightedMean(y, w);
    return Float64Array.of(logShare(p) - logShare(1 - p));
  },
  value: (score, y, w) =>
    meanOver(y.length, w, (i) => {
      const s = score[i]!;
      return Math.max(s, 0) - s * y[i]! + Math.log1p(Math.exp(-Math.abs(s)));
    }),
};

const squaredError: Loss = {
  kind: 'squaredError',
  kernel: 1,
  alpha: 0,
  nScores: 1,
  isRefitted: false,
  baseline: (y, w) => Float64Array.of(weightedMean(y, w)),
  value: (score, y, w) => meanOver(y.length, w, (i) => (score[i]! - y[i]!) ** 2),
};

const poisson: Loss = {
  kind: 'poisson',
  kernel: 2,
  alpha: 0,
  nScores: 1,
  isRefitted: false,
  baseline: (y, w) => Float64Array.of(Math.log(Math.max(weightedMean(y, w), 1e-12))),
  value: (score, y, w) => meanOver(y.length, w, (i) => Math.exp(score[i]!) - y[i]! * score[i]!),
};

const quantile = (alpha: number): Loss => ({
  kind: 'quantile',
  kernel: 3,
  alpha,
  nScores: 1,
  isRefitted: true,
  baseline: (y, w) => Float64Array.of(weightedQuantile(y, w, alpha)),
  value: (score, y, w) =>
    meanOver(y.length, w, (i) => {
      const r = y[i]! - score[i]!;
      return r > 0 ? alpha * r : (alpha - 1) * r;
    }),
});

const softmax = (nClasses: number): Loss => ({
  kind: 'softmax',
  kernel: -1,
  alpha: 0,
  nScores: nClasses,
  isRefitted: false,
  baseline(y, w) {
    const mass = new Float64Array(nClasses);
    let total = 0;
    for (let i = 0; i < y.length; i++) {
      mass[y[i]!]! += w ? w[i]! : 1;
      total += w ? w[i]! : 1;
    }
    return mass.map((m) => logShare(m / total));
  },
  value: (score, y, w) => {
    const n = y.length;
    return meanOver(n, w, (i) => {
      let top = -Infinity;
      for (let k = 0; k < nClasses; k++) top = Math.max(top, score[k * n + i]!);
      let sum = 0;
      for (let k = 0; k < nClasses; k++) sum += Math.exp(score[k * n + i]! - top);
      return Math.log(sum) + top - score[y[i]! * n + i]!;
    });
  },
});

function weightedMean(y: Float64Array, w: Float64Array | undefined): number {
  return meanOver(y.length, w, (i) => y[i]!);
}

function meanOver(n: number, w: Float64Array | undefined, at: (i: number) => number): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const wi = w ? w[i]! : 1;
    if (wi === 0) continue;
    sum += wi * at(i);
    total += wi;
  }
  return total > 0 ? sum / total : 0;
}

/** Smallest value at which the weight up to it reaches `alpha` of the whole; halfway to the next when it does exactly. */
export function weightedQuantile(values: Float64Array, w: Float64Array | undefined, alpha: number): number {
  const order = Array.from(values.keys()).filter((i) => !w || w[i]! > 0);
  if (order.length === 0) return 0;
  order.sort((a, b) => values[a]! - values[b]!);
  const total = w ? order.reduce((sum, i) => sum + w[i]!, 0) : order.length;
  const goal = alpha * total;
  let sum = 0;
  for (let k = 0; k < order.length; k++) {
    sum += w ? w[order[k]!]! : 1;
    if (sum > goal) return values[order[k]!]!;
    if (sum === goal) {
      const next = order[Math.min(k + 1, order.length - 1)]!;
      return (values[order[k]!]! + values[next]!) / 2;
    }
  }
  return values[order.at(-1)!]!;
}
