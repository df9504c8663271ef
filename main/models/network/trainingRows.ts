import { AppError } from '../../contract/errors.ts';
import { takeRows, takeValues, type Matrix } from '../../kernels/matrix.ts';
import { permutation, type Rng } from '../../kernels/rng.ts';
import { splitHeld, type FitRows } from '../common/holdOut.ts';
import { classFactors, timesFactors, type ClassWeight } from '../linear/classWeight.ts';
import { checkFinite } from '../linear/checkFinite.ts';
import type { FitContext, HoldOut, TargetInfo } from '../estimator.ts';
import type { Network } from './forward.ts';
import type { SingleMatrix, TrainingRows } from './stepper.ts';

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
  /** Rows that are not trained on, by which training chooses; null when it chooses by none. */
  readonly held: Labelled | null;
  readonly target: TargetScale;
}

/**
 * Leaves rows of weight 0 out, scales weights to mean 1 and the target to mean 0 and deviation 1. Everything is learned
 * from the rows trained on, class weights too; held-out rows are measured by the same rule.
 * @param parts the rows to hold out, see common/holdOut.ts
 */
export function prepareRows(
  X: Matrix,
  y: Float64Array,
  target: TargetInfo,
  { sampleWeight }: FitContext,
  { classWeight, parts }: { readonly classWeight: ClassWeight; readonly parts: HoldOut | null },
): Prepared {
  const { train, held } = parts ? splitHeld(X, y, parts) : { train: { X, y, w: sampleWeight }, held: null };
  const factors = classFactors(train.y, train.w, classWeight, target);
  const own = countedRows({ ...train, w: timesFactors(train.y, train.w, factors) });
  const scale = target.task === 'regression' ? targetScale(own.y, own.w) : { shift: 0, scale: 1 };
  const judged = held && countedRows({ ...held, w: timesFactors(held.y, held.w, factors) });
  return { train: label(own, scale), held: judged && judged.y.length > 0 ? label(judged, scale) : null, target: scale };
}

function countedRows({ X, y, w }: FitRows): FitRows {
  if (!w?.some((v) => !(v > 0))) return { X, y, w };
  const kept = Uint32Array.from(w.keys()).filter((i) => w[i]! > 0);
  return { X: takeRows(X, kept), y: takeValues(y, kept), w: takeValues(w, kept) };
}

function label({ X, y, w: weights }: FitRows, { shift, scale }: TargetScale): Labelled {
  const n = y.length;
  const w = new Float32Array(n).fill(1);
  if (weights) {
    const mean = weights.reduce((sum, v) => sum + v, 0) / n;
    for (let i = 0; i < n; i++) w[i] = weights[i]! / mean;
  }
  return { n, X: toSingle(X), y: Float32Array.from(y, (v) => (v - shift) / scale), w };
}

export const toSingle = ({ data, nRows, nCols }: Matrix): SingleMatrix => ({
  data: data instanceof Float32Array ? data : new Float32Array(data),
  nRows,
  nCols,
});

function targetScale(y: Float64Array, w: Float64Array | undefined): TargetScale {
  let [total, mean, square] = [0, 0, 0];
  for (let i = 0; i < y.length; i++) {
    const wi = w ? w[i]! : 1;
    total += wi;
    const gap = y[i]! - mean;
    mean += (wi / total) * gap;
    square += wi * gap * (y[i]! - mean);
  }
  const deviation = Math.sqrt(square / total);
  // A constant target, or one whose spread is only rounding.
  return { shift: mean, scale: deviation > 1e-9 * Math.abs(mean) && deviation > 0 ? deviation : 1 };
}

/**
 * Throws AppError FEATURE_HAS_MISSING naming row and feature when a number is missing. Category codes may be: they have an
 * "unknown" of their own.
 * @param X the rows as given  @param rows what became of them
 */
export function checkNumbers(X: Matrix, { train, held }: Prepared, network: Network, context: FitContext): void {
  let sum = 0;
  for (const { data } of held ? [train.X, held.X] : [train.X]) for (let i = 0; i < data.length; i++) sum += data[i]!;
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
