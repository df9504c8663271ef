import type { DataTerm } from './dataTerm.ts';
import { lineSearch } from './lineSearch.ts';
import { isLastStep, type Penalty, type Solution, type SolveOptions } from './smoothSolver.ts';

/**
 * Minimises loss + ½ Σ l2 w² + Σ l1 |w| by proximal Newton steps: coordinate descent on the quadratic model, then a line
 * search on the objective (Lee, Sun & Saunders 2014; as newGLMNET, Yuan, Ho & Lin 2012). The matrix of the model may come
 * from a sample of the rows: gradients are exact, so only the number of steps depends on it.
 */
export async function solveSparse(
  term: DataTerm,
  penalty: Penalty,
  start: Float64Array,
  options: SolveOptions,
): Promise<Solution> {
  const { l1, l2, isFixed } = penalty;
  const { tol, maxIter, structure, task } = options;
  const n = start.length;
  const value = async (coef: Float64Array) => {
    const { loss, gradient } = await term.evaluate(coef);
    let total = loss;
    for (let i = 0; i < n; i++) {
      total += 0.5 * l2[i]! * coef[i]! ** 2 + l1[i]! * Math.abs(coef[i]!);
      gradient[i] = gradient[i]! + l2[i]! * coef[i]!;
    }
    return { total, gradient };
  };
  let rows = options.hessianRows;
  let { curvature } = options;
  let model = curvature && modelOf(curvature, structure, n, term.nOut, l2);
  let coef = start.slice();
  let at = await value(coef);
  let lastGain = Infinity;
  let isConverged = false;
  let iter = 0;
  while (iter < maxIter && Number.isFinite(at.total)) {
    const isFresh = model === undefined;
    if (model === undefined) {
      curvature = await term.hessian(coef, structure, rows);
      model = modelOf(curvature, structure, n, term.nOut, l2);
    }
    const step = descend(model, at.gradient, coef, l1, isFixed, 0.02 * tol * tol * Math.abs(at.total));
    let slope = 0;
    for (let i = 0; i < n; i++) {
      slope += at.gradient[i]! * step[i]! + l1[i]! * (Math.abs(coef[i]! + step[i]!) - Math.abs(coef[i]!));
    }
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
      model = undefined;
      lastGain = Infinity;
      continue;
    }
    lastGain = gain;
    iter++;
    const found = await lineSearch(value, coef, at.total, step, slope, term.noise);
    if (!found) {
      if (isFresh) break;
      model = undefined;
      continue;
    }
    if (found.t < 1) lastGain = Infinity;
    coef = found.moved;
    at = found.next;
    if (task.isDue()) {
      await task.yield();
      task.signal.throwIfAborted();
      task.report({ fraction: null, step: `Fitting, iteration ${iter}` });
    }
  }
  return { coef, objective: at.total, iterations: iter, isConverged, curvature };
}

/** Block-diagonal second derivatives of the smooth part; the diagonal case has blocks of one. */
interface Model {
  readonly H: Float64Array;
  readonly width: number;
}

function modelOf(
  curvature: Float64Array,
  structure: SolveOptions['structure'],
  n: number,
  nOut: number,
  l2: Float64Array,
): Model {
  const H = curvature.slice();
  const width = structure === 'full' ? n : structure === 'blocks' ? n / nOut : 1;
  for (let from = 0; from < n; from += width) {
    let largest = 0;
    for (let i = 0; i < width; i++) {
      const diagonal = (from + i) * width + i;
      H[diagonal]! += l2[from + i]!;
      largest = Math.max(largest, H[diagonal]!);
    }
    // A feature the sample never saw would get an endless step.
    for (let i = 0; i < width; i++) H[(from + i) * width + i]! += 1e-9 * largest + 1e-300;
  }
  return { H, width };
}

/** About argmin over d of gᵀd + ½ dᵀHd + Σ l1 |w + d|, by coordinate descent with an active set, until gains fall below `enough`. */
function descend(
  { H, width }: Model,
  g: Float64Array,
  w: Float64Array,
  l1: Float64Array,
  isFixed: Uint8Array,
  enough: number,
): Float64Array {
  const n = g.length;
  const d = new Float64Array(n);
  // slope[i] = g_i + (H d)_i
  const slope = g.slice();
  const update = (i: number): number => {
    const block = Math.floor(i / width) * width;
    const row = i * width;
    const h = H[row + i - block]!;
    const now = w[i]! + d[i]!;
    const u = now - slope[i]! / h;
    const cut = l1[i]! / h;
    const change = (u > cut ? u - cut : u < -cut ? u + cut : 0) - now;
    if (change === 0) return 0;
    d[i]! += change;
    for (let j = 0; j < width; j++) slope[block + j]! += change * H[row + j]!;
    return h * change * change;
  };
  const free: number[] = [];
  for (let i = 0; i < n; i++) if (!isFixed[i]) free.push(i);
  // Σ h change² of a sweep is about twice what it lowers the model by. The steps need not be exact: their gradients are.
  let total = 0;
  for (let round = 0; round < 20; round++) {
    let moved = 0;
    for (const i of free) moved += update(i);
    total += moved;
    if (moved <= Math.max(enough, 1e-4 * total)) break;
    const active = free.filter((i) => w[i]! + d[i]! !== 0);
    for (let sweep = 0; sweep < 30; sweep++) {
      let inner = 0;
      for (const i of active) inner += update(i);
      total += inner;
      if (inner <= Math.max(0.1 * enough, 1e-4 * total)) break;
    }
  }
  return d;
}
