import type { Ranking } from '../ranking.ts';
import { effectiveRows, type Interval } from './interval.ts';
import { Z } from './quantiles.ts';

/** An area, what each row adds to it, and its rows. */
export interface AreaParts {
  readonly value: number;
  /** DeLong's variance; NaN where a class has one row. */
  readonly variance: number;
  readonly nPositive: number;
  readonly nNegative: number;
}

/**
 * The ROC AUC as a U-statistic with its variance by DeLong, DeLong & Clarke-Pearson (1988), from one pass over the
 * ranked rows (Sun & Xu 2014); weights are shares within each class. null when a class has no weight.
 * @param influence shape (nSamples,): each row's influence on the area is added, times `scale`
 */
export function areaParts(
  { order, isPositive, isStep }: Ranking,
  weight?: Float64Array,
  influence?: Float64Array,
  scale = 1,
): AreaParts | null {
  const n = order.length;
  let [positives, negatives, positiveSquares, negativeSquares] = [0, 0, 0, 0];
  for (let k = 0; k < n; k++) {
    const w = weight ? weight[order[k]!]! : 1;
    if (isPositive[k]) {
      positives += w;
      positiveSquares += w * w;
    } else {
      negatives += w;
      negativeSquares += w * w;
    }
  }
  if (!(positives > 0 && negatives > 0)) return null;
  // Placement of a positive: share of negatives below it; of a negative: share of positives above it. Ties count half.
  const placement = new Float64Array(n);
  let [above, below, area] = [0, negatives, 0];
  for (let start = 0; start < n;) {
    let [tiedPositive, tiedNegative, end] = [0, 0, start];
    for (;;) {
      const w = weight ? weight[order[end]!]! : 1;
      if (isPositive[end]) tiedPositive += w;
      else tiedNegative += w;
      if (isStep[end++]) break;
    }
    below -= tiedNegative;
    const ofPositive = (below + tiedNegative / 2) / negatives;
    const ofNegative = (above + tiedPositive / 2) / positives;
    for (let k = start; k < end; k++) placement[k] = isPositive[k] ? ofPositive : ofNegative;
    area += tiedPositive * ofPositive;
    above += tiedPositive;
    start = end;
  }
  const value = Math.min(1, Math.max(0, area / positives));
  let [ofPositives, ofNegatives] = [0, 0];
  for (let k = 0; k < n; k++) {
    const row = order[k]!;
    const w = weight ? weight[row]! : 1;
    const gap = placement[k]! - value;
    if (isPositive[k]) ofPositives += w * gap * gap;
    else ofNegatives += w * gap * gap;
    if (influence) influence[row]! += (scale * w * gap) / (isPositive[k] ? positives : negatives);
  }
  const nPositive = effectiveRows(positives, positiveSquares);
  const nNegative = effectiveRows(negatives, negativeSquares);
  const variance = ofPositives / positives / (nPositive - 1) + ofNegatives / negatives / (nNegative - 1);
  return { value, variance: nPositive > 1 && nNegative > 1 ? variance : NaN, nPositive, nNegative };
}

/**
 * Interval of a ROC AUC: the θ whose score test is not refused, |θ − A| ≤ z √(ρ V(θ)), with Newcombe's (2006) method 5
 * for V(θ), which holds where positives are few and the area is near 1. V supposes exponential scores; ρ = DeLong's
 * variance over V(A), within 1 … 6, makes up for other scores.
 */
export function areaInterval({ value, variance, nPositive, nNegative }: AreaParts): Interval {
  const own = areaVariance(value, nPositive, nNegative);
  const ratio = own > 0 && Number.isFinite(variance) ? Math.min(6, Math.max(1, variance / own)) : 1;
  const isInside = (theta: number) =>
    Math.abs(theta - value) <= Z * Math.sqrt(ratio * areaVariance(theta, nPositive, nNegative));
  return { low: farthest(value, 0, isInside), high: farthest(value, 1, isInside) };
}

/** Newcombe's variance of an area θ, N = (n₁ + n₀)/2 − 1. */
export function areaVariance(theta: number, nPositive: number, nNegative: number): number {
  const N = (nPositive + nNegative) / 2 - 1;
  const more = (N * (1 - theta)) / (2 - theta) + (N * theta) / (1 + theta);
  return (theta * (1 - theta) * (1 + more)) / (nPositive * nNegative);
}

/** The point farthest from `from` towards `to` that is inside, by bisection. */
function farthest(from: number, to: number, isInside: (at: number) => boolean): number {
  let [inside, outside] = [from, to];
  for (let step = 0; step < 50; step++) {
    const mid = (inside + outside) / 2;
    if (isInside(mid)) inside = mid;
    else outside = mid;
  }
  return inside;
}
