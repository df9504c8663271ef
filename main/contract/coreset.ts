import { z } from 'zod';
import { Cell, Id, Timestamp } from './json.ts';

export const CoresetNode = z.object({
  id: z.number(),
  level: z.number(),
  /** Rows the node stands for, and rows it keeps. */
  nRowsCovered: z.number(),
  nRows: z.number(),
  maxWeight: z.number(),
  isDirty: z.boolean(),
  children: z.array(z.number()),
});
export type CoresetNode = z.infer<typeof CoresetNode>;

export const CoresetSummary = z.object({
  id: Id,
  projectId: Id,
  versionId: Id,
  name: z.string(),
  service: z.string(),
  target: z.string().nullable(),
  size: z.number(),
  nRows: z.number(),
  nRowsCovered: z.number(),
  nLevels: z.number(),
  seed: z.number(),
  buildMs: z.number(),
  bytes: z.number(),
  excessLoss: z.number().nullable(),
  nEdits: z.number(),
  /** The comparison it was built for. */
  comparisonId: Id.optional(),
  createdAt: Timestamp,
});
export type CoresetSummary = z.infer<typeof CoresetSummary>;

/** The model fitted on the root as it is, scored on the root's own rows with their weights: they stand for all rows. */
export const CoresetModel = z.object({
  /** logLoss, rocAuc …; rmse, r2 for numbers. */
  metrics: z.record(z.string(), z.number()),
  /** The same before the last edits of this session; null when there were none. */
  before: z.record(z.string(), z.number()).nullable(),
  fitMs: z.number(),
});
export type CoresetModel = z.infer<typeof CoresetModel>;

export const CoresetSource = z.object({
  versionId: Id,
  /** Row ids of this version's rows start here. */
  offset: z.number(),
  nRows: z.number(),
});
export type CoresetSource = z.infer<typeof CoresetSource>;

export const CoresetInfo = CoresetSummary.extend({
  /** The data it was built from and those appended since, in order. */
  sources: z.array(CoresetSource),
  /** Column by which rows follow each other, and the stretch of it that is in the tree; seconds since 1970 for times. */
  time: z.object({ column: z.string(), isTime: z.boolean(), first: z.number(), last: z.number() }).nullable(),
  /** null where the service has no model of its own. */
  model: CoresetModel.nullable(),
  nodes: z.array(CoresetNode),
  classes: z.array(z.object({ label: z.string(), nRows: z.number(), nRowsCovered: z.number() })),
  weights: z.object({ min: z.number(), max: z.number(), sum: z.number() }),
});
export type CoresetInfo = z.infer<typeof CoresetInfo>;

export const CoresetRows = z.object({
  columns: z.array(z.string()),
  rowIds: z.array(z.number()),
  weights: z.array(z.number()),
  rows: z.array(z.array(Cell)),
  nRows: z.number(),
});
export type CoresetRows = z.infer<typeof CoresetRows>;

export const FidelityPoint = z.object({
  size: z.number(),
  /** `refreshed`: structure from the coreset, leaf values from all rows (trees only). */
  sample: z.enum(['coreset', 'refreshed', 'uniform', 'stratified']),
  /** Loss over that of the model of all rows, minus 1: median and 10–90 % band over draws. */
  excessLoss: z.object({ median: z.number(), low: z.number(), high: z.number() }),
  gaps: z.record(z.string(), z.object({ median: z.number(), low: z.number(), high: z.number() })),
  nDraws: z.number(),
});
export const FidelityCurve = z.object({
  coresetId: Id,
  nValidation: z.number(),
  /** What was fitted on every sample; left out by curves of former versions. */
  model: z.object({ type: z.string(), title: z.string() }).optional(),
  /** What `excessLoss` is a share of, the rows it was summed over, and the share below which a sample is as good as all rows. */
  loss: z
    .object({
      name: z.string(),
      rows: z.enum(['training', 'validation']),
      nRows: z.number(),
      tolerance: z.number(),
    })
    .optional(),
  points: z.array(FidelityPoint),
  advice: z.array(z.string()),
  /** What one fit on the coreset saves against one on all rows, and the build that has to be earned back. */
  saved: z
    .object({
      cpuSecondsPerFit: z.number(),
      buildCpuSeconds: z.number(),
      wattHoursPer100Fits: z.number(),
      explanation: z.string(),
    })
    .optional(),
  /** Largest score of a row over the mean one: how unequal rows are for the model. */
  maxToMeanLeverage: z.number().optional(),
});
export type FidelityCurve = z.infer<typeof FidelityCurve>;

export const ImportantSample = z.object({
  rowId: z.number(),
  label: z.string(),
  weight: z.number(),
  importance: z.number(),
  isSeen: z.boolean(),
  cells: z.array(Cell),
});
export type ImportantSample = z.infer<typeof ImportantSample>;

export const CoresetEdit = z.object({
  id: z.number(),
  kind: z.enum(['updateTargets', 'updateFeatures', 'removeSamples', 'filterOut', 'append', 'window', 'grow']),
  description: z.string(),
  nRows: z.number(),
  at: Timestamp,
});
export type CoresetEdit = z.infer<typeof CoresetEdit>;

/** The rows a coreset row stands for within its stretch of the data. */
export const CoresetRepresents = z.object({
  /** The row asked for. */
  rowId: z.number(),
  /** The row the coreset keeps for it; the same when it is kept itself. */
  keptRowId: z.number(),
  /** Weight of that row in the root; 0 where only a lower level keeps it. */
  weight: z.number(),
  nRows: z.number(),
  nRowsOfLeaf: z.number(),
  columns: z.array(z.string()),
  /** The kept row first, then the nearest ones. */
  rows: z.array(z.object({ rowId: z.number(), distance: z.number(), label: z.string(), cells: z.array(Cell) })),
});
export type CoresetRepresents = z.infer<typeof CoresetRepresents>;

/** One setting of a comparison of coresets built in the same passes. */
export const CoresetSetting = z.object({
  size: z.number().positive(),
  seed: z.number().int().nonnegative().optional(),
  classSize: z.record(z.string(), z.union([z.number().int().nonnegative(), z.literal('all')])).optional(),
});
export type CoresetSetting = z.infer<typeof CoresetSetting>;

export const ComparedCoreset = z.object({
  coresetId: Id,
  name: z.string(),
  service: z.string(),
  size: z.number(),
  nRows: z.number(),
  seed: z.number(),
  /** Estimated distance of the training loss from its optimum on all rows; null where the service has none. */
  excessLoss: z.number().nullable(),
  /** Cross-validated on folds of all rows, as the coreset tells them; null where the service has no model. */
  metric: z.string().nullable(),
  mean: z.number().nullable(),
  standardError: z.number().nullable(),
  fitMs: z.number(),
  bytes: z.number(),
});
export type ComparedCoreset = z.infer<typeof ComparedCoreset>;
