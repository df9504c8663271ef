import type { FitRows } from '../../contract/run.ts';
import type { Said } from '../../evaluate/scorer.ts';

/** What one model of a run said of its validation rows. */
export interface Kept {
  /** Rows of the data version, ascending as in the split, shape (nRows,). */
  readonly rowIds: Uint32Array;
  /** Class index or value of each row, shape (nRows,). */
  readonly y: Float64Array;
  readonly said: Said;
}

/** Key of the file's metadata under which it says what its columns are. */
export const HEADER = 'pith.predictions';

/** What the file's metadata say. */
export interface Header {
  readonly version: 1;
  readonly target: string;
  /** In class order; empty for values. */
  readonly classes: readonly string[];
  readonly models: readonly FitRows[];
}

export const ROW = 'row';
export const TARGET = 'target';
export const predictionColumn = (rows: FitRows): string => `${rows}.prediction`;
/** The number tells classes apart that DuckDB would take for the same name, such as "yes" and "Yes". */
export const probaColumn = (rows: FitRows, k: number, name: string): string => `${rows}.p${k}:${name}`;
