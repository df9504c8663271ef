import type { MetricSet } from '../contract/run.ts';
import type { Rng } from '../kernels/rng.ts';
import { percentileInterval, poissonWeights } from './bootstrap.ts';
import type { Scorer } from './classification.ts';

/**
 * Metrics of `n` rows with 95 % intervals over resampled rows; those that are not finite are left out.
 * @param context `nResamples` 0 leaves the intervals out
 */
export function metricsWithIntervals(
  score: Scorer,
  n: number,
  context: { readonly rng: Rng; readonly nResamples: number },
): MetricSet {
  const values = score();
  const draws = Array.from({ length: context.nResamples }, () => score(poissonWeights(n, context.rng)));
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => Number.isFinite(value))
      .map(([name, value]) => [name, { value, ...percentileInterval(draws.map((d) => d[name] ?? NaN)) }]),
  );
}
