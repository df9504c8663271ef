import { z } from 'zod';
import { Cell, Id, Timestamp } from './json.ts';

/** Where a file comes from: a path the person opened or dropped, or a browser upload's token. */
export const FileRef = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: z.string().min(1) }),
  z.object({ kind: z.literal('upload'), token: z.string().min(1) }),
]);
export type FileRef = z.infer<typeof FileRef>;

export const FileFormat = z.enum(['csv', 'tsv', 'json', 'jsonl', 'parquet']);
export type FileFormat = z.infer<typeof FileFormat>;

/** Pith's column types; `time` is a date or timestamp. */
export const ColumnType = z.enum(['integer', 'number', 'boolean', 'text', 'time']);
export type ColumnType = z.infer<typeof ColumnType>;

/** Every detection can be overridden; what is left out is detected. */
export const ImportOptions = z.strictObject({
  format: FileFormat.optional(),
  delimiter: z.string().min(1).max(4).optional(),
  quote: z.string().max(1).optional(),
  decimal: z.enum(['.', ',']).optional(),
  encoding: z.enum(['utf-8', 'utf-16', 'latin-1']).optional(),
  hasHeader: z.boolean().optional(),
  /** Words read as missing, compared after trimming, e.g. ["", "NA", "?"]. */
  nullWords: z.array(z.string()).optional(),
  /** Type by column name. */
  types: z.record(z.string(), ColumnType).optional(),
  /** Leading lines to pass over before the header. */
  skipLines: z.number().int().nonnegative().optional(),
});
export type ImportOptions = z.infer<typeof ImportOptions>;

export const ImportPreview = z.object({
  fileName: z.string(),
  bytes: z.number(),
  /** The full set of options in force; `detected` names those Pith found by itself, each with its evidence. */
  options: ImportOptions.required().partial({
    delimiter: true,
    quote: true,
    decimal: true,
    encoding: true,
    hasHeader: true,
    skipLines: true,
  }),
  detected: z.array(z.object({ option: z.string(), value: z.string(), evidence: z.string(), isSure: z.boolean() })),
  columns: z.array(z.object({ name: z.string(), type: ColumnType, originalName: z.string() })),
  rows: z.array(z.array(Cell)),
  /** null when only a full read can tell. */
  nRowsEstimate: z.number().nullable(),
  warnings: z.array(z.string()),
});
export type ImportPreview = z.infer<typeof ImportPreview>;

export const Histogram = z.object({
  /** nBins + 1 edges (numbers; seconds since 1970 for times). */
  edges: z.array(z.number()),
  counts: z.array(z.number()),
});
export type Histogram = z.infer<typeof Histogram>;

export const ColumnProfile = z.object({
  name: z.string(),
  type: ColumnType,
  nMissing: z.number(),
  /** Exact up to 100,000 rows, else HyperLogLog's estimate (`isDistinctExact` false). */
  nDistinct: z.number(),
  isDistinctExact: z.boolean(),
  /** Numbers and times (as numbers; ISO text beside for times). */
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  standardDeviation: z.number().nullable(),
  /** 1, 5, 25, 50, 75, 95, 99 % */
  quantiles: z.array(z.number()).nullable(),
  minText: z.string().nullable(),
  maxText: z.string().nullable(),
  histogram: Histogram.nullable(),
  /** Most frequent values of text, boolean and low-cardinality columns. */
  topValues: z.array(z.object({ value: z.string(), count: z.number() })),
});
export type ColumnProfile = z.infer<typeof ColumnProfile>;

export const DataVersion = z.object({
  id: Id,
  datasetId: Id,
  /** Content hash of the Parquet file, hex. */
  hash: z.string(),
  nRows: z.number(),
  columns: z.array(z.object({ name: z.string(), type: ColumnType })),
  bytes: z.number(),
  createdAt: Timestamp,
  /** "as loaded", "3 steps" … */
  note: z.string(),
});
export type DataVersion = z.infer<typeof DataVersion>;

export const Dataset = z.object({
  id: Id,
  name: z.string(),
  /** File it was imported from, as the person knows it. */
  source: z.string(),
  importOptions: ImportOptions,
  /** Newest first. */
  versions: z.array(DataVersion),
  createdAt: Timestamp,
});
export type Dataset = z.infer<typeof Dataset>;

export const Sort = z.object({ column: z.string(), isDescending: z.boolean() });
export type Sort = z.infer<typeof Sort>;

export const Filter = z.discriminatedUnion('op', [
  z.object({
    column: z.string(),
    op: z.enum(['equals', 'notEquals', 'less', 'lessOrEqual', 'greater', 'greaterOrEqual']),
    value: Cell,
  }),
  z.object({ column: z.string(), op: z.enum(['contains', 'startsWith', 'endsWith']), value: z.string() }),
  z.object({ column: z.string(), op: z.literal('between'), from: z.number(), to: z.number() }),
  z.object({ column: z.string(), op: z.enum(['isMissing', 'isPresent']) }),
  z.object({ column: z.string(), op: z.literal('in'), values: z.array(Cell) }),
]);
export type Filter = z.infer<typeof Filter>;

export const DataPage = z.object({
  /** Row number in the version, 0-based, of each row shown: stable under sort and filter. */
  rowIds: z.array(z.number()),
  /** One array per row, cells in version column order. */
  rows: z.array(z.array(Cell)),
  /** Rows that pass the filter. */
  nRows: z.number(),
});
export type DataPage = z.infer<typeof DataPage>;

/** Something about the data a person should know before training, with its evidence. */
export const Finding = z.object({
  code: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  title: z.string(),
  detail: z.string(),
  columns: z.array(z.string()),
  /** What the remedy would set in the configuration, as a merge patch. */
  patch: z.record(z.string(), z.unknown()).nullable(),
  /** Label of the button that applies `patch`. */
  action: z.string().nullable(),
});
export type Finding = z.infer<typeof Finding>;
