import { createRng, permutation } from '../../kernels/rng.ts';
import type { TargetInfo } from '../estimator.ts';

/** What target encoding learns from. */
export interface TrainingTarget {
  readonly info: TargetInfo;
  /** Shape (nRows,): class index or value, no missing ones. */
  readonly y: Float64Array;
  /** Shape (nRows,), not negative; absent means all ones. A row of weight 0 counts as absent. */
  readonly weight?: Float64Array;
}

/** `auto`: empirical Bayes, each level by its own spread; a number m: as many rows at the prior mean. */
export type Smoothing = 'auto' | number;

/** Folds of the training rows' encodings, as scikit-learn's default. */
const N_FOLDS = 5;
/** The same folds for the same number of rows: fitting twice gives the same numbers. */
const FOLD_SEED = 0;

/** Encodings of levels and of anything that is no level. */
export interface Encodings {
  /** Shape (nLevels, nOutputs). */
  readonly values: Float64Array;
  /** Mean of the target over all rows, shape (nOutputs,). */
  readonly prior: Float64Array;
}

/** Features of an encoded column: one, or one per class of more than two. */
export const nOutputsOf = (info: TargetInfo): number =>
  info.task === 'multiclass' && info.nClasses > 2 ? info.nClasses : 1;

/**
 * Mean target of each level, drawn towards the mean of all rows: λ·mean + (1 − λ)·prior, where λ is
 * Σw·σ² / (Σw·σ² + σ²ₗ) with variances σ² of all rows and σ²ₗ within the level, or Σw / (Σw + m) (Micci-Barreca 2001; the
 * formulas of scikit-learn's TargetEncoder). Levels without rows get the prior.
 * @param codes shape (nRows,), −1 for rows of no level
 * @param leftOut rows that do not count
 */
export function encodeLevels(
  codes: Int32Array,
  nLevels: number,
  target: TrainingTarget,
  smoothing: Smoothing,
  leftOut?: (row: number) => boolean,
): Encodings {
  const nOutputs = nOutputsOf(target.info);
  const { weight, y } = target;
  // The last place is that of all rows.
  const mass = new Float64Array(nLevels + 1);
  const mean = new Float64Array((nLevels + 1) * nOutputs);
  const eachRow = (visit: (level: number, value: number, w: number) => void) => {
    for (let i = 0; i < y.length; i++) {
      const w = weight ? weight[i]! : 1;
      if (w === 0 || leftOut?.(i)) continue;
      if (codes[i]! >= 0) visit(codes[i]!, y[i]!, w);
      visit(nLevels, y[i]!, w);
    }
  };
  eachRow((level, value, w) => {
    mass[level]! += w;
    if (nOutputs > 1) mean[level * nOutputs + value]! += w;
    else mean[level]! += w * value;
  });
  for (let at = 0; at < mean.length; at++) mean[at]! /= mass[Math.floor(at / nOutputs)]!;
  const variance = new Float64Array(mean.length);
  // Of an indicator it is p(1 − p); of numbers in a second pass, because one pass would cancel.
  if (target.info.task !== 'regression')
    for (let at = 0; at < mean.length; at++) variance[at] = mean[at]! * (1 - mean[at]!);
  else {
    eachRow((level, value, w) => (variance[level]! += w * (value - mean[level]!) ** 2));
    for (let at = 0; at < variance.length; at++) variance[at]! /= mass[at]!;
  }
  const prior = mean.slice(nLevels * nOutputs);
  const values = new Float64Array(nLevels * nOutputs);
  for (let at = 0; at < values.length; at++) {
    const k = at % nOutputs;
    const w = mass[Math.floor(at / nOutputs)]!;
    const strength = smoothing === 'auto' ? w * variance[nLevels * nOutputs + k]! : w;
    const share = strength / (strength + (smoothing === 'auto' ? variance[at]! : smoothing));
    // 0/0: a level without rows, or a target without spread.
    values[at] = w > 0 && !Number.isNaN(share) ? share * mean[at]! + (1 - share) * prior[k]! : prior[k]!;
  }
  return { values, prior };
}

/**
 * Encodings of the training rows themselves, shape (nRows, nOutputs): each fold's rows by the other folds, so that no row's
 * own target is in its feature.
 */
export function crossEncode(
  codes: Int32Array,
  nLevels: number,
  target: TrainingTarget,
  smoothing: Smoothing,
): Float64Array {
  const nOutputs = nOutputsOf(target.info);
  const foldOf = foldsOf(target);
  const out = new Float64Array(codes.length * nOutputs);
  const whole = encodeLevels(codes, 0, target, smoothing).prior;
  for (let fold = 0; fold < N_FOLDS; fold++) {
    const { values, prior } = encodeLevels(codes, nLevels, target, smoothing, (i) => foldOf[i] === fold);
    // So few rows that there is nothing outside this fold.
    const fallback = Number.isNaN(prior[0]!) ? whole : prior;
    for (let i = 0; i < codes.length; i++) {
      if (foldOf[i] !== fold) continue;
      const isKnown = codes[i]! >= 0 && !Number.isNaN(prior[0]!);
      for (let k = 0; k < nOutputs; k++)
        out[i * nOutputs + k] = isKnown ? values[codes[i]! * nOutputs + k]! : fallback[k]!;
    }
  }
  return out;
}

/** Fold of each row: at random, with equal class shares. */
export function foldsOf({ info, y }: TrainingTarget): Uint8Array {
  const order = permutation(y.length, createRng(FOLD_SEED).fork('target encoding'));
  const foldOf = new Uint8Array(y.length);
  if (info.task === 'regression') for (let k = 0; k < order.length; k++) foldOf[order[k]!] = k % N_FOLDS;
  else {
    const nOfClass = new Uint32Array(info.nClasses);
    for (const i of order) foldOf[i] = nOfClass[y[i]!]!++ % N_FOLDS;
  }
  return foldOf;
}
