import { isMetricName, METRICS, type MetricName } from '../../../contract/metrics.ts';
import type { MetricSet, MetricValue } from '../../../contract/run.ts';
import type { Scorer } from '../../scorer.ts';
import type { Interval } from '../interval.ts';
import { jeffreys, wilson } from '../proportion.ts';
import { studentQuantile } from '../quantiles.ts';
import { MIN_GROUPS } from '../tooFew.ts';
import { effectiveClusters, type Clusters } from './clusters.ts';
import { jackknifeClusters, type Jackknifed } from './jackknife.ts';

/**
 * The intervals of rows that come in clusters: where the jackknife over clusters gives a wider one than that of as many
 * independent rows, the wider end is taken, each side apart. "Too few groups" is said where clusters are too few for that.
 * @param classOf class of each row, where the metrics are of classes
 */
export function widenByClusters(
  found: MetricSet,
  scorer: Scorer,
  clusters: Clusters,
  classOf: Float64Array | null,
  weight?: Float64Array,
): MetricSet {
  const all = effectiveClusters(clusters);
  const ofRarest = classOf ? clustersOfRarest(clusters, classOf) : all;
  const jackknifed = clusters.nClusters < MIN_GROUPS.all ? {} : jackknifeClusters(scorer, clusters, weight);
  return Object.fromEntries(
    Object.entries(found).map(([name, metric]) => {
      if (metric.low === undefined || metric.high === undefined || !isMetricName(name)) return [name, metric];
      const isOfClasses = METRICS[name].average !== 'rows';
      const nClusters = isOfClasses ? ofRarest : all;
      const own = jackknifed[name];
      if (own === undefined || (isOfClasses && nClusters < MIN_GROUPS.ofClass))
        return [name, { value: metric.value, interval: 'tooFewGroups' } satisfies MetricValue];
      return [name, wider(metric, clustered(name, metric as Bounded, own, nClusters, clusters.of.length))];
    }),
  );
}

type Bounded = MetricValue & Interval;

const wider = ({ value, low, high }: MetricValue, other: Interval): MetricValue => ({
  value,
  low: Math.min(low!, other.low),
  high: Math.max(high!, other.high),
});

/**
 * A variance that comes from fewer clusters than a normal sample's (a third of them) has fewer degrees of freedom: where one
 * subject of thirty makes all of it, the next thirty may hold two.
 */
const PER_CLUSTER_BEHIND = 3;

/** A loss of rows that lost nothing: log losses are clipped. */
const NOTHING = 1e-12;

/** On the scale that the metric's own interval has: a proportion's, or a logarithm's. */
function clustered(
  name: MetricName,
  { value, low, high }: Bounded,
  { variance, nBehind }: Jackknifed,
  nClusters: number,
  nRows: number,
): Interval {
  const t = studentQuantile(Math.max(1, Math.min(nClusters, PER_CLUSTER_BEHIND * nBehind) - 1));
  const [least, most] = METRICS[name].range;
  const se = Math.sqrt(variance);
  if (least === 0 && most === 1) {
    const spread = value * (1 - value);
    // Where nothing varies yet, clusters count as one row each.
    return spread > 0 && variance > 0 ? wilson(value, spread / variance, t) : jeffreys(value, nClusters);
  }
  if (most === 1) {
    const factor = Math.exp((t * se) / (1 - value));
    return { low: 1 - (1 - value) * factor, high: 1 - (1 - value) / factor };
  }
  if (!(value > NOTHING))
    return { low, high: Math.min(most, (high * jeffreys(0, nClusters).high) / jeffreys(0, nRows).high) };
  const side = (t * se) / value;
  // A long tail that few clusters show: the upper side is as much the longer one as it is among independent rows.
  const longer = low > 0 && low < value ? Math.max(1, Math.log(high / value) / Math.log(value / low)) : 1;
  return { low: value * Math.exp(-side), high: Math.min(most, value * Math.exp(side * longer)) };
}

function clustersOfRarest(clusters: Clusters, classOf: Float64Array): number {
  const classes = new Set(classOf);
  return Math.min(...[...classes].map((k) => effectiveClusters(clusters, (i) => classOf[i] === k)));
}
