import { AppError } from '../contract/errors.ts';
import { isMetricName, METRIC_NAMES, METRICS, type MetricName, type MetricTask } from '../contract/metrics.ts';

const MAIN: Readonly<Record<MetricTask, MetricName>> = {
  binary: 'rocAuc',
  multiclass: 'rocAuc',
  regression: 'rmse',
  clustering: 'silhouette',
  decomposition: 'explainedVariance',
};
const WORDS: Readonly<Record<MetricTask, string>> = {
  binary: 'binary classification',
  multiclass: 'multiclass classification',
  regression: 'regression',
  clustering: 'clusterings',
  decomposition: 'components',
};

/** A metric as sentences name it. */
export const metricTitle = (metric: string): string => (isMetricName(metric) ? METRICS[metric].title : metric);

export const metricsOf = (task: MetricTask): readonly MetricName[] =>
  METRIC_NAMES.filter((name) => METRICS[name].tasks.includes(task));

export const isLessBetter = (metric: string): boolean => isMetricName(metric) && METRICS[metric].better === 'lower';

/** The metric a task is judged by when nobody chose one. */
export const mainMetric = (task: MetricTask): MetricName => MAIN[task];

/** `metric`, or the task's own for `auto`; throws METRIC_UNKNOWN that lists what there is. */
export function chooseMetric(metric: string, task: MetricTask): MetricName {
  if (metric === 'auto') return mainMetric(task);
  const known = metricsOf(task);
  if (isMetricName(metric) && known.includes(metric)) return metric;
  throw new AppError({
    code: 'METRIC_UNKNOWN',
    message: `There is no metric "${metric}" for ${WORDS[task]}. Use one of: ${known.join(', ')}.`,
  });
}
