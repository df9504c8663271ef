import type { Matrix } from './matrix.ts';

/**
 * Probabilities that differ by no more than this are equal. Shares of leaves make exact ties, and what makes a probability
 * rounds them apart, in float64 here and in float32 in an exported graph: without a tolerance the two would decide by their
 * rounding.
 */
export const TIE = 1e-6;

/** Class of each row, shape (nRows,): the first whose probability is within `TIE` of the largest; 0 where none is a number. */
export function likeliest({ data, nRows, nCols }: Matrix): Float64Array {
  const out = new Float64Array(nRows);
  for (let i = 0; i < nRows; i++) {
    const from = i * nCols;
    let top = -Infinity;
    for (let k = 0; k < nCols; k++) if (data[from + k]! > top) top = data[from + k]!;
    let best = 0;
    while (best + 1 < nCols && data[from + best]! < top - TIE) best++;
    out[i] = best;
  }
  return out;
}

/** Whether a probability reaches `threshold`, by the same rule. */
export const reaches = (probability: number, threshold: number): boolean => probability >= threshold - TIE;
