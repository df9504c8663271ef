import type { Ranking } from '../ranking.ts';
import { precisionInterval, precisionParts } from './averagePrecision.ts';
import { combine, type Part } from './combine.ts';
import type { Interval } from './interval.ts';
import { areaInterval, areaParts } from './rocAuc.ts';
import { MIN_ROWS } from './tooFew.ts';

/**
 * Intervals of ROC AUC and average precision; of more than two classes, of the plain means over classes. null with too
 * few rows of a class.
 * @param rankings of the last of two classes, of each of more
 */
export function rankIntervals(
  rankings: readonly Ranking[],
  weight?: Float64Array,
): { rocAuc: Interval | null; averagePrecision: Interval | null } {
  const share = 1 / rankings.length;
  const isMean = rankings.length > 1;
  const n = rankings[0]?.order.length ?? 0;
  const influences = isMean ? [new Float64Array(n), new Float64Array(n)] : [];
  const areas: Part[] = [];
  const precisions: Part[] = [];
  let fewest = Infinity;
  for (const ranking of rankings) {
    const area = areaParts(ranking, weight, influences[0], share);
    const precision = precisionParts(ranking, weight, influences[1], share);
    if (!area || !precision) return { rocAuc: null, averagePrecision: null };
    fewest = Math.min(fewest, area.nPositive, area.nNegative);
    const variance = Number.isFinite(area.variance) ? area.variance : 0;
    areas.push({ ...areaInterval(area), value: area.value, variance, share });
    precisions.push({ ...precisionInterval(precision), value: precision.value, variance: precision.variance, share });
  }
  const least = isMean ? { rocAuc: MIN_ROWS.mean, averagePrecision: MIN_ROWS.mean } : MIN_ROWS;
  const of = (parts: readonly Part[], influence: Float64Array | undefined): Interval => {
    const { low, high } = combine(parts, influence ? sumOfSquares(influence) : 0);
    return { low: Math.max(0, low), high: Math.min(1, high) };
  };
  return {
    rocAuc: fewest < least.rocAuc ? null : of(areas, influences[0]),
    averagePrecision: fewest < least.averagePrecision ? null : of(precisions, influences[1]),
  };
}

const sumOfSquares = (values: Float64Array): number => values.reduce((sum, v) => sum + v * v, 0);
