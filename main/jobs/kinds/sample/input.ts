/** A sample is an import whose file is made first: the import's own input, and what to add to its file. */
export interface SampleInput {
  /** Path of the Parquet file, as it stands in `importInput`. */
  readonly sourcePath: string;
  /** Columns to add: DuckDB expression by name. */
  readonly derive: Readonly<Record<string, string>>;
  readonly importInput: unknown;
}

/** `value` (JSON) with every text that is `from` replaced by `to`. */
export function replaceText(value: unknown, from: string, to: string): unknown {
  if (value === from) return to;
  if (Array.isArray(value)) return value.map((item) => replaceText(item, from, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceText(item, from, to)]));
}
