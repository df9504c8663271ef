import type { Ranking } from '../ranking.ts';
import { around, effectiveRows, type Interval } from './interval.ts';
import { Z } from './quantiles.ts';

export interface PrecisionParts {
  readonly value: number;
  /** By the infinitesimal jackknife. */
  readonly variance: number;
  /** Positives that count. */
  readonly nPositive: number;
}

/**
 * Average precision with its variance by the infinitesimal jackknife (Jaeckel 1972): Σ (w ∂AP/∂w)². null when a class
 * has no weight.
 * @param influence shape (nSamples,): each row's influence is added, times `scale`
 */
export function precisionParts(
  { order, isPositive, isStep }: Ranking,
  weight?: Float64Array,
  influence?: Float64Array,
  scale = 1,
): PrecisionParts | null {
  const n = order.length;
  let [tp, fp, squares, positiveSquares, sum] = [0, 0, 0, 0, 0];
  // Of each row: precision at its step; and what a unit more of a positive, or of a negative, does to the steps' precisions.
  const precision = new Float64Array(n);
  const ofPositive = new Float64Array(n);
  const ofNegative = new Float64Array(n);
  for (let start = 0; start < n;) {
    let [tied, end] = [0, start];
    for (;;) {
      const w = weight ? weight[order[end]!]! : 1;
      squares += w * w;
      if (isPositive[end]) {
        tied += w;
        positiveSquares += w * w;
      } else fp += w;
      if (isStep[end++]) break;
    }
    tp += tied;
    const all = tp + fp;
    const at = all > 0 ? tp / all : 0;
    sum += tied * at;
    precision[start] = at;
    ofPositive[start] = all > 0 ? (tied * fp) / (all * all) : 0;
    ofNegative[start] = all > 0 ? (tied * tp) / (all * all) : 0;
    start = end;
  }
  if (!(tp > 0 && fp > 0)) return null;
  const value = sum / tp;
  let [gained, lost, variance] = [0, 0, 0];
  for (let end = n; end > 0;) {
    let start = end - 1;
    while (start > 0 && !isStep[start - 1]) start--;
    gained += ofPositive[start]!;
    lost += ofNegative[start]!;
    for (let k = start; k < end; k++) {
      const row = order[k]!;
      const w = weight ? weight[row]! : 1;
      const slope = w * ((isPositive[k] ? precision[start]! - value + gained : -lost) / tp);
      variance += slope * slope;
      if (influence) influence[row]! += scale * slope;
    }
    end = start;
  }
  // With weights the share of positives varies more than their own number says.
  const all = effectiveRows(tp + fp, squares);
  const nPositive = Math.min(effectiveRows(tp, positiveSquares), (all * tp) / (tp + fp));
  return { value, variance, nPositive };
}

/**
 * On the scale of the logit (Boyd, Eng & Page 2013), its standard error at least that of a proportion of the positives;
 * the value is held off 0 and 1 by a quarter of a positive.
 */
export function precisionInterval({ value, variance, nPositive }: PrecisionParts): Interval {
  const edge = Math.min(0.5, 0.25 / nPositive);
  const held = Math.min(1 - edge, Math.max(edge, value));
  const spread = held * (1 - held);
  const half = Z * Math.max(1 / Math.sqrt(nPositive * spread), Math.sqrt(variance) / spread);
  const logit = Math.log(held / (1 - held));
  return around(value, { low: 1 / (1 + Math.exp(half - logit)), high: 1 / (1 + Math.exp(-half - logit)) });
}
