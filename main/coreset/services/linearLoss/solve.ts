import type { WeightedRows } from '../../rows.ts';
import { scores } from './density.ts';
import { fitLinear } from './fit.ts';
import type { LinearLoss } from './loss.ts';

export interface SolveOptions {
  readonly C: number;
  /** Weight of ½‖β‖² (intercepts are free); the log loss always has 1. */
  readonly penalty: number;
  readonly start?: Float64Array | undefined;
}

/**
 * Coefficients, shape (nOut, q), that minimise C Σ w·loss + (penalty/2)‖β‖²: logistic regression by its own solver, the
 * other losses by Newton's method. One thread: a pilot must not depend on how many there are.
 */
export async function solveLinear(rows: WeightedRows, loss: LinearLoss, options: SolveOptions): Promise<Float64Array> {
  if (loss.name !== 'logistic' && loss.name !== 'softmax') return fitLinear(rows, loss, options).beta;
  // On demand: threads that only visit rows need no ONNX Runtime.
  const { fitLogistic } = await import('../../../models/linear/logisticFit.ts');
  const { X, y, weight } = rows;
  const { C, start } = options;
  const fit = await fitLogistic(X, y, weight, {
    C,
    nClasses: loss.nClasses,
    tol: 1e-6,
    threads: 1,
    ...(start && { initial: start }),
  });
  return fit.coef;
}

/** C Σ w·loss + (penalty/2)‖β‖² at `beta`. */
export function linearObjective(
  { X, y, weight }: WeightedRows,
  loss: LinearLoss,
  beta: Float64Array,
  { C, penalty }: Pick<SolveOptions, 'C' | 'penalty'>,
): number {
  const buffer = Array.from({ length: 4 }, () => new Float64Array(loss.nOut));
  const [f, g, v, p] = buffer as [Float64Array, Float64Array, Float64Array, Float64Array];
  let sum = 0;
  for (let i = 0; i < X.nRows; i++) {
    if (weight[i] === 0) continue;
    scores(X.data, i * X.nCols, X.nCols, beta, loss.nOut, f);
    sum += weight[i]! * loss.at(f, y[i]!, g, v, p);
  }
  return C * sum + penaltyOf(beta, X.nCols, penalty);
}

/** (weight/2)‖β‖² without the intercepts. */
export function penaltyOf(beta: Float64Array, d: number, weight: number): number {
  let sum = 0;
  for (let at = 0; at < beta.length; at++) if (at % (d + 1) !== d) sum += beta[at]! ** 2;
  return (weight / 2) * sum;
}
