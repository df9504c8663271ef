export interface PredictInput {
  /** Path of the saved pipeline. */
  readonly pipeline: string;
  /** File to score. */
  readonly path: string;
  /** CSV or Parquet file to write, by its name. */
  readonly out: string;
}

export interface PredictOutcome {
  readonly nRows: number;
}
