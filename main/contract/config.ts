import { z } from 'zod';
import { ImportOptions } from './data.ts';
import { SourceSpan } from './errors.ts';

/** The configuration file (`.pith.yaml`). Left-out parts get the defaults shown here. */
export const SplitConfig = z.strictObject({
  /** Share of rows held out for validation, or a number of rows when ≥ 1. */
  validation: z
    .number()
    .positive()
    .default(0.2)
    .describe('Share of rows held out for validation (0–1), or a row count'),
  test: z
    .number()
    .nonnegative()
    .default(0)
    .describe('Share of rows kept locked until they are opened for a run (0–1), or a row count'),
  stratify: z.boolean().default(true).describe('Keep class shares equal in every part (classification only)'),
  seed: z.number().int().nonnegative().default(42).describe('Seed of the random split'),
  group: z.string().optional().describe('Column whose rows must stay together in one part'),
  time: z
    .string()
    .optional()
    .describe('Column to split by time: the last rows become validation. Use `rowOrder` for file order'),
});
export type SplitConfig = z.infer<typeof SplitConfig>;

export const DataConfig = z.strictObject({
  path: z.string().optional().describe('File to import, relative to the configuration file'),
  dataset: z.string().optional().describe('Data set of the project, by name or id'),
  version: z.string().optional().describe('Version hash (or its start); the newest when left out'),
  /** '' where nothing is predicted: clusterings and components. */
  target: z.string().default('').describe('Column to predict; left out for clusters and components'),
  drop: z.array(z.string()).default([]).describe('Columns not to use'),
  task: z
    .enum(['auto', 'binary', 'multiclass', 'regression', 'clustering', 'decomposition'])
    .default('auto')
    .describe('What kind of target it is; clustering and decomposition have none'),
  read: ImportOptions.optional().describe('Overrides of what the import detects'),
});
export type DataConfig = z.infer<typeof DataConfig>;

export const PreprocessConfig = z.strictObject({
  impute: z.enum(['mean', 'median', 'mode', 'constant']).default('median').describe('How missing numbers are filled'),
  imputeValue: z.number().optional().describe('The constant, when impute is constant'),
  missingIndicator: z.boolean().default(false).describe('Add a 0/1 column for each number column with missing values'),
  scale: z
    .enum(['standard', 'minMax', 'robust', 'none', 'power'])
    .default('standard')
    .describe('How number columns are scaled'),
  encode: z
    .enum(['oneHot', 'ordinal', 'target', 'hashing'])
    .default('oneHot')
    .describe('How categories become numbers'),
  hashFeatures: z.number().int().positive().max(65_535).default(256).describe('Buckets per category (encode: hashing)'),
  targetSmoothing: z
    .union([z.literal('auto'), z.number().nonnegative()])
    .default('auto')
    .describe('How far levels are drawn to the mean (encode: target): auto, or as many rows at the mean'),
  maxLevels: z
    .number()
    .int()
    .positive()
    .default(50)
    .describe('Levels per category kept as columns of their own; the rest become one'),
  minLevelCount: z.number().int().positive().default(1).describe('Levels seen in fewer rows than this become "rare"'),
  dates: z.boolean().default(true).describe('Turn date columns into year, month, day, weekday and hour parts'),
  text: z.enum(['drop', 'hashedNgrams', 'tfidf']).default('drop').describe('What to do with free text columns'),
  textFeatures: z.number().int().positive().default(256).describe('Columns a free text becomes'),
  interactions: z.boolean().default(false).describe('Add products of pairs of number columns'),
  dropConstant: z.boolean().default(true).describe('Leave out constant and duplicate features'),
  types: z
    .record(z.string(), z.enum(['number', 'category', 'text', 'date']))
    .default({})
    .describe('Treat a column as this kind'),
});
export type PreprocessConfig = z.infer<typeof PreprocessConfig>;

export const CoresetConfig = z.strictObject({
  size: z.number().positive().default(2000).describe('Rows (≥ 1) or share of the training rows (< 1) in the coreset'),
  seed: z.number().int().nonnegative().default(42).describe('Seed of the draw'),
  service: z
    .enum(['auto', 'logistic', 'linear', 'svm', 'kmeans', 'pca', 'tree', 'network', 'generic'])
    .default('auto')
    .describe('Which model family the coreset serves; auto follows the model'),
  level: z.number().int().nonnegative().default(0).describe('0 is the root; each level below has about twice the rows'),
  chunkSize: z.number().int().positive().optional().describe('Rows per leaf of the tree'),
  classSize: z
    .record(z.string(), z.union([z.number().int().nonnegative(), z.literal('all')]))
    .optional()
    .describe('Rows to draw per class'),
  refresh: z
    .boolean()
    .default(false)
    .describe('Trees only: structure from the coreset, leaf values refitted on all rows'),
});
export type CoresetConfig = z.infer<typeof CoresetConfig>;

export const ModelConfig = z.strictObject({
  type: z.string().describe('Estimator'),
  params: z.record(z.string(), z.unknown()).default({}).describe('Parameters of the estimator'),
});
export type ModelConfig = z.infer<typeof ModelConfig>;

const SpaceValue = z.union([z.number(), z.string(), z.boolean(), z.null(), z.array(z.number())]);
export const SpaceRange = z.strictObject({
  min: z.number(),
  max: z.number(),
  log: z.boolean().default(false),
  int: z.boolean().default(false),
});
export const TuneConfig = z.strictObject({
  method: z.enum(['none', 'grid', 'random', 'bayesian']).default('grid').describe('How configurations are chosen'),
  space: z
    .record(z.string(), z.union([z.array(SpaceValue).min(1), SpaceRange]))
    .default({})
    .describe('Values (a list) or range {min, max, log, int} per parameter'),
  folds: z.number().int().min(2).max(50).default(5).describe('Folds of the cross-validation'),
  metric: z.string().default('auto').describe('What is compared: rocAuc, logLoss, accuracy, f1Macro, rmse, r2 …'),
  on: z.enum(['coreset', 'full']).default('coreset').describe('Rows the search runs on'),
  trials: z.number().int().positive().default(30).describe('Configurations tried (random, bayesian)'),
  timeBudgetS: z.number().positive().optional().describe('Seconds after which no new trial starts'),
  seed: z.number().int().nonnegative().default(42).describe('Seed of folds and sampler'),
});
export type TuneConfig = z.infer<typeof TuneConfig>;

export const FitConfig = z.strictObject({
  final: z
    .enum(['train', 'all'])
    .default('train')
    .describe(
      'Rows of the model that scores files: train, or all: fitted again on training and validation rows after evaluation; metrics stay those of the model that did not see the validation rows',
    ),
});
export type FitConfig = z.infer<typeof FitConfig>;

export const ComputeConfig = z.strictObject({
  threads: z.number().int().positive().optional().describe('Threads; all cores when left out'),
  provider: z.string().default('cpu').describe('Execution provider: cpu, cuda, directml, coreml, webgpu'),
});
export type ComputeConfig = z.infer<typeof ComputeConfig>;

export const RunConfig = z.strictObject({
  name: z.string().optional().describe('What the run is called'),
  data: DataConfig,
  split: SplitConfig.prefault({}),
  preprocess: PreprocessConfig.prefault({}),
  coreset: z
    .union([z.literal('auto'), CoresetConfig, z.literal(false)])
    .default('auto')
    .describe('auto: a coreset only where it costs less than all rows; a mapping: always this one; false: never'),
  model: ModelConfig,
  tune: TuneConfig.optional(),
  fit: FitConfig.prefault({}),
  compute: ComputeConfig.prefault({}),
});
export type RunConfig = z.infer<typeof RunConfig>;

export const ConfigProblem = z.object({
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  /** Dotted path such as `tune.space.C`. */
  path: z.string(),
  span: SourceSpan,
  /** Text to put in place of the span, with the button's label. */
  fix: z.object({ label: z.string(), replacement: z.string() }).optional(),
});
export type ConfigProblem = z.infer<typeof ConfigProblem>;

/** One parameter of an estimator, enough to draw a form field. */
export const ParamSpec = z.object({
  name: z.string(),
  /** Other names a file may use. */
  aliases: z.array(z.string()).optional(),
  kind: z.enum(['number', 'integer', 'boolean', 'choice', 'text', 'layers', 'json']),
  label: z.string(),
  help: z.string(),
  default: z.unknown(),
  min: z.number().optional(),
  max: z.number().optional(),
  isExclusiveMin: z.boolean().optional(),
  choices: z.array(z.string()).optional(),
  isNullable: z.boolean().optional(),
  /** Takes a table of names and numbers beside its choices. */
  allowsTable: z.boolean().optional(),
  unit: z.string().optional(),
  isLog: z.boolean().optional(),
  /** Shown under "More" in the form. */
  isAdvanced: z.boolean().optional(),
});
export type ParamSpec = z.infer<typeof ParamSpec>;

export const EstimatorSpec = z.object({
  type: z.string(),
  title: z.string(),
  family: z.enum(['linear', 'network', 'tree', 'svm', 'cluster', 'decomposition', 'bayes', 'baseline']),
  tasks: z.array(z.enum(['binary', 'multiclass', 'regression', 'unsupervised'])),
  description: z.string(),
  params: z.array(ParamSpec),
  /** The coreset service that suits it. */
  coresetService: z.string(),
  /** A small search space to start from, by parameter. */
  suggestedSpace: z.record(z.string(), z.unknown()),
});
export type EstimatorSpec = z.infer<typeof EstimatorSpec>;
