import { z } from 'zod';
import { ColumnType } from './data.ts';
import { AppErrorData } from './errors.ts';
import { Id, Timestamp } from './json.ts';

/** Which rows a model was fitted on. */
export const FitRows = z.enum(['coreset', 'full', 'uniform', 'stratified', 'baseline']);
export type FitRows = z.infer<typeof FitRows>;

export const MetricValue = z.object({
  value: z.number(),
  /** 95 % interval of what the value would be on as many rows as one likes, where computed. */
  low: z.number().optional(),
  high: z.number().optional(),
  /** Why there is no interval where there could be one. */
  interval: z.enum(['tooFewRows', 'tooFewGroups']).optional(),
});
export type MetricValue = z.infer<typeof MetricValue>;
/** Metric name (`MetricName` of metrics.ts) → value; what the rows do not define is absent. */
export const MetricSet = z.record(z.string(), MetricValue);
export type MetricSet = z.infer<typeof MetricSet>;

export const ClassReport = z.object({
  label: z.string(),
  support: z.number(),
  /** Null where it would divide by nothing. */
  precision: z.number().nullable(),
  recall: z.number().nullable(),
  f1: z.number().nullable(),
});
export type ClassReport = z.infer<typeof ClassReport>;

export const Curve = z.object({
  x: z.array(z.number()),
  y: z.array(z.number()),
  threshold: z.array(z.number()).optional(),
});
export type Curve = z.infer<typeof Curve>;

/** Everything the Run page draws about one fitted model on the validation rows. */
export const Evaluation = z.object({
  rows: FitRows,
  /** Rows it was fitted on and rows it was evaluated on. */
  nFitRows: z.number(),
  nValidation: z.number(),
  metrics: MetricSet,
  perClass: z.array(ClassReport).optional(),
  /** counts[actual][predicted], class order of `classes`. */
  confusion: z.array(z.array(z.number())).optional(),
  classes: z.array(z.string()).optional(),
  /** One curve for two classes (the positive class is the last), one per class else. */
  roc: z.array(Curve).optional(),
  precisionRecall: z.array(Curve).optional(),
  calibration: z.array(Curve.extend({ count: z.array(z.number()) })).optional(),
  /** Binary: confusion and cost at thresholds 0, 0.01 … 1. */
  thresholds: z
    .array(z.object({ threshold: z.number(), tp: z.number(), fp: z.number(), tn: z.number(), fn: z.number() }))
    .optional(),
  /** Regression: predicted against actual (a sample) and residual histogram. */
  predictedActual: z.object({ predicted: z.array(z.number()), actual: z.array(z.number()) }).optional(),
  residuals: z.object({ edges: z.array(z.number()), counts: z.array(z.number()) }).optional(),
  /** Worst slices first, then those with too few rows for an interval. */
  slices: z
    .array(
      MetricValue.extend({
        slice: z.string(),
        column: z.string(),
        nRows: z.number(),
        share: z.number().nullable(),
        metric: z.string(),
      }),
    )
    .optional(),
});
export type Evaluation = z.infer<typeof Evaluation>;

export const Trial = z.object({
  number: z.number(),
  params: z.record(z.string(), z.unknown()),
  /** Cross-validated mean and standard error; null when it failed or was cancelled. */
  mean: z.number().nullable(),
  standardError: z.number().nullable(),
  foldScores: z.array(z.number()),
  seconds: z.number(),
  state: z.enum(['done', 'pruned', 'failed', 'cancelled']),
  error: z.string().optional(),
});
export type Trial = z.infer<typeof Trial>;

/** Agreement of a search on a coreset with the same search on all rows. */
export const RankingCheck = z.object({
  /** Kendall's τ between the two rankings of the configurations. */
  tau: z.number(),
  /** True when the other ranking is that of a second coreset, not of all rows. */
  isEstimate: z.boolean(),
  nConfigurations: z.number(),
  explanation: z.string(),
});
export type RankingCheck = z.infer<typeof RankingCheck>;

export const Fidelity = z.object({
  /** full-data objective at the coreset's solution / at its own optimum − 1; null where the model has no such objective. */
  excessLoss: z.number().nullable(),
  /** Metric → coreset minus full, on the same validation rows, with a 95 % interval where computed. */
  gaps: z.record(z.string(), MetricValue.omit({ value: true }).extend({ gap: z.number() })),
  nValidation: z.number(),
  /** The same gaps for a uniform and a stratified sample of the same size. */
  uniform: z.record(z.string(), z.number()).optional(),
  stratified: z.record(z.string(), z.number()).optional(),
  uniformExcessLoss: z.number().nullable().optional(),
  stratifiedExcessLoss: z.number().nullable().optional(),
  /** A sentence of advice. */
  advice: z.string().optional(),
});
export type Fidelity = z.infer<typeof Fidelity>;

export const RunStatus = z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted']);
export type RunStatus = z.infer<typeof RunStatus>;

export const RunSummary = z.object({
  id: Id,
  projectId: Id,
  number: z.number(),
  name: z.string(),
  status: RunStatus,
  model: z.string(),
  modelTitle: z.string(),
  dataset: z.string(),
  target: z.string(),
  task: z.string(),
  coresetRows: z.number().nullable(),
  nTrain: z.number().nullable(),
  /** Main metric of the task, and its values. */
  metricName: z.string().nullable(),
  coresetMetric: MetricValue.nullable(),
  fullMetric: MetricValue.nullable(),
  metrics: z.record(z.string(), z.number()),
  gap: z.number().nullable(),
  seconds: z.number().nullable(),
  tags: z.array(z.string()),
  note: z.string(),
  isTrashed: z.boolean(),
  createdAt: Timestamp,
  error: AppErrorData.nullable(),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** Something noticed in a run, with remedies as changes of the configuration. */
export const RunFinding = z.object({
  code: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  title: z.string(),
  detail: z.string(),
  remedies: z.array(z.object({ label: z.string(), patch: z.record(z.string(), z.unknown()) })),
});
export type RunFinding = z.infer<typeof RunFinding>;

/** What was measured on a run's test rows when the person opened them. */
export const TestResult = z.object({
  /** Of the saved models; their `nValidation` counts test rows. */
  evaluations: z.array(Evaluation),
  nTest: z.number(),
  openedAt: Timestamp,
  /** Runs of the project that have looked at these test rows or some of them, this one among them; counted when it is read. */
  looks: z.number(),
  /** Those of `looks` that saw only some of these rows. */
  looksInPart: z.number(),
});
export type TestResult = z.infer<typeof TestResult>;

/** What `coreset: auto` came to, decided before anything was fitted. */
export const CoresetChoice = z.object({
  uses: z.enum(['coreset', 'allRows']),
  /** One sentence. */
  note: z.string(),
  /** CPU seconds the run was expected to take each way, by a count of operations; null where costs did not matter. */
  cost: z.object({ coreset: z.number(), allRows: z.number() }).nullable(),
});
export type CoresetChoice = z.infer<typeof CoresetChoice>;

/** What a run was computed from and on. The same data and configuration on the same machine give the same numbers. */
export const Provenance = z.object({
  /** SHA-256 of the data version's content. */
  dataHash: z.string(),
  /** SHA-256 of the configuration with its defaults, without the run's name, threads, and where the data lie. */
  configHash: z.string(),
  machine: z.object({
    cpu: z.string(),
    /** Architecture, then the instruction sets that were found. */
    instructions: z.array(z.string()),
    /** Threads the run could use; its numbers do not depend on them. */
    threads: z.number(),
  }),
});
export type Provenance = z.infer<typeof Provenance>;

export const RunResult = z.object({
  task: z.enum(['binary', 'multiclass', 'regression', 'clustering', 'decomposition']),
  /** '' where nothing is predicted. */
  target: z.string(),
  classes: z.array(z.string()),
  nRows: z.number(),
  nTrain: z.number(),
  nValidation: z.number(),
  nTest: z.number(),
  nDropped: z.number(),
  model: z.string(),
  params: z.record(z.string(), z.unknown()),
  coreset: z
    .object({
      size: z.number(),
      level: z.number(),
      nRows: z.number(),
      service: z.string(),
      seed: z.number(),
      artefact: z.string().nullable(),
    })
    .nullable(),
  /** Why there is a coreset, or none; where the configuration leaves it to Pith (`coreset: auto`). */
  coresetChoice: CoresetChoice.optional(),
  evaluations: z.array(Evaluation),
  /** SHA-256 of the row numbers of the test rows, hex; absent where there are none. */
  testRowsHash: z.string().optional(),
  /** Absent while the test rows are locked. */
  test: TestResult.optional(),
  fidelity: Fidelity.nullable(),
  trials: z.array(Trial),
  tuneMetric: z.string().nullable(),
  /** How far the ranking of trials on the coreset can be trusted; absent where it was not checked. */
  ranking: RankingCheck.optional(),
  timings: z.object({
    importMs: z.number(),
    coresetMs: z.number(),
    tuneMs: z.number(),
    fitMs: z.number(),
    evaluateMs: z.number(),
    totalMs: z.number(),
  }),
  /** CPU seconds the coreset saved in tuning, with how it was computed. */
  saved: z.object({ cpuSeconds: z.number(), wattHours: z.number(), explanation: z.string() }).nullable(),
  warnings: z.array(z.string()),
  findings: z.array(RunFinding),
  /** The main metric on (some of) the rows the model of all rows learned from, beside that on rows held out. */
  overfit: z
    .object({ metric: z.string(), train: z.number(), validation: z.number(), nTrainScored: z.number() })
    .optional(),
  /** Coefficients, importances … by name, largest first. */
  coefficients: z
    .array(
      z.object({
        feature: z.string(),
        source: z.string(),
        class: z.string().nullable(),
        value: z.number(),
        unitValue: z.number().nullable(),
        unit: z.string().nullable(),
      }),
    )
    .optional(),
  /** Raw columns the model takes. */
  inputs: z.array(z.object({ name: z.string(), type: ColumnType })),
  splitNote: z.string(),
  /** The model that scores files and is exported where `fit.final` is `all`; metrics and explanations are not of it. */
  final: z.object({ nFitRows: z.number(), artefact: z.string(), note: z.string() }).optional(),
  /** Pith, Node, ONNX Runtime, DuckDB; `kernels` is the start of a hash. */
  versions: z.record(z.string(), z.string()),
  /** Columns the model sees after preparation. Absent in runs of earlier versions, as is `provenance`. */
  nFeatures: z.number().optional(),
  provenance: Provenance.optional(),
});
export type RunResult = z.infer<typeof RunResult>;

export const RunDetail = RunSummary.extend({
  yaml: z.string(),
  versionId: Id.nullable(),
  versionHash: z.string().nullable(),
  result: RunResult.nullable(),
  jobId: Id.nullable(),
  /** Runs of the project that have looked at rows of this run's test; absent where it has none or they are not recorded. */
  testLooks: z.number().optional(),
  /** Those of `testLooks` that saw only some of these rows. */
  testLooksInPart: z.number().optional(),
  artefacts: z.array(z.object({ name: z.string(), bytes: z.number(), hash: z.string() })),
});
export type RunDetail = z.infer<typeof RunDetail>;

/** Live curves: series name → points. */
export const SeriesPoint = z.object({ series: z.string(), step: z.number(), value: z.number() });
export type SeriesPoint = z.infer<typeof SeriesPoint>;
