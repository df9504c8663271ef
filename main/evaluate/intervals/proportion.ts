import type { Interval } from './interval.ts';
import { betaQuantile, Z } from './quantiles.ts';

/**
 * Jeffreys' interval of a proportion (Brown, Cai & DasGupta 2001): equal tails of the posterior under Beta(½, ½), with
 * ends of 0 and 1 where none or all were counted.
 * @param share counted, 0 … 1  @param n rows, which need not be whole (weights)
 */
export function jeffreys(share: number, n: number): Interval {
  const x = share * n;
  return {
    low: share <= 0 ? 0 : betaQuantile(0.025, x + 0.5, n - x + 0.5),
    high: share >= 1 ? 1 : betaQuantile(0.975, x + 0.5, n - x + 0.5),
  };
}

/** Wilson's score interval of a proportion (Wilson 1927). @param z quantile: Student's where n is itself an estimate */
export function wilson(share: number, n: number, z = Z): Interval {
  const centre = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n * n));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
