import { choleskyFactor, choleskySolve } from '../../../kernels/linalg/cholesky.ts';
import { addGram } from '../../../kernels/linalg/gram.ts';
import type { WeightedRows } from '../../rows.ts';
import { scores } from './density.ts';
import type { LinearLoss } from './loss.ts';

export interface LinearFit {
  /** Shape (nOut, q), q = nFeatures + 1, the intercept last. */
  readonly beta: Float64Array;
  /** C Σ w·loss + (penalty/2)‖β‖². */
  readonly objective: number;
  readonly iterations: number;
  readonly isConverged: boolean;
}

export interface LinearFitOptions {
  readonly C: number;
  /** Weight of ½‖β‖² (intercepts are free); 0 for plain least squares. */
  readonly penalty: number;
  readonly start?: Float64Array | undefined;
  readonly maxIter?: number;
  readonly tolerance?: number;
}

interface State {
  readonly objective: number;
  readonly gradient: Float64Array;
  /** Shape (nOut, n): C·w·v. */
  readonly curvature: Float64Array;
}

/**
 * Minimises C Σ w·loss(Xβ, y) + (penalty/2)‖β‖² by damped Newton for losses whose outputs do not interact (squared
 * error, squared hinge). Collinear columns get a ridge of 1e-12 of the largest second derivative.
 */
export function fitLinear(rows: WeightedRows, loss: LinearLoss, options: LinearFitOptions): LinearFit {
  const { start, maxIter = 100, tolerance = 1e-12 } = options;
  const q = rows.X.nCols + 1;
  let beta = start?.slice() ?? new Float64Array(loss.nOut * q);
  let state = evaluate(rows, loss, beta, options);
  let iterations = 0;
  for (; iterations < maxIter; iterations++) {
    const step = newtonStep(rows, loss, state, options.penalty);
    const descent = dot(state.gradient, step);
    // Newton decrement: half of it is what is still to be gained.
    const isConverged = !(descent > tolerance * Math.max(1e-300, Math.abs(state.objective)));
    if (isConverged) return { beta, objective: state.objective, iterations, isConverged };
    let length = 1;
    let isBetter = false;
    for (let halvings = 0; halvings < 30 && !isBetter; halvings++, length /= 2) {
      const tried = beta.map((b, j) => b - length * step[j]!);
      const next = evaluate(rows, loss, tried, options);
      if (next.objective > state.objective - 1e-4 * length * descent) continue;
      beta = tried;
      state = next;
      isBetter = true;
    }
    if (!isBetter) break;
  }
  return { beta, objective: state.objective, iterations, isConverged: false };
}

function evaluate(
  { X, y, weight }: WeightedRows,
  loss: LinearLoss,
  beta: Float64Array,
  { C, penalty }: LinearFitOptions,
): State {
  const { data, nRows: n, nCols: d } = X;
  const q = d + 1;
  const K = loss.nOut;
  const gradient = new Float64Array(K * q);
  const curvature = new Float64Array(K * n);
  const [f, g, v, p] = [new Float64Array(K), new Float64Array(K), new Float64Array(K), new Float64Array(K)];
  let objective = 0;
  for (let i = 0; i < n; i++) {
    const w = C * weight[i]!;
    if (w === 0) continue;
    const from = i * d;
    scores(data, from, d, beta, K, f);
    objective += w * loss.at(f, y[i]!, g, v, p);
    for (let k = 0; k < K; k++) {
      curvature[k * n + i] = w * v[k]!;
      const scale = w * g[k]!;
      const b = k * q;
      for (let j = 0; j < d; j++) gradient[b + j]! += scale * data[from + j]!;
      gradient[b + d]! += scale;
    }
  }
  for (let at = 0; at < beta.length; at++) {
    if (at % q === d) continue;
    objective += 0.5 * penalty * beta[at]! ** 2;
    gradient[at]! += penalty * beta[at]!;
  }
  return { objective, gradient, curvature };
}

/**
 * ½ gᵀH⁻¹g: what a Newton step from `beta` would gain, with `gradient` given and the curvature of `rows` (output by
 * output: for coupled losses an upper estimate of the curvature, so a lower one of the gain by at most K/(K − 1)).
 */
export function newtonGain(
  rows: WeightedRows,
  loss: LinearLoss,
  beta: Float64Array,
  gradient: Float64Array,
  { C, penalty }: Pick<LinearFitOptions, 'C' | 'penalty'>,
): number {
  const state = evaluate(rows, loss, beta, { C, penalty });
  return 0.5 * dot(gradient, newtonStep(rows, loss, { ...state, gradient }, penalty));
}

/** H⁻¹ g, output by output. */
function newtonStep(
  { X }: WeightedRows,
  loss: LinearLoss,
  { gradient, curvature }: State,
  penalty: number,
): Float64Array {
  const q = X.nCols + 1;
  const step = gradient.slice();
  for (let k = 0; k < loss.nOut; k++) {
    const H = new Float64Array(q * q);
    addGram(X, curvature.subarray(k * X.nRows, (k + 1) * X.nRows), H);
    for (let j = 0; j < q - 1; j++) H[j * q + j]! += penalty;
    choleskySolve(factorLifted(H, q), q, step.subarray(k * q, (k + 1) * q));
  }
  return step;
}

function factorLifted(H: Float64Array, q: number): Float64Array {
  let largest = 0;
  for (let j = 0; j < q; j++) largest = Math.max(largest, H[j * q + j]!);
  for (let ridge = 1e-12; ridge < 1e3; ridge *= 100) {
    const L = H.slice();
    for (let j = 0; j < q; j++) L[j * q + j]! += ridge * largest + 1e-300;
    if (choleskyFactor(L, q)) return L;
  }
  throw new RangeError('fitLinear: the rows hold values that are not finite');
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}
