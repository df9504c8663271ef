import { METRIC_NAMES, type MetricName } from '../../../contract/metrics.ts';
import type { Scorer } from '../../scorer.ts';
import { effectiveRows } from '../interval.ts';
import type { Clusters } from './clusters.ts';

/** What leaving out one cluster at a time says of a metric. */
export interface Jackknifed {
  /** (G − 1)/G Σ (m₋g − mean)². */
  readonly variance: number;
  /** Clusters that the variance comes from, (Σd²)²/Σd⁴ of the deviations: 1 where one cluster makes all of it. */
  readonly nBehind: number;
}

/** The jackknife over clusters of each metric; one that is not defined without some cluster is left out. */
export function jackknifeClusters(
  scorer: Scorer,
  { of, nClusters }: Clusters,
  weight?: Float64Array,
): Partial<Record<MetricName, Jackknifed>> {
  const own = weight ?? new Float64Array(of.length).fill(1);
  const left = own.slice();
  const values = new Map<MetricName, number[]>();
  for (const members of rowsOfEach(of, nClusters)) {
    for (const i of members) left[i] = 0;
    const scores = scorer(left);
    for (const i of members) left[i] = own[i]!;
    for (const name of METRIC_NAMES) {
      const value = scores[name];
      if (value === undefined) continue;
      const list = values.get(name);
      if (list) list.push(value);
      else values.set(name, [value]);
    }
  }
  return Object.fromEntries(
    [...values].filter(([, list]) => list.length === nClusters).map(([name, list]) => [name, spreadOf(list)]),
  );
}

function spreadOf(values: readonly number[]): Jackknifed {
  const G = values.length;
  const mean = values.reduce((sum, v) => sum + v, 0) / G;
  let [squares, fourths] = [0, 0];
  for (const v of values) {
    const square = (v - mean) ** 2;
    squares += square;
    fourths += square * square;
  }
  return { variance: ((G - 1) / G) * squares, nBehind: effectiveRows(squares, fourths) };
}

function rowsOfEach(of: Uint32Array, nClusters: number): number[][] {
  const rows = Array.from({ length: nClusters }, (): number[] => []);
  of.forEach((k, i) => rows[k]!.push(i));
  return rows;
}
