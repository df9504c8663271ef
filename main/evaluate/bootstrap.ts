import type { Rng } from '../kernels/rng.ts';

/**
 * Poisson(1) resampling weights, shape (n,): the bootstrap without drawing rows (Chamandy et al. 2012).
 * Inverse of the distribution function; beyond 6 the chance is 1e-4 and cut.
 */
export function poissonWeights(n: number, rng: Rng): Float64Array {
  const w = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const u = rng.uniform();
    let k = 0;
    let p = Math.exp(-1);
    let below = p;
    while (u > below && k < 7) {
      k++;
      p /= k;
      below += p;
    }
    w[i] = k;
  }
  return w;
}

/** 2.5 and 97.5 % points of `values`, undefined when fewer than 20 are finite. */
export function percentileInterval(values: readonly number[]): { low: number; high: number } | undefined {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  if (sorted.length < 20) return undefined;
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
  return { low: at(0.025), high: at(0.975) };
}
