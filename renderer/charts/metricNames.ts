/** What a metric is called on screen, and which way is better. */
export interface MetricName {
  readonly label: string;
  readonly isHigherBetter: boolean;
}

const KNOWN: Readonly<Record<string, MetricName>> = {
  rocAuc: { label: 'ROC AUC', isHigherBetter: true },
  averagePrecision: { label: 'PR AUC', isHigherBetter: true },
  logLoss: { label: 'Log loss', isHigherBetter: false },
  brier: { label: 'Brier', isHigherBetter: false },
  accuracy: { label: 'Accuracy', isHigherBetter: true },
  balancedAccuracy: { label: 'Balanced accuracy', isHigherBetter: true },
  precision: { label: 'Precision', isHigherBetter: true },
  recall: { label: 'Recall', isHigherBetter: true },
  f1: { label: 'F1', isHigherBetter: true },
  f1Macro: { label: 'F1, macro', isHigherBetter: true },
  f1Weighted: { label: 'F1, weighted', isHigherBetter: true },
  precisionMacro: { label: 'Precision, macro', isHigherBetter: true },
  precisionWeighted: { label: 'Precision, weighted', isHigherBetter: true },
  recallMacro: { label: 'Recall, macro', isHigherBetter: true },
  recallWeighted: { label: 'Recall, weighted', isHigherBetter: true },
  matthews: { label: 'Matthews', isHigherBetter: true },
  rmse: { label: 'RMSE', isHigherBetter: false },
  mse: { label: 'MSE', isHigherBetter: false },
  mae: { label: 'MAE', isHigherBetter: false },
  medianAbsoluteError: { label: 'Median error', isHigherBetter: false },
  r2: { label: 'R²', isHigherBetter: true },
  mape: { label: 'MAPE', isHigherBetter: false },
  explainedVariance: { label: 'Explained variance', isHigherBetter: true },
  silhouette: { label: 'Silhouette', isHigherBetter: true },
  inertia: { label: 'Inertia', isHigherBetter: false },
  reconstructionError: { label: 'Reconstruction error', isHigherBetter: false },
  maxError: { label: 'Largest error', isHigherBetter: false },
  excessLoss: { label: 'Excess loss', isHigherBetter: false },
  loss: { label: 'Loss', isHigherBetter: false },
};

/** Label and direction of `name`; an unknown name is split at its capitals and taken as "higher is better". */
export function metricName(name: string): MetricName {
  return KNOWN[name] ?? { label: humanise(name), isHigherBetter: !/loss|error|rmse|mae|mse/i.test(name) };
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
export const TUNE_METRICS = [
  'rocAuc',
  'averagePrecision',
  'logLoss',
  'brier',
  'accuracy',
  'balancedAccuracy',
  'f1',
  'f1Macro',
  'f1Weighted',
  'rmse',
  'mae',
  'r2',
];

/** Metrics in the order a person reads them: the ones named first, then the rest by name. */
const READING_ORDER = [
  ...TUNE_METRICS.filter((name) => name !== 'f1Weighted'),
  'silhouette',
  'explainedVariance',
  'inertia',
];

export function inReadingOrder(names: readonly string[]): string[] {
  const rank = (name: string) => {
    const at = READING_ORDER.indexOf(name);
    return at === -1 ? READING_ORDER.length : at;
  };
  return [...names].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}
