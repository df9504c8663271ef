import type { Matrix } from '../../kernels/matrix.ts';
import { AppError } from '../../contract/errors.ts';

/** Rows in float32, each padded with zeros to a multiple of four values. */
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
  const stride = Math.ceil(nCols / 4) * 4;
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
