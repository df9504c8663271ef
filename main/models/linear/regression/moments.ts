import type { Matrix } from '../../../kernels/matrix.ts';
import { gramOf } from './gram.ts';

/** All that a least squares model needs to know of its rows. Centred when it has an intercept, raw when not. */
export interface Moments {
  readonly d: number;
  /** Σ w (x − x̄)(x − x̄)ᵀ, shape (d, d). */
  readonly gram: Float64Array;
  /** Σ w (x − x̄)(y − ȳ), shape (d,). */
  readonly xy: Float64Array;
  /** Σ w (y − ȳ)². */
  readonly yy: number;
  readonly sumWeights: number;
  /** Zeros without an intercept. */
  readonly meanX: Float64Array;
  readonly meanY: number;
  /** Whether float32 products were used. */
  readonly isRough: boolean;
}

export interface MomentOptions {
  readonly fitIntercept: boolean;
  readonly threads: number;
  /** Forbids float32 products. */
  readonly isExact?: boolean;
}

export async function momentsOf(
  X: Matrix,
  y: Float64Array,
  weights: Float64Array | undefined,
  { fitIntercept, threads, isExact = false }: MomentOptions,
): Promise<Moments> {
  const d = X.nCols;
  // About the means: whatever the shift, the exact means come out of the sums and correct it.
  const { meanX: shift, meanY: yShift } = fitIntercept
    ? roughMeans(X, y, weights)
    : { meanX: new Float64Array(d), meanY: 0 };
  const centred = new Float64Array(y.length);
  for (let i = 0; i < y.length; i++) if (!weights || weights[i] !== 0) centred[i] = y[i]! - yShift;
  const G = await gramOf({ X, shift, extras: [centred], weights }, threads, isExact);
  const width = d + 2;
  const sumWeights = G[d * width + d]!;
  const mean = (j: number) => (fitIntercept ? G[d * width + j]! / sumWeights : 0);
  const gram = new Float64Array(d * d);
  const xy = new Float64Array(d);
  const my = mean(d + 1);
  for (let j = 0; j < d; j++) {
    for (let k = 0; k < d; k++) gram[j * d + k] = G[j * width + k]! - sumWeights * mean(j) * mean(k);
    xy[j] = G[j * width + d + 1]! - sumWeights * mean(j) * my;
  }
  return {
    d,
    gram,
    xy,
    yy: G[(d + 1) * width + d + 1]! - sumWeights * my * my,
    sumWeights,
    meanX: shift.map((s, j) => s + mean(j)),
    meanY: yShift + my,
    isRough: !isExact && (X.nRows * width * width) / 2 > 4e8,
  };
}

/** Means over up to about 4,000 rows spread over all. */
export function roughMeans(
  { data, nRows, nCols }: Matrix,
  y: Float64Array,
  weights: Float64Array | undefined,
): { readonly meanX: Float64Array; readonly meanY: number } {
  const step = Math.max(1, Math.floor(nRows / 4000));
  const meanX = new Float64Array(nCols);
  let [meanY, total] = [0, 0];
  for (let i = 0; i < nRows; i += step) {
    const w = weights ? weights[i]! : 1;
    if (w === 0) continue;
    total += w;
    for (let j = 0; j < nCols; j++) meanX[j]! += (w / total) * (data[i * nCols + j]! - meanX[j]!);
    meanY += (w / total) * (y[i]! - meanY);
  }
  return { meanX, meanY };
}
