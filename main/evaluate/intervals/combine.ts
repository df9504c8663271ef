import type { Interval } from './interval.ts';

/** One of the numbers that a mean is made of. */
export interface Part extends Interval {
  readonly value: number;
  /** Its share of the mean. */
  readonly share: number;
  /** Its variance to first order (from influence functions). */
  readonly variance: number;
}

/**
 * Interval of Σ share × value from the parts' own, by square-and-add, each side apart (Zou & Donner 2008). Parts that
 * go up and down together make the sum vary more than that; then the squares are multiplied by how much more.
 * @param variance of the sum to first order, with all that the parts share
 */
export function combine(parts: readonly Part[], variance: number): Interval & { readonly value: number } {
  const sum = (of: (p: Part) => number) => parts.reduce((total, p) => total + of(p), 0);
  const apart = sum(({ share, variance: own }) => share ** 2 * own);
  const together = apart > 0 ? Math.max(1, variance / apart) : 1;
  const half = (of: (p: Part) => number) => Math.sqrt(together * sum((p) => (p.share * of(p)) ** 2));
  const value = sum((p) => p.share * p.value);
  return {
    value,
    low: value - half((p) => p.value - p.low),
    high: value + half((p) => p.high - p.value),
  };
}
