import { isMetricName, type Scores } from '../contract/metrics.ts';
import type { MetricSet, MetricValue } from '../contract/run.ts';
import { lossScores, rankingsOf, rankScores, rowLosses } from './classification.ts';
import { confusionMatrix, confusionScores } from './confusion.ts';
import { clustersOf } from './intervals/groups/clusters.ts';
import { widenByClusters } from './intervals/groups/widen.ts';
import type { Interval } from './intervals/interval.ts';
import { labelIntervals } from './intervals/ofLabels.ts';
import { lossIntervals } from './intervals/ofLosses.ts';
import { rankIntervals } from './intervals/ofRankings.ts';
import { valueIntervals } from './intervals/ofValues.ts';
import { regressionScores } from './regression.ts';
import { scorerOf, type Said } from './scorer.ts';

/**
 * As `score`, each with its 95 % interval, or the word that there are too few rows, or groups, for one. See
 * docs/evaluation.md.
 * @param groups code of each row, shape (nSamples,): rows of one code depend on each other, a negative one stands alone
 */
export function scoreWithIntervals(
  said: Said,
  y: Float64Array,
  {
    weight,
    groups,
  }: { readonly weight?: Float64Array | undefined; readonly groups?: ArrayLike<number> | undefined } = {},
): MetricSet {
  const alone = independent(said, y, weight);
  if (!groups) return alone;
  return 'predicted' in said
    ? widenByClusters(alone, scorerOf(said, y), clustersOf(groups, 1), null, weight)
    : widenByClusters(alone, scorerOf(said, y), clustersOf(groups, said.proba.nCols), y, weight);
}

function independent(said: Said, y: Float64Array, weight?: Float64Array): MetricSet {
  if ('predicted' in said)
    return attach(regressionScores(said.predicted, y, weight), valueIntervals(said.predicted, y, weight));
  const { labels, proba } = said;
  const rankings = rankingsOf(proba, y);
  const losses = rowLosses(proba, y);
  const counts = confusionMatrix(y, labels, proba.nCols, weight);
  const squares = weight
    ? confusionMatrix(
        y,
        labels,
        proba.nCols,
        weight.map((w) => w * w),
      )
    : counts;
  return attach(
    { ...rankScores(rankings, weight), ...lossScores(losses, weight), ...confusionScores(counts) },
    {
      ...rankIntervals(rankings, weight),
      ...lossIntervals(losses, proba, weight),
      ...labelIntervals(counts, squares),
    },
  );
}

/** Scores with their intervals; null says that there are too few rows. */
export function attach(scores: Scores, intervals: { readonly [name in keyof Scores]: Interval | null }): MetricSet {
  return Object.fromEntries(
    Object.entries(scores).map(([name, value]) => {
      const found = isMetricName(name) ? intervals[name] : undefined;
      return [name, valueWith(value, found)];
    }),
  );
}

export function valueWith(value: number, interval: Interval | null | undefined): MetricValue {
  if (interval === undefined) return { value };
  const isKnown = interval !== null && Number.isFinite(interval.low) && Number.isFinite(interval.high);
  return isKnown ? { value, low: interval.low, high: interval.high } : { value, interval: 'tooFewRows' };
}
