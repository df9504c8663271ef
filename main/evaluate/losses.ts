import type { Matrix } from '../kernels/matrix.ts';

/** Probabilities below this count as this, as in scikit-learn's log_loss. */
export const SMALLEST = 2 ** -52;

/**
 * Per-row negative log probability of the actual class, shape (nSamples,).
 * @param smallest probabilities count as at least this; a training objective passes next to nothing, because a clipped
 * loss has its minimum elsewhere
 */
export function rowLogLoss(proba: Matrix, y: Float64Array, smallest = SMALLEST): Float64Array {
  const { data, nCols } = proba;
  const out = new Float64Array(y.length);
  for (let i = 0; i < y.length; i++) {
    const p = data[i * nCols + y[i]!]!;
    out[i] = -Math.log(Math.min(1 - smallest, Math.max(smallest, p)));
  }
  return out;
}

/** Per-row Brier score: (p − y)² of the last class for two classes, the sum over classes else. Shape (nSamples,). */
export function rowBrier(proba: Matrix, y: Float64Array): Float64Array {
  const { data, nCols } = proba;
  const out = new Float64Array(y.length);
  for (let i = 0; i < y.length; i++) {
    const actual = y[i]!;
    if (nCols === 2) out[i] = (data[i * 2 + 1]! - actual) ** 2;
    else for (let k = 0; k < nCols; k++) out[i]! += (data[i * nCols + k]! - (k === actual ? 1 : 0)) ** 2;
  }
  return out;
}

/** Mean of `values`, weighted when there are weights. */
export function weightedMean(values: Float64Array, weight?: Float64Array): number {
  let total = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const w = weight ? weight[i]! : 1;
    total += w;
    sum += w * values[i]!;
  }
  return sum / total;
}
