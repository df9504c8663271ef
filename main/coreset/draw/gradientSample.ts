import type { Matrix } from '../../kernels/matrix.ts';
import type { Rng } from '../../kernels/rng.ts';
import type { Fitted, TargetInfo } from '../../models/estimator.ts';
import { systematicDraw } from './systematic.ts';

/** Share of the draw that follows the gradients; the rest is even, so that easy rows stay represented. */
const GRADIENT_SHARE = 0.7;

/**
 * Rows for trees: inclusion in proportion to 0.7·|g|/Σ|g| + 0.3/n, where g is the gradient of the loss at a pilot
 * (after GOSS: Ke et al. 2017), drawn systematically along the pilot's prediction. Weights are 1/π scaled to mean 1:
 * scaled to n/m they would undo the regularisation of leaves.
 * @param X,y shapes (n, d) and (n,)
 * @returns row numbers, ascending, and their weights
 */
export async function gradientSample(
  pilot: Fitted,
  X: Matrix,
  y: Float64Array,
  target: TargetInfo,
  size: number,
  rng: Rng,
): Promise<{ rows: Uint32Array; weight: Float64Array }> {
  const { gradient, key } = await gradients(pilot, X, y, target);
  const n = y.length;
  const pi = inclusion(gradient, size, n);
  const rows = systematicDraw(pi, key, rng);
  const weight = Float64Array.from(rows, (i) => 1 / pi[i]!);
  const mean = weight.reduce((a, b) => a + b, 0) / weight.length;
  return { rows, weight: weight.map((w) => w / mean) };
}

/** Probabilities with sum `size`, none above 1: what certain rows leave over is given to the others. */
function inclusion(gradient: Float64Array, size: number, n: number): Float64Array {
  const total = gradient.reduce((a, b) => a + b, 0);
  const score = gradient.map((g) => (total > 0 ? (GRADIENT_SHARE * g) / total : 0) + (1 - GRADIENT_SHARE) / n);
  let scale = size;
  for (let round = 0; round < 20; round++) {
    let certain = 0;
    let open = 0;
    for (const s of score) {
      if (scale * s >= 1) certain++;
      else open += s;
    }
    const next = open > 0 ? (size - certain) / open : scale;
    if (Math.abs(next - scale) <= 1e-9 * scale) break;
    scale = next;
  }
  return score.map((s) => Math.min(1, scale * s));
}

/** |gradient| of the loss of each row, and where the pilot's prediction lies, in [0, 1]. */
async function gradients(pilot: Fitted, X: Matrix, y: Float64Array, target: TargetInfo) {
  const gradient = new Float64Array(y.length);
  if (target.task === 'regression') {
    const predicted = await pilot.predict(X);
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0; i < y.length; i++) {
      gradient[i] = Math.abs(y[i]! - predicted[i]!);
      low = Math.min(low, predicted[i]!);
      high = Math.max(high, predicted[i]!);
    }
    return { gradient, key: predicted.map((v) => (high > low ? (v - low) / (high - low) : 0)) };
  }
  const { data, nCols } = await pilot.predictProba(X);
  const key = new Float64Array(y.length);
  for (let i = 0; i < y.length; i++) {
    const p = data[i * nCols + y[i]!]!;
    gradient[i] = 1 - p;
    // Classes stay apart; within one, hard rows and easy ones.
    key[i] = (y[i]! + p) / nCols;
  }
  return { gradient, key };
}
