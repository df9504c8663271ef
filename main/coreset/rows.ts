import type { Matrix } from '../kernels/matrix.ts';
import type { TargetInfo } from '../models/estimator.ts';

/** Rows as services see them. */
export interface Rows {
  /** Shape (nRows, nFeatures). */
  readonly X: Matrix;
  /** Shape (nRows,): class index, regression target, or zeros where there is no target. */
  readonly y: Float64Array;
  /** Shape (nRows,): the data's own sample weights, or the weights of a coreset; undefined means ones. */
  readonly weight?: Float64Array | undefined;
}

/** Rows with weights, as estimators take them. */
export interface WeightedRows extends Rows {
  readonly weight: Float64Array;
}

/** One piece of a stream. */
export interface Chunk {
  readonly X: Matrix;
  readonly y: Float64Array;
  /** Row numbers in the data version; unique over the stream. */
  readonly rowIds: Uint32Array;
  readonly sampleWeight?: Float64Array | undefined;
  /** Shape (nRows,): time of each row, for sliding windows. */
  readonly time?: Float64Array | undefined;
}

/** Rows without their features. */
export type RowKeys = Omit<Chunk, 'X'>;

/** For sources whose features cost much more than the rest of a row. */
export interface ById {
  /** All rows of the stream, in its order. */
  keys(): AsyncIterable<RowKeys>;
  /** Features of these rows, in the order of the ids. @returns shape (nRows, nFeatures) */
  features(rowIds: Uint32Array): Promise<Matrix>;
}

/** What a tree is built from. `chunks()` starts over at every call and yields the same rows in the same order. */
export interface RowSource {
  readonly nFeatures: number;
  /** null for services that know no target (k-means, PCA). */
  readonly target: TargetInfo | null;
  /** Rows of the whole stream. */
  readonly nRows: number;
  /**
   * @param size rows a chunk shall have where the source can choose. When it is given, a chunk's features are the reader's
   * only until the next chunk is asked for.
   */
  chunks(size?: number): AsyncIterable<Chunk>;
  readonly byId?: ById | undefined;
}

/** A source over rows in memory. */
export function memorySource(
  rows: { X: Matrix; y: Float64Array; rowIds?: Uint32Array; sampleWeight?: Float64Array | undefined },
  target: TargetInfo | null,
): RowSource {
  const { X, y, sampleWeight } = rows;
  const rowIds = rows.rowIds ?? Uint32Array.from({ length: X.nRows }, (_, i) => i);
  return {
    nFeatures: X.nCols,
    target,
    nRows: X.nRows,
    async *chunks() {
      yield { X, y, rowIds, sampleWeight };
    },
  };
}

/** Classes of a target; 1 for regression or none, so that rows of one kind are one class. */
export const nClassesOf = (target: TargetInfo | null): number =>
  target === null || target.task === 'regression' ? 1 : target.nClasses;

/** Rows `from` … `to`-1, as views. */
export function sliceRows<R extends Rows>(rows: R, from: number, to: number): Rows {
  const { X, y, weight } = rows;
  return {
    X: { data: X.data.subarray(from * X.nCols, to * X.nCols), nRows: to - from, nCols: X.nCols },
    y: y.subarray(from, to),
    weight: weight?.subarray(from, to),
  };
}
