import type { Matrix } from '../../kernels/matrix.ts';
import { AppError } from '../../contract/errors.ts';

/** Rows in float32. */
export interface PaddedRows {
  readonly n: number;
  readonly stride: number;
  /** Shape (n, stride). */
  readonly data: Float32Array;
  /** Squared norms, shape (n,). */
  readonly norms: Float64Array;
}

/** Throws AppError FEATURE_HAS_MISSING when a value is missing or infinite. */
export function padRows({ data, nCols }: Matrix, rows: ArrayLike<number>): PaddedRows {
  const n = rows.length;
  const stride = nCols;
  const out = new Float32Array(n * stride);
  const norms = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const from = rows[i]! * nCols;
    for (let j = 0; j < nCols; j++) {
      const v = Math.fround(data[from + j]!);
      if (!Number.isFinite(v)) throw missingValue(rows[i]!, j);
      out[i * stride + j] = v;
      norms[i]! += v * v;
    }
  }
  return { n, stride, data: out, norms };
}

/** Floats that `toLanes` fills for n rows: an even number of blocks of four. */
export const laneFloats = (n: number, stride: number): number => Math.ceil(n / 8) * 8 * stride;

/** Rows in blocks of four, a lane a row, as assembly/svm.ts reads them. */
export function toLanes({ n, stride, data }: PaddedRows, out: Float32Array): void {
  for (let i = 0; i < n; i++) {
    const at = (i >> 2) * stride * 4 + (i & 3);
    for (let j = 0; j < stride; j++) out[at + 4 * j] = data[i * stride + j]!;
  }
}

export function allRows(n: number): Uint32Array {
  return Uint32Array.from({ length: n }, (_, i) => i);
}

function missingValue(row: number, column: number): AppError {
  return new AppError({
    code: 'FEATURE_HAS_MISSING',
    message: `Row ${row + 1} has a missing or infinite value in feature ${column + 1}; a support vector machine needs numbers.`,
    fix: { kind: 'setParam', label: 'Fill missing values', args: { name: 'preprocess.impute', value: 'median' } },
  });
}
