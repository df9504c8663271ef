import { AppError } from '../contract/errors.ts';
import type { Task as Supervised } from '../models/estimator.ts';

/** What a run can be judged on: its target, or the structure it found where it has none. */
export type Task = Supervised | 'clustering' | 'decomposition';

const LESS_IS_BETTER = new Set(['logLoss', 'brier', 'rmse', 'mae', 'inertia', 'reconstructionError']);
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
const NAMES: Readonly<Record<Task, readonly string[]>> = {
  binary: CLASSIFICATION,
  multiclass: CLASSIFICATION,
  regression: ['rmse', 'mae', 'r2'],
  clustering: ['silhouette', 'explainedVariance', 'inertia'],
  decomposition: ['explainedVariance', 'reconstructionError'],
};
const MAIN: Readonly<Record<Task, string>> = {
  binary: 'rocAuc',
  multiclass: 'rocAuc',
  regression: 'rmse',
  clustering: 'silhouette',
  decomposition: 'explainedVariance',
};
const WORDS: Readonly<Record<Task, string>> = {
  binary: 'binary classification',
  multiclass: 'multiclass classification',
  regression: 'regression',
  clustering: 'clusterings',
  decomposition: 'components',
};

const TITLES: Readonly<Record<string, string>> = {
  rocAuc: 'ROC AUC',
  averagePrecision: 'average precision',
  logLoss: 'log loss',
  brier: 'Brier score',
  balancedAccuracy: 'balanced accuracy',
  f1: 'F1',
  rmse: 'RMSE',
  mae: 'MAE',
  r2: 'R²',
  explainedVariance: 'explained variance',
  reconstructionError: 'reconstruction error',
};

/** A metric as sentences name it; its own name where it is a word already. */
export const metricTitle = (metric: string): string => TITLES[metric] ?? metric;

export const metricsOf = (task: Task): readonly string[] => NAMES[task];

export const isLessBetter = (metric: string): boolean => LESS_IS_BETTER.has(metric);

/** The metric a task is judged by when nobody chose one. */
export const mainMetric = (task: Task): string => MAIN[task];

/** `metric`, or the task's own for `auto`; throws METRIC_UNKNOWN that lists what there is. */
export function chooseMetric(metric: string, task: Task): string {
  if (metric === 'auto') return mainMetric(task);
  const known = metricsOf(task).filter((m) => task === 'binary' || !['precision', 'recall', 'f1'].includes(m));
  if (known.includes(metric)) return metric;
  throw new AppError({
    code: 'METRIC_UNKNOWN',
    message: `There is no metric "${metric}" for ${WORDS[task]}. Use one of: ${known.join(', ')}.`,
  });
}
