import { AppError } from '../../contract/errors.ts';
import { takeRows, takeValues, type Matrix } from '../../kernels/matrix.ts';
import { permutation, type Rng } from '../../kernels/rng.ts';
import { weightRows, type ClassWeight } from '../linear/classWeight.ts';
import { checkFinite } from '../linear/checkFinite.ts';
import type { FitContext, TargetInfo } from '../estimator.ts';
import type { Network } from './forward.ts';
import type { TrainingRows } from './stepper.ts';

/** Rows with their target on the network's scale: (y − shift) / scale for regression, else the class. */
export interface Labelled extends TrainingRows {
  readonly n: number;
}

/** What the target of a regression is moved by and divided by, so that training does not depend on its unit. */
export interface TargetScale {
  readonly shift: number;
  readonly scale: number;
}

export interface Prepared {
  readonly train: Labelled;
  /** Rows to watch while training; null when there are none. */
  readonly validation: Labelled | null;
  readonly target: TargetScale;
}

/** Rows looked at after every epoch, at most: the curve needs no more. */
const WATCHED_ROWS = 20_000;

/**
 * Leaves rows of weight 0 out, scales weights to mean 1 and the target to mean 0 and deviation 1, and chooses what is
 * watched: the validation rows of the context, or `share` of the rows (then not trained on).
 */
export function prepareRows(
  X: Matrix,
  y: Float64Array,
  target: TargetInfo,
  context: FitContext,
  options: { readonly classWeight: ClassWeight; readonly watchShare: number },
): Prepared {
  const weights = weightRows(y, context.sampleWeight, options.classWeight, target);
  const kept: number[] = [];
  for (let i = 0; i < X.nRows; i++) if (!weights || weights[i]! > 0) kept.push(i);
  const isAll = kept.length === X.nRows;
  const rows = isAll ? X : takeRows(X, kept);
  const values = isAll ? y : takeValues(y, kept);
  const w = weights ? (isAll ? weights : takeValues(weights, kept)) : new Float64Array(y.length).fill(1);
  const scale = target.task === 'regression' ? targetScale(values, w) : { shift: 0, scale: 1 };
  const given = context.validation;
  if (given && given.y.length > 0) {
    // Spread over all: validation rows may be in order of time.
    const size = given.y.length;
    const nSpread = Math.min(WATCHED_ROWS, size);
    const watched = Uint32Array.from({ length: nSpread }, (_, i) => Math.floor((i * size) / nSpread));
    const validation = label(
      takeRows(given.X, watched),
      takeValues(given.y, watched),
      given.sampleWeight && takeValues(given.sampleWeight, watched),
      scale,
    );
    return { train: label(rows, values, w, scale), validation, target: scale };
  }
  const nWatched = Math.floor(options.watchShare * values.length);
  if (nWatched === 0) return { train: label(rows, values, w, scale), validation: null, target: scale };
  const order = permutation(values.length, context.rng.fork('watched rows'));
  const part = (of: Uint32Array) => label(takeRows(rows, of), takeValues(values, of), takeValues(w, of), scale);
  return { train: part(order.subarray(nWatched)), validation: part(order.subarray(0, nWatched)), target: scale };
}

function label(X: Matrix, y: Float64Array, weights: Float64Array | undefined, { shift, scale }: TargetScale): Labelled {
  const n = y.length;
  const w = new Float32Array(n).fill(1);
  if (weights) {
    const mean = weights.reduce((sum, v) => sum + v, 0) / n;
    for (let i = 0; i < n; i++) w[i] = weights[i]! / mean;
  }
  const data = X.data instanceof Float32Array ? X.data : new Float32Array(X.data);
  return { n, X: { data, nRows: n, nCols: X.nCols }, y: Float32Array.from(y, (v) => (v - shift) / scale), w };
}

function targetScale(y: Float64Array, w: Float64Array): TargetScale {
  let [total, mean, square] = [0, 0, 0];
  for (let i = 0; i < y.length; i++) {
    total += w[i]!;
    const gap = y[i]! - mean;
    mean += (w[i]! / total) * gap;
    square += w[i]! * gap * (y[i]! - mean);
  }
  const deviation = Math.sqrt(square / total);
  // A constant target, or one whose spread is only rounding.
  return { shift: mean, scale: deviation > 1e-9 * Math.abs(mean) && deviation > 0 ? deviation : 1 };
}

/**
 * Throws AppError FEATURE_HAS_MISSING naming row and feature when a number is missing. Category codes may be: they have an
 * "unknown" of their own.
 */
export function checkNumbers(X: Matrix, network: Network, context: FitContext): void {
  let sum = 0;
  for (let i = 0; i < X.data.length; i++) sum += X.data[i]!;
  if (Number.isFinite(sum)) return;
  const isCategory = new Set(network.categories.map(({ column }) => column));
  const numbers = X.data.map((value, i) => (isCategory.has(i % X.nCols) ? 0 : Math.fround(value)));
  checkFinite({ ...X, data: numbers }, 'a neural network', context.sampleWeight, context.features);
}

/** The batch size where none is given: about 30 steps an epoch, a power of two from 16 to 256. */
export function batchSizeFor(n: number, given: number | null): number {
  if (given !== null) return Math.min(given, n);
  const power = Math.round(Math.log2(Math.max(1, n / 30)));
  return Math.min(n, 2 ** Math.min(8, Math.max(4, power)));
}

/** Refuses more parameters than memory should hold. */
export function checkSize(nParameters: number): void {
  if (nParameters <= 100_000_000) return;
  throw new AppError({
    code: 'NETWORK_TOO_LARGE',
    message: `The network has ${nParameters.toLocaleString('en')} parameters; at most 100,000,000 fit here.`,
    fix: { kind: 'editConfig', label: 'Use fewer units' },
  });
}

/** Rows in the order of an epoch, determined by the seed and the epoch alone so that a resumed fit sees the same. */
export const epochOrder = (n: number, epoch: number, rng: Rng): Uint32Array =>
  permutation(n, rng.fork(`rows of epoch ${epoch}`));
