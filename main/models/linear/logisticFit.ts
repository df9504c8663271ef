import { availableParallelism } from 'node:os';
import type { Matrix } from '../../kernels/matrix.ts';
import { quietTask, type TaskContext } from '../../kernels/task.ts';
import type { DataTerm, Structure } from './logistic/dataTerm.ts';
import { GraphTerm } from './logistic/graphTerm.ts';
import { densityOf, thin, type LabelledRows } from './logistic/rows.ts';
import { solveSmooth, type Penalty, type Solution, type SolveOptions } from './logistic/smoothSolver.ts';
import { SparseTerm } from './logistic/sparseTerm.ts';
import { solveSparse } from './logistic/sparsitySolver.ts';

export interface LogisticOptions {
  /** Inverse strength of the penalty, > 0; Infinity means none. */
  readonly C: number;
  /** Share of L1 in the penalty: 0 is ridge, 1 lasso. Default 0. */
  readonly l1Ratio?: number;
  /** Default: the largest class index + 1, at least 2. */
  readonly nClasses?: number;
  readonly fitIntercept?: boolean;
  /** The fit stops when a step would lower the objective by less than tol² of it. Default 1e-4. */
  readonly tol?: number;
  readonly maxIter?: number;
  /** Coefficients to start from, as `LogisticFit.coef`. */
  readonly initial?: Float64Array;
  readonly threads?: number;
  readonly task?: TaskContext;
}

export interface LogisticFit {
  /** Shape (nOut, nFeatures + 1), the intercept last; nOut is 1 for two classes (class 1 against 0), else nClasses. */
  readonly coef: Float64Array;
  readonly nOut: number;
  /**
   * C Σ s_i ℓ_i + (1 − l1Ratio)/2 ‖w‖² + l1Ratio ‖w‖₁, as in scikit-learn; intercepts are not penalised.
   * With C = Infinity: Σ s_i ℓ_i.
   */
  readonly objective: number;
  readonly iterations: number;
  readonly isConverged: boolean;
}

/**
 * Multinomial (or binary) logistic regression on rows in memory.
 * @param X shape (nSamples, nFeatures), finite; not changed
 * @param y class index, shape (nSamples,)
 * @param weights shape (nSamples,), not negative; undefined means ones
 */
export async function fitLogistic(
  X: Matrix,
  y: Float64Array,
  weights: Float64Array | undefined,
  options: LogisticOptions,
): Promise<LogisticFit> {
  const { C, l1Ratio = 0, fitIntercept = true, tol = 1e-4, maxIter = 100, task = quietTask } = options;
  const nClasses = options.nClasses ?? Math.max(2, y.reduce((top, v) => Math.max(top, v), 0) + 1);
  const nOut = nClasses === 2 ? 1 : nClasses;
  const q = X.nCols + 1;
  const n = nOut * q;
  // The objective is divided by C, so that the rows' part keeps its size while C changes.
  const strength = C === Infinity ? 0 : 1 / C;
  const penalty: Penalty = {
    l2: perCoefficient(n, q, strength * (1 - l1Ratio)),
    l1: perCoefficient(n, q, strength * l1Ratio),
    isFixed: Uint8Array.from({ length: n }, (_, i) => Number(!fitIntercept && i % q === q - 1)),
  };
  const rows = usedRows(X, y, weights);
  const threads = options.threads ?? availableParallelism();
  const { term, shift } = chooseTerm(rows, nOut, threads, fitIntercept);
  const structure: Structure = n <= 800 ? 'full' : q <= 1200 ? 'blocks' : 'diagonal';
  const solve = penalty.l1.some((v) => v > 0) ? solveSparse : solveSmooth;
  // Sampled second derivatives err by about sqrt(q / rows): more rows than that pays for are read only when steps are poor.
  const sampleRows = Math.max(20_000, 40 * q);
  const hessianRows = Math.min(sampleRows, Math.max(60 * q, Math.floor(HESSIAN_WORK / (nOut * (nOut + 1) * q * q))));
  const settings: SolveOptions = { tol, maxIter, structure, task, hessianRows };

  let start: Float64Array = options.initial?.slice() ?? new Float64Array(n);
  if (start.length !== n) throw new RangeError(`fitLogistic: initial has ${start.length} values, not ${n}`);
  move(start, shift, q, 1);
  // Many rows: a sample leads near the solution for the price of a pass or two, and a sample of that one near its own. The
  // second derivatives found on the way serve the last solve: its start is as near as the sample can tell.
  let before = 0;
  let curvature: Float64Array | undefined;
  const step = Math.floor(rows.X.nRows / sampleRows);
  if (step >= 4 && !options.initial) {
    const sample = thin(rows, step);
    for (const part of [thin(sample, 5), sample]) {
      const on = chooseTerm(part, nOut, threads, false).term;
      const rough: Solution = await solve(on, penalty, start, { ...settings, tol: Math.max(tol, 1e-2) });
      if (!Number.isFinite(rough.objective)) break;
      start = rough.coef;
      curvature = part === sample ? rough.curvature : undefined;
      before += rough.iterations;
    }
  }
  const found = await solve(term, penalty, start, { ...settings, curvature });
  move(found.coef, shift, q, -1);
  if (fitIntercept && nOut > 1) centreIntercepts(found.coef, q);
  return {
    coef: found.coef,
    nOut,
    objective: found.objective * (C === Infinity ? 1 : C),
    iterations: before + found.iterations,
    isConverged: found.isConverged,
  };
}

function perCoefficient(n: number, q: number, value: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => (i % q === q - 1 ? 0 : value));
}

function usedRows(X: Matrix, y: Float64Array, weights: Float64Array | undefined): LabelledRows {
  if (!weights?.includes(0)) return { X, y, weights };
  const kept: number[] = [];
  for (let i = 0; i < X.nRows; i++) if (weights[i]! > 0) kept.push(i);
  const { nCols } = X;
  const data =
    X.data instanceof Float32Array ? new Float32Array(kept.length * nCols) : new Float64Array(kept.length * nCols);
  kept.forEach((row, i) => data.set(X.data.subarray(row * nCols, (row + 1) * nCols), i * nCols));
  return {
    X: { data, nRows: kept.length, nCols },
    y: Float64Array.from(kept, (row) => y[row]!),
    weights: Float64Array.from(kept, (row) => weights[row]!),
  };
}

/** Multiplications one Hessian of a sample may take. */
const HESSIAN_WORK = 1e8;
/** Work per pass below which plain loops beat a call into the graph; measured. */
const LOOP_WORK = 150_000;
/** Values above which float64 rows are copied to float32: half the memory to read in every pass. */
const SINGLE_WORK = 2_000_000;

function chooseTerm(
  rows: LabelledRows,
  nOut: number,
  threads: number,
  canShift: boolean,
): { readonly term: DataTerm; readonly shift: Float64Array | undefined } {
  const { nRows, nCols } = rows.X;
  const size = nRows * nCols;
  const density = densityOf(rows.X);
  if (size * nOut <= LOOP_WORK || density < 0.12)
    return { term: new SparseTerm(rows, nOut, threads), shift: undefined };
  if (size < SINGLE_WORK) return { term: new GraphTerm(rows, nOut, threads), shift: undefined };
  const shift = canShift ? shiftOf(rows.X) : undefined;
  if (rows.X.data instanceof Float32Array && !shift) return { term: new GraphTerm(rows, nOut, threads), shift };
  const data = new Float32Array(size);
  const from = rows.X.data;
  if (!shift) data.set(from);
  else
    for (let i = 0; i < nRows; i++)
      for (let j = 0; j < nCols; j++) data[i * nCols + j] = from[i * nCols + j]! - shift[j]!;
  return { term: new GraphTerm({ ...rows, X: { data, nRows, nCols } }, nOut, threads), shift };
}

/**
 * Means of the columns when some lie so far from 0 that float32 margins would lose their digits, else undefined. Moving a
 * column changes only the intercept, which has no penalty.
 */
function shiftOf({ data, nRows, nCols }: Matrix): Float64Array | undefined {
  const step = Math.max(1, Math.floor(nRows / 5000));
  const mean = new Float64Array(nCols);
  const square = new Float64Array(nCols);
  let count = 0;
  for (let i = 0; i < nRows; i += step) {
    count++;
    for (let j = 0; j < nCols; j++) {
      const gap = data[i * nCols + j]! - mean[j]!;
      mean[j]! += gap / count;
      square[j]! += gap * (data[i * nCols + j]! - mean[j]!);
    }
  }
  return mean.some((m, j) => Math.abs(m) > 20 * Math.sqrt(square[j]! / count)) ? mean : undefined;
}

/** Intercepts that belong to columns moved by `shift` (sign 1), and back (sign −1). */
function move(coef: Float64Array, shift: Float64Array | undefined, q: number, sign: number): void {
  if (!shift) return;
  for (let at = 0; at < coef.length; at += q) {
    for (let j = 0; j < q - 1; j++) coef[at + q - 1]! += sign * coef[at + j]! * shift[j]!;
  }
}

/** Adding a number to all intercepts changes nothing: the one with mean 0 is reported, as scikit-learn's. */
function centreIntercepts(coef: Float64Array, q: number): void {
  let mean = 0;
  const k = coef.length / q;
  for (let at = q - 1; at < coef.length; at += q) mean += coef[at]! / k;
  for (let at = q - 1; at < coef.length; at += q) coef[at]! -= mean;
}
