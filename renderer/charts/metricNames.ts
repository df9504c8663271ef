import { isMetricName, METRIC_NAMES, METRICS } from '../../main/contract/metrics.ts';

/** What a metric is called on screen, and which way is better. */
export interface MetricName {
  readonly label: string;
  readonly isHigherBetter: boolean;
}

/** Label and direction of `name`; a series that is no metric is split at its capitals and taken by its words. */
export function metricName(name: string): MetricName {
  if (!isMetricName(name)) return { label: humanise(name), isHigherBetter: !/loss|error|rmse|mae|mse/i.test(name) };
  const { title, better } = METRICS[name];
  return { label: title.charAt(0).toUpperCase() + title.slice(1), isHigherBetter: better === 'higher' };
}

/** `minSamplesLeaf` → `Min samples leaf`. */
export function humanise(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([a-z])(\d)/g, '$1 $2')
    .replace(/[._-]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Metrics a search may be asked to better. */
export const TUNE_METRICS: readonly string[] = METRIC_NAMES.filter((name) => METRICS[name].needs !== 'structure');

/** Metrics in the order a person reads them: those that are declared, then the rest by name. */
export function inReadingOrder(names: readonly string[]): string[] {
  const rank = (name: string) => (isMetricName(name) ? METRIC_NAMES.indexOf(name) : METRIC_NAMES.length);
  return [...names].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}
