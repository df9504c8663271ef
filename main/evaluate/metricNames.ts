import { AppError } from '../contract/errors.ts';
import type { Task } from '../models/estimator.ts';

const LESS_IS_BETTER = new Set(['logLoss', 'brier', 'rmse', 'mae']);
const CLASSIFICATION = [
  'rocAuc',
  'averagePrecision',
  'logLoss',
  'brier',
  'accuracy',
  'balancedAccuracy',
  'precision',
  'recall',
  'f1',
  'precisionMacro',
  'recallMacro',
  'f1Macro',
  'precisionWeighted',
  'recallWeighted',
  'f1Weighted',
];
const REGRESSION = ['rmse', 'mae', 'r2'];

export const metricsOf = (task: Task): readonly string[] => (task === 'regression' ? REGRESSION : CLASSIFICATION);

export const isLessBetter = (metric: string): boolean => LESS_IS_BETTER.has(metric);

/** The metric a task is judged by when nobody chose one. */
export const mainMetric = (task: Task): string => (task === 'regression' ? 'rmse' : 'rocAuc');

/** `metric`, or the task's own for `auto`; throws METRIC_UNKNOWN that lists what there is. */
export function chooseMetric(metric: string, task: Task): string {
  if (metric === 'auto') return mainMetric(task);
  const known = metricsOf(task).filter((m) => task === 'binary' || !['precision', 'recall', 'f1'].includes(m));
  if (known.includes(metric)) return metric;
  throw new AppError({
    code: 'METRIC_UNKNOWN',
    message: `There is no metric "${metric}" for ${task === 'regression' ? 'regression' : `${task} classification`}. Use one of: ${known.join(', ')}.`,
  });
}
