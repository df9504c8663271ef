import type { TaskContext } from '../../../kernels/task.ts';
import { cholesky, choleskySolve } from '../cholesky.ts';
import type { DataTerm, Structure } from './dataTerm.ts';
import { lineSearch } from './lineSearch.ts';

export interface Penalty {
  /** Weight of ½ w² per coefficient, shape (nOut · q); 0 for intercepts. */
  readonly l2: Float64Array;
  /** Weight of |w| per coefficient; all 0 for the smooth solver. */
  readonly l1: Float64Array;
  /** Coefficients held at 0 (the intercept of a model without one). */
  readonly isFixed: Uint8Array;
}

export interface SolveOptions {
  readonly tol: number;
  readonly maxIter: number;
  /** Rows second derivatives are computed from at first. */
  readonly hessianRows: number;
  readonly structure: Structure;
  /** Second derivatives to begin with, as `DataTerm.hessian` gives them; not changed. */
  readonly curvature?: Float64Array | undefined;
  readonly task: TaskContext;
}

export interface Solution {
  readonly coef: Float64Array;
  readonly objective: number;
  readonly iterations: number;
  readonly isConverged: boolean;
  /** The second derivatives last used, as `SolveOptions.curvature`. */
  readonly curvature: Float64Array | undefined;
}

/**
 * Whether the step after a point is so sure to end the fit that its objective need not be computed: whole steps have divided
 * the gain (½ gᵀH⁻¹g) by 10 and more, and at that rate what remains is below what the fit stops at.
 */
export const isLastStep = (gain: number, lastGain: number, enough: number): boolean =>
  lastGain < Infinity && gain < 0.1 * lastGain && gain * (gain / lastGain) <= enough;

const MEMORY = 12;

/**
 * Minimises loss + ½ Σ l2 w². L-BFGS (Nocedal & Wright 7.2) whose first matrix is not a multiple of the identity but the
 * factored Hessian at an earlier point, perhaps of a sample of the rows (Erdogdu & Montanari 2015): near the solution a
 * pass over the rows gains an order of magnitude. The matrix is renewed, with more rows, when progress is slower than that.
 * Stops when the expected gain of the next step is below tol² of the objective, or will be after one more (`isLastStep`).
 */
export async function solveSmooth(
  term: DataTerm,
  penalty: Penalty,
  start: Float64Array,
  options: SolveOptions,
): Promise<Solution> {
  const { l2, isFixed } = penalty;
  const { tol, maxIter, structure, task } = options;
  const n = start.length;
  const value = async (coef: Float64Array) => {
    const { loss, gradient } = await term.evaluate(coef);
    let total = loss;
    for (let i = 0; i < n; i++) {
      total += 0.5 * l2[i]! * coef[i]! ** 2;
      gradient[i] = isFixed[i] ? 0 : gradient[i]! + l2[i]! * coef[i]!;
    }
    return { total, gradient };
  };
  let rows = options.hessianRows;
  let { curvature } = options;
  let invert = curvature && factor(curvature, structure, term.nOut, l2, isFixed);
  let pairs: Pair[] = [];
  let coef = start.slice();
  let at = await value(coef);
  let lastGain = Infinity;
  let isConverged = false;
  let iter = 0;
  while (iter < maxIter && Number.isFinite(at.total)) {
    const isFresh = invert === undefined;
    if (invert === undefined) {
      curvature = await term.hessian(coef, structure, rows);
      invert = factor(curvature, structure, term.nOut, l2, isFixed);
    }
    const step = twoLoop(at.gradient, pairs, invert);
    let slope = 0;
    for (let i = 0; i < n; i++) slope += step[i]! * at.gradient[i]!;
    const gain = -slope / 2;
    const enough = tol * tol * Math.abs(at.total) + 1e-300;
    if (gain <= enough) {
      isConverged = true;
      break;
    }
    if (isLastStep(gain, lastGain, enough)) {
      coef = coef.map((v, i) => v + step[i]!);
      at = { ...at, total: at.total - gain };
      iter++;
      isConverged = true;
      break;
    }
    if (!isFresh && gain > 0.3 * lastGain) {
      rows = Math.min(term.nRows, rows * 4);
      invert = undefined;
      pairs = [];
      lastGain = Infinity;
      continue;
    }
    lastGain = gain;
    iter++;
    const found = await lineSearch(value, coef, at.total, step, slope, term.noise);
    if (!found) {
      // No step helps: either the matrix is stale, or rounding ends the descent here.
      if (isFresh) break;
      invert = undefined;
      pairs = [];
      continue;
    }
    const { moved, next } = found;
    if (found.t < 1) lastGain = Infinity;
    pairs.push(pairOf(moved, coef, next.gradient, at.gradient));
    if (!(pairs.at(-1)!.rho > 0 && pairs.at(-1)!.rho < Infinity)) pairs.pop();
    if (pairs.length > MEMORY) pairs.shift();
    coef = moved;
    at = next;
    if (task.isDue()) {
      await task.yield();
      task.signal.throwIfAborted();
      task.report({ fraction: null, step: `Fitting, iteration ${iter}` });
    }
  }
  return { coef, objective: at.total, iterations: iter, isConverged, curvature };
}

interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

function pairOf(to: Float64Array, from: Float64Array, gTo: Float64Array, gFrom: Float64Array): Pair {
  const s = to.map((v, i) => v - from[i]!);
  const y = gTo.map((v, i) => v - gFrom[i]!);
  let dot = 0;
  for (let i = 0; i < s.length; i++) dot += s[i]! * y[i]!;
  return { s, y, rho: 1 / dot };
}

/** −H g with H from the pairs and `invert` as the matrix they start from. */
function twoLoop(g: Float64Array, pairs: readonly Pair[], invert: (v: Float64Array) => Float64Array): Float64Array {
  const v = g.slice();
  const alphas = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y, rho } = pairs[k]!;
    let dot = 0;
    for (let i = 0; i < v.length; i++) dot += s[i]! * v[i]!;
    alphas[k] = rho * dot;
    for (let i = 0; i < v.length; i++) v[i]! -= alphas[k]! * y[i]!;
  }
  const out = invert(v);
  for (let k = 0; k < pairs.length; k++) {
    const { s, y, rho } = pairs[k]!;
    let dot = 0;
    for (let i = 0; i < out.length; i++) dot += y[i]! * out[i]!;
    const beta = alphas[k]! - rho * dot;
    for (let i = 0; i < out.length; i++) out[i]! += beta * s[i]!;
  }
  return out.map((x) => -x);
}

/** v ↦ (H + diag(l2))⁻¹ v. */
function factor(
  H: Float64Array,
  structure: Structure,
  nOut: number,
  l2: Float64Array,
  isFixed: Uint8Array,
): (v: Float64Array) => Float64Array {
  const n = l2.length;
  if (structure === 'diagonal') {
    let largest = 0;
    for (let i = 0; i < n; i++) largest = Math.max(largest, H[i]! + l2[i]!);
    return (v) => v.map((x, i) => (isFixed[i] ? 0 : x / Math.max(H[i]! + l2[i]!, 1e-10 * largest)));
  }
  const width = structure === 'full' ? n : n / nOut;
  const factors: Float64Array[] = [];
  for (let from = 0; from < n; from += width) {
    const A = H.slice(from * width, (from + width) * width);
    for (let i = 0; i < width; i++) {
      A[i * width + i]! += l2[from + i]!;
      if (!isFixed[from + i]) continue;
      for (let j = 0; j < width; j++) A[i * width + j] = A[j * width + i] = 0;
      A[i * width + i] = 1;
    }
    factors.push(cholesky(A, width));
  }
  return (v) => {
    const out = new Float64Array(n);
    factors.forEach((L, b) => out.set(choleskySolve(L, width, v.subarray(b * width, (b + 1) * width)), b * width));
    return out;
  };
}
