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
  createdAt: Timestamp,
});
export type CoresetSummary = z.infer<typeof CoresetSummary>;

export const CoresetInfo = CoresetSummary.extend({
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
  sample: z.enum(['coreset', 'uniform', 'stratified']),
  /** Median and 10–90 % band over draws. */
  excessLoss: z.object({ median: z.number(), low: z.number(), high: z.number() }),
  gaps: z.record(z.string(), z.object({ median: z.number(), low: z.number(), high: z.number() })),
  nDraws: z.number(),
});
export const FidelityCurve = z.object({
  coresetId: Id,
  nValidation: z.number(),
  points: z.array(FidelityPoint),
  advice: z.array(z.string()),
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
  kind: z.enum(['updateTargets', 'updateFeatures', 'removeSamples', 'filterOut']),
  description: z.string(),
  nRows: z.number(),
  at: Timestamp,
});
export type CoresetEdit = z.infer<typeof CoresetEdit>;
