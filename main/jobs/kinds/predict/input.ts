export interface PredictInput {
  /** Path of the saved pipeline. */
  readonly pipeline: string;
  /** File to score. */
  readonly path: string;
  /** CSV or Parquet file to write, by its name. */
  readonly out: string;
  /** Two classes: least probability at which the last one is predicted; the likelier one when left out. */
  readonly threshold?: number | undefined;
  /** Said beside the predictions: whose they are. */
  readonly note?: string | undefined;
}

export interface PredictOutcome {
  readonly nRows: number;
}
