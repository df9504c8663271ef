/**
 * Every metric there is, declared once: what it is called, which way is better, what it needs of a model, what values it
 * can take, for which tasks, and how it is averaged. The engine and the window both read it here.
 */

/** What a run can be judged on: its target, or the structure it found where it has none. */
export type MetricTask = 'binary' | 'multiclass' | 'regression' | 'clustering' | 'decomposition';

export interface MetricDeclaration {
  /** As sentences name it; a column's head begins it with a capital. */
  readonly title: string;
  readonly better: 'higher' | 'lower';
  /**
   * `labels` the classes a model says, `probabilities` its class probabilities, `values` its predictions of a number,
   * `structure` distances to what it found.
   */
  readonly needs: 'labels' | 'probabilities' | 'values' | 'structure';
  readonly range: readonly [number, number];
  readonly tasks: readonly MetricTask[];
  /**
   * `rows` over rows; `positive` of the last of two classes; `macro` the plain mean over the classes that have rows,
   * `weighted` their mean by rows; `macroOfMany` that of the last of two classes, the plain mean of each against the rest
   * for more.
   */
  readonly average: 'rows' | 'positive' | 'macro' | 'weighted' | 'macroOfMany';
}

const CLASSES = ['binary', 'multiclass'] as const;
const ofLabels = (
  title: string,
  average: MetricDeclaration['average'],
  tasks: readonly MetricTask[] = CLASSES,
): MetricDeclaration => ({ title, better: 'higher', needs: 'labels', range: [0, 1], tasks, average });

/** In the order a person reads them. */
const DECLARED = {
  rocAuc: {
    title: 'ROC AUC',
    better: 'higher',
    needs: 'probabilities',
    range: [0, 1],
    tasks: CLASSES,
    average: 'macroOfMany',
  },
  averagePrecision: {
    title: 'average precision',
    better: 'higher',
    needs: 'probabilities',
    range: [0, 1],
    tasks: CLASSES,
    average: 'macroOfMany',
  },
  logLoss: {
    title: 'log loss',
    better: 'lower',
    needs: 'probabilities',
    range: [0, Infinity],
    tasks: CLASSES,
    average: 'rows',
  },
  // 2 is the largest of three and more classes, where squares add up over classes.
  brier: {
    title: 'Brier score',
    better: 'lower',
    needs: 'probabilities',
    range: [0, 2],
    tasks: CLASSES,
    average: 'rows',
  },
  accuracy: ofLabels('accuracy', 'rows'),
  balancedAccuracy: ofLabels('balanced accuracy', 'macro'),
  f1: ofLabels('F1', 'positive', ['binary']),
  f1Macro: ofLabels('F1, macro', 'macro'),
  f1Weighted: ofLabels('F1, weighted', 'weighted'),
  precision: ofLabels('precision', 'positive', ['binary']),
  precisionMacro: ofLabels('precision, macro', 'macro'),
  precisionWeighted: ofLabels('precision, weighted', 'weighted'),
  recall: ofLabels('recall', 'positive', ['binary']),
  recallMacro: ofLabels('recall, macro', 'macro'),
  recallWeighted: ofLabels('recall, weighted', 'weighted'),
  rmse: {
    title: 'RMSE',
    better: 'lower',
    needs: 'values',
    range: [0, Infinity],
    tasks: ['regression'],
    average: 'rows',
  },
  mae: { title: 'MAE', better: 'lower', needs: 'values', range: [0, Infinity], tasks: ['regression'], average: 'rows' },
  r2: { title: 'R²', better: 'higher', needs: 'values', range: [-Infinity, 1], tasks: ['regression'], average: 'rows' },
  silhouette: {
    title: 'silhouette',
    better: 'higher',
    needs: 'structure',
    range: [-1, 1],
    tasks: ['clustering'],
    average: 'rows',
  },
  explainedVariance: {
    title: 'explained variance',
    better: 'higher',
    needs: 'structure',
    range: [-Infinity, 1],
    tasks: ['clustering', 'decomposition'],
    average: 'rows',
  },
  inertia: {
    title: 'inertia',
    better: 'lower',
    needs: 'structure',
    range: [0, Infinity],
    tasks: ['clustering'],
    average: 'rows',
  },
  reconstructionError: {
    title: 'reconstruction error',
    better: 'lower',
    needs: 'structure',
    range: [0, Infinity],
    tasks: ['decomposition'],
    average: 'rows',
  },
} as const satisfies Record<string, MetricDeclaration>;

export type MetricName = keyof typeof DECLARED;

export const METRICS: Readonly<Record<MetricName, MetricDeclaration>> = DECLARED;

/** In the order a person reads them. */
export const METRIC_NAMES = Object.keys(DECLARED) as readonly MetricName[];

export const isMetricName = (name: string): name is MetricName => Object.hasOwn(DECLARED, name);

/** Metrics of some rows; one that cannot be computed there is absent, never 0. */
export type Scores = Partial<Record<MetricName, number>>;
