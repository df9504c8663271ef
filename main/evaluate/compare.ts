import { METRIC_NAMES, type MetricName, type Scores } from '../contract/metrics.ts';
import type { Fidelity } from '../contract/run.ts';
import type { Rng } from '../kernels/rng.ts';
import { percentileInterval, poissonWeights } from './bootstrap.ts';
import { clustersOf } from './intervals/groups/clusters.ts';
import { MIN_GROUPS } from './intervals/tooFew.ts';
import { scorerOf, type Said, type Scorer } from './scorer.ts';
import { scoreWithIntervals } from './withIntervals.ts';

/**
 * Each metric of `a` minus that of `b` on the same rows, with a paired 95 % interval: both are scored under the same
 * resampling weights, so what the rows have in common cancels.
 * @param nResamples 0 leaves the intervals out  @param groups code of each row: those of one code are drawn together
 */
export function metricGaps(
  a: Said,
  b: Said,
  y: Float64Array,
  rng: Rng,
  nResamples: number,
  groups?: ArrayLike<number>,
): Fidelity['gaps'] {
  const gaps = pairedGaps(scorerOf(a, y), scorerOf(b, y), y.length, rng, nResamples, groups);
  if (nResamples === 0) return gaps;
  // Where a metric alone has too few rows, or groups, resamples of them say still less of a difference.
  const alone = scoreWithIntervals(a, y, { groups });
  return Object.fromEntries(
    Object.entries(gaps).map(([name, all]) =>
      alone[name]?.interval ? [name, { gap: all.gap, interval: alone[name].interval }] : [name, all],
    ),
  );
}

/** The same for what scores `nRows` rows under any weights. */
export function pairedGaps(
  a: Scorer,
  b: Scorer,
  nRows: number,
  rng: Rng,
  nResamples: number,
  groups?: ArrayLike<number>,
): Fidelity['gaps'] {
  const clusters = groups && nResamples > 0 ? clustersOf(groups, 1) : null;
  const draws = new Map<string, number[]>();
  for (let r = 0; r < nResamples; r++) {
    const drawn = poissonWeights(clusters?.nClusters ?? nRows, rng);
    const w = clusters ? Float64Array.from(clusters.of, (k) => drawn[k]!) : drawn;
    for (const [name, gap] of gapsOf(a(w), b(w))) {
      const list = draws.get(name);
      if (list) list.push(gap);
      else draws.set(name, [gap]);
    }
  }
  const isTooFew = clusters !== null && clusters.nClusters < MIN_GROUPS.all;
  if (isTooFew)
    return Object.fromEntries(gapsOf(a(), b()).map(([name, gap]) => [name, { gap, interval: 'tooFewGroups' }]));
  return Object.fromEntries(
    gapsOf(a(), b()).map(([name, gap]) => [name, { gap, ...percentileInterval(draws.get(name) ?? []) }]),
  );
}

/** By the metrics that both have. */
const gapsOf = (a: Scores, b: Scores): [MetricName, number][] =>
  METRIC_NAMES.flatMap((name) => {
    const [ofA, ofB] = [a[name], b[name]];
    return ofA === undefined || ofB === undefined ? [] : [[name, ofA - ofB]];
  });
