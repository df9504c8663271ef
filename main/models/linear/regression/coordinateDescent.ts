import type { Moments } from './moments.ts';

export interface DescentResult {
  /** Shape (d,). */
  readonly coef: Float64Array;
  readonly sweeps: number;
  /** Duality gap, in the units of Σ w y² / (2 Σ w). */
  readonly gap: number;
  readonly isConverged: boolean;
}

/**
 * argmin 1/(2 Σw) Σ w (y − xᵀβ)² + alpha · l1Ratio ‖β‖₁ + ½ alpha (1 − l1Ratio) ‖β‖², scikit-learn's elastic net, by
 * coordinate descent on the Gram matrix (Friedman, Hastie & Tibshirani 2010): a sweep costs d² whatever the number of rows.
 * Ends when the duality gap is below tol · Σ w y² / (2 Σ w).
 */
export function coordinateDescent(
  { gram, xy, yy, d, sumWeights }: Moments,
  options: { readonly alpha: number; readonly l1Ratio: number; readonly tol: number; readonly maxIter: number },
  start?: Float64Array,
): DescentResult {
  const l1 = options.alpha * options.l1Ratio * sumWeights;
  const l2 = options.alpha * (1 - options.l1Ratio) * sumWeights;
  const coef = start?.slice() ?? new Float64Array(d);
  // slope = XᵀW(y − Xβ)
  const slope = xy.slice();
  for (let j = 0; j < d; j++) if (coef[j] !== 0) addColumn(slope, gram, d, j, -coef[j]!);
  const update = (j: number): number => {
    const h = gram[j * d + j]!;
    if (!(h + l2 > 0)) return 0;
    const u = slope[j]! + h * coef[j]!;
    const next = (u > l1 ? u - l1 : u < -l1 ? u + l1 : 0) / (h + l2);
    const change = next - coef[j]!;
    if (change === 0) return 0;
    coef[j] = next;
    addColumn(slope, gram, d, j, -change);
    return (h + l2) * change * change;
  };
  const goal = options.tol * Math.max(yy, 1e-300);
  let gap = Infinity;
  let sweeps = 0;
  while (sweeps < options.maxIter) {
    let moved = 0;
    for (let j = 0; j < d; j++) moved += update(j);
    sweeps++;
    gap = dualityGap(coef, slope, xy, yy, l1, l2);
    if (gap <= goal || moved === 0) break;
    const active: number[] = [];
    for (let j = 0; j < d; j++) if (coef[j] !== 0) active.push(j);
    for (let inner = 0; inner < 50 && sweeps < options.maxIter; inner++) {
      let change = 0;
      for (const j of active) change += update(j);
      if (change <= 0.05 * goal) break;
    }
  }
  return { coef, sweeps, gap: gap / (2 * sumWeights), isConverged: gap <= goal || gap === 0 };
}

function addColumn(slope: Float64Array, gram: Float64Array, d: number, j: number, factor: number): void {
  const row = j * d;
  for (let k = 0; k < d; k++) slope[k]! += factor * gram[row + k]!;
}

/** Twice the duality gap of ½ Σ w r² + l1 ‖β‖₁ + ½ l2 ‖β‖² (as scikit-learn's `enet_coordinate_descent_gram`). */
function dualityGap(
  coef: Float64Array,
  slope: Float64Array,
  xy: Float64Array,
  yy: number,
  l1: number,
  l2: number,
): number {
  let [dualNorm, norm1, norm2, fitted, cross] = [0, 0, 0, 0, 0];
  for (let j = 0; j < coef.length; j++) {
    const b = coef[j]!;
    dualNorm = Math.max(dualNorm, Math.abs(slope[j]! - l2 * b));
    norm1 += Math.abs(b);
    norm2 += b * b;
    cross += b * xy[j]!;
    fitted += b * (xy[j]! - slope[j]!);
  }
  const rr = Math.max(0, yy + fitted - 2 * cross);
  const scale = dualNorm > l1 ? l1 / dualNorm : 1;
  const ry = yy - cross;
  const gap = dualNorm > l1 ? 0.5 * (rr + rr * scale * scale) : rr;
  return Math.max(0, 2 * (gap + l1 * norm1 - scale * ry + 0.5 * l2 * (1 + scale * scale) * norm2));
}

/** The smallest alpha that makes every coefficient zero. */
export function largestAlpha({ xy, sumWeights }: Moments, l1Ratio: number): number {
  return xy.reduce((top, v) => Math.max(top, Math.abs(v)), 0) / (sumWeights * Math.max(l1Ratio, 1e-3));
}

export interface PathPoint extends DescentResult {
  readonly alpha: number;
}

/** Elastic nets for `nAlphas` values of alpha from `largestAlpha` down to `eps` of it, each started at the one before. */
export function elasticNetPath(
  moments: Moments,
  options: {
    readonly l1Ratio: number;
    readonly nAlphas?: number;
    readonly eps?: number;
    readonly tol?: number;
    readonly maxIter?: number;
  },
): PathPoint[] {
  const { l1Ratio, nAlphas = 100, eps = 1e-3, tol = 1e-4, maxIter = 1000 } = options;
  const top = largestAlpha(moments, l1Ratio);
  const points: PathPoint[] = [];
  for (let i = 0; i < nAlphas; i++) {
    const alpha = top * eps ** (i / Math.max(1, nAlphas - 1));
    points.push({
      alpha,
      ...coordinateDescent(moments, { alpha, l1Ratio, tol, maxIter }, points.at(-1)?.coef),
    });
  }
  return points;
}
