import { inclusionProbabilities } from '../../../main/coreset/draw/inclusion.ts';
import { systematicDraw } from '../../../main/coreset/draw/systematic.ts';
import type { WeightedRows } from '../../../main/coreset/rows.ts';
import { addGram, mirrorLower } from '../../../main/kernels/linalg/gram.ts';
import { flooredInverseRoot } from '../../../main/kernels/linalg/inverseRoot.ts';
import { takeRows, takeValues, type Matrix } from '../../../main/kernels/matrix.ts';
import { createRng, permutation } from '../../../main/kernels/rng.ts';
import type { CoresetData } from './coresetData.ts';

/** What coresets are compared with: rows and weights of `size` rows for a seed. */
export type Sampler = (size: number, seed: number) => WeightedRows;

/** Samplers by name; the scores of those that need any are computed once. */
export function samplersOf(data: CoresetData): Readonly<Record<string, Sampler>> {
  const isClasses = data.target.task !== 'regression';
  const leverage = leverageScores(data.X);
  const byScore = (score: Float64Array): Sampler => {
    return (size, seed) => {
      const rng = createRng(seed).fork('scores');
      const pi = inclusionProbabilities(score, size);
      const ids = systematicDraw(pi, new Float64Array(pi.length), rng);
      return take(
        data,
        ids,
        Float64Array.from(ids, (i) => 1 / pi[i]!),
      );
    };
  };
  return {
    uniform: (size, seed) => within(data, size, seed, () => 0),
    ...(isClasses && { stratified: (size, seed) => within(data, size, seed, (i) => data.y[i]!) }),
    leverage: byScore(leverage),
    // Munteanu, Schwiegelshohn, Sohler & Woodruff 2018: √leverage + 1/n.
    ...(isClasses && { rootLeverage: byScore(leverage.map((l) => Math.sqrt(l) + 1 / data.y.length)) }),
    ...(isClasses && { lewis: byScore(lewisWeights(data.X, leverage)) }),
  };
}

/** Rows drawn evenly within each group; weights are what each stands for. */
function within(data: CoresetData, size: number, seed: number, groupOf: (row: number) => number): WeightedRows {
  const groups = new Map<number, number[]>();
  for (const i of permutation(data.y.length, createRng(seed).fork('within'))) {
    const rows = groups.get(groupOf(i));
    if (rows) rows.push(i);
    else groups.set(groupOf(i), [i]);
  }
  const ids: number[] = [];
  const weight: number[] = [];
  for (const rows of groups.values()) {
    const k = Math.min(rows.length, Math.max(2, Math.round((size * rows.length) / data.y.length)));
    for (let i = 0; i < k; i++) {
      ids.push(rows[i]!);
      weight.push(rows.length / k);
    }
  }
  return take(data, Uint32Array.from(ids), Float64Array.from(weight));
}

const take = ({ X, y }: CoresetData, ids: Uint32Array, weight: Float64Array): WeightedRows => ({
  X: takeRows(X, ids),
  y: takeValues(y, ids),
  weight,
});

/** aᵀ(AᵀA)⁻¹a of each row a = [x, 1], shape (n,). */
function leverageScores(X: Matrix, divisor?: Float64Array): Float64Array {
  const q = X.nCols + 1;
  const gram = new Float64Array(q * q);
  addGram(
    X,
    divisor?.map((w) => 1 / w),
    gram,
  );
  mirrorLower(gram, q);
  const W = flooredInverseRoot(gram, q);
  const out = new Float64Array(X.nRows);
  const columns = new Float64Array(q * q);
  for (let k = 0; k < q; k++) for (let j = 0; j < q; j++) columns[j * q + k] = W[k * q + j]!;
  const dots = new Float64Array(q);
  for (let i = 0; i < X.nRows; i++) {
    for (let k = 0; k < q; k++) dots[k] = columns[(q - 1) * q + k]!;
    for (let j = 0; j < q - 1; j++) {
      const x = X.data[i * X.nCols + j]!;
      if (x === 0) continue;
      for (let k = 0; k < q; k++) dots[k]! += x * columns[j * q + k]!;
    }
    for (let k = 0; k < q; k++) out[i]! += dots[k]! ** 2;
  }
  return out;
}

/** ℓ1 Lewis weights w = √(aᵀ(AᵀW⁻¹A)⁻¹a) by the fixed point of Cohen & Peng 2015 (Mai, Musco & Rao 2021). */
function lewisWeights(X: Matrix, leverage: Float64Array): Float64Array {
  let w = leverage.map((l) => Math.sqrt(Math.max(l, 1e-12)));
  for (let round = 0; round < 8; round++) {
    w = leverageScores(X, w).map((l) => Math.sqrt(Math.max(l, 1e-24)));
  }
  return w;
}
