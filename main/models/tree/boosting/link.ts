import type { Matrix } from '../../../kernels/matrix.ts';
import type { Loss } from './loss.ts';

/** How raw scores become predictions. */
export type Link = 'sigmoid' | 'softmax' | 'exp' | 'identity';

export const LINKS: Readonly<Record<Loss['kind'], Link>> = {
  logLoss: 'sigmoid',
  softmax: 'softmax',
  poisson: 'exp',
  squaredError: 'identity',
  quantile: 'identity',
};

/**
 * Probabilities, shape (n, nClasses), or predictions (n, 1).
 * @param raw scores row by row, shape (n, nScores); may be returned as they are
 */
export function linked(link: Link, raw: Float64Array, n: number): Matrix & { readonly data: Float64Array } {
  switch (link) {
    case 'identity':
      return { data: raw, nRows: n, nCols: 1 };
    case 'exp':
      return { data: raw.map(Math.exp), nRows: n, nCols: 1 };
    case 'softmax':
      return { data: softmaxRows(raw, raw.length / n), nRows: n, nCols: raw.length / n };
    case 'sigmoid': {
      const data = new Float64Array(2 * n);
      for (let i = 0; i < n; i++) {
        const p = 1 / (1 + Math.exp(-raw[i]!));
        data[2 * i] = 1 - p;
        data[2 * i + 1] = p;
      }
      return { data, nRows: n, nCols: 2 };
    }
  }
}

function softmaxRows(raw: Float64Array, k: number): Float64Array {
  const out = new Float64Array(raw.length);
  for (let at = 0; at < raw.length; at += k) {
    let top = -Infinity;
    for (let j = 0; j < k; j++) top = Math.max(top, raw[at + j]!);
    let sum = 0;
    for (let j = 0; j < k; j++) sum += out[at + j] = Math.exp(raw[at + j]! - top);
    for (let j = 0; j < k; j++) out[at + j]! /= sum;
  }
  return out;
}
