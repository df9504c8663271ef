/**
 * The part of a logistic objective that looks at the rows: Σ s_i ℓ(y_i, W x_i + b).
 * Coefficients are a flat array, shape (nOut, q) with q = nFeatures + 1 and the intercept last; nOut is 1 for two classes.
 */
export interface DataTerm {
  readonly nOut: number;
  readonly q: number;
  readonly nRows: number;
  /** Relative error of `loss`: what a line search must not mistake for an increase. */
  readonly noise: number;
  evaluate(coef: Float64Array): Promise<Evaluation>;
  /**
   * Second derivatives at `coef` from about `maxRows` rows (scaled to all of them).
   * `full`: shape (P, P) with P = nOut · q. `blocks`: one (q, q) block per output. `diagonal`: shape (P,).
   */
  hessian(coef: Float64Array, structure: Structure, maxRows: number): Promise<Float64Array>;
}

export type Structure = 'full' | 'blocks' | 'diagonal';

export interface Evaluation {
  readonly loss: number;
  /** Shape (nOut, q). */
  readonly gradient: Float64Array;
}

/** log(1 + e^z) without overflow. */
export const softplus = (z: number): number => (z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)));

export const sigmoid = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : 1 - 1 / (1 + Math.exp(z)));

/** z ← softmax(z), shape (k,); returns log Σ e^z. */
export function softmaxInPlace(z: Float64Array): number {
  let top = -Infinity;
  for (let k = 0; k < z.length; k++) top = Math.max(top, z[k]!);
  let sum = 0;
  for (let k = 0; k < z.length; k++) sum += z[k] = Math.exp(z[k]! - top);
  for (let k = 0; k < z.length; k++) z[k]! /= sum;
  return top + Math.log(sum);
}
