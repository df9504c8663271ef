import type { Matrix } from '../../kernels/matrix.ts';
import { SMALLEST } from '../losses.ts';
import { effectiveRows, type Interval } from './interval.ts';
import { jeffreys } from './proportion.ts';
import { studentQuantile } from './quantiles.ts';

/**
 * Interval of a mean loss m of probabilities: m · exp(± t √(V/n) / m), t on the log scale because losses are skewed. V is
 * the larger of the sample's variance and the one the model itself foresees, which knows of losses that the sample was
 * too small to show: mean over rows of Var(loss | p) plus the variance over rows of E(loss | p).
 * @param loss of each row, shape (nSamples,)  @param foreseen were the model's probabilities right  @param most a row can lose
 */
export function lossInterval(
  loss: Float64Array,
  { mean: expected, variance: given }: Foreseen,
  most: number,
  weight?: Float64Array,
): Interval {
  let [sum, squares, m, h] = [0, 0, 0, 0];
  for (let i = 0; i < loss.length; i++) {
    const w = weight ? weight[i]! : 1;
    sum += w;
    squares += w * w;
    m += w * loss[i]!;
    h += w * expected[i]!;
  }
  m /= sum;
  h /= sum;
  let [own, between, within] = [0, 0, 0];
  for (let i = 0; i < loss.length; i++) {
    const w = weight ? weight[i]! : 1;
    own += w * (loss[i]! - m) ** 2;
    between += w * (expected[i]! - h) ** 2;
    within += w * given[i]!;
  }
  const n = effectiveRows(sum, squares);
  const variance = Math.max((own / sum) * (n / (n - 1)), (within + between) / sum);
  // Of all losses with this mean, those of nothing or everything vary most; where no row lost anything they are all there is.
  const cap = Math.max(m, most * jeffreys(Math.min(1, m / most), n).high);
  if (!(m > 0)) return { low: 0, high: cap };
  const factor = Math.exp((studentQuantile(n - 1) * Math.sqrt(variance / n)) / m);
  return { low: m / factor, high: Math.min(m * factor, cap) };
}

/** What the model expects of each row's loss: its mean and variance, shape (nSamples,), were its probabilities right. */
export interface Foreseen {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Of the negative log probability of the actual class. */
export function foreseenLogLoss({ data, nRows, nCols }: Matrix): Foreseen {
  const mean = new Float64Array(nRows);
  const variance = new Float64Array(nRows);
  for (let i = 0; i < nRows; i++) {
    let [first, second] = [0, 0];
    for (let k = 0; k < nCols; k++) {
      const p = data[i * nCols + k]!;
      const loss = -Math.log(p < SMALLEST ? SMALLEST : p > 1 - SMALLEST ? 1 - SMALLEST : p);
      first += p * loss;
      second += p * loss * loss;
    }
    mean[i] = first;
    variance[i] = Math.max(0, second - first * first);
  }
  return { mean, variance };
}

/** Of the Brier score: with class k it is Σp² − 2p_k + 1 (half of that for two classes), whose moments are sums of powers. */
export function foreseenBrier({ data, nRows, nCols }: Matrix): Foreseen {
  const mean = new Float64Array(nRows);
  const variance = new Float64Array(nRows);
  const half = nCols === 2 ? 0.5 : 1;
  for (let i = 0; i < nRows; i++) {
    let [squares, cubes] = [0, 0];
    for (let k = 0; k < nCols; k++) {
      const p = data[i * nCols + k]!;
      squares += p * p;
      cubes += p * p * p;
    }
    mean[i] = half * (1 - squares);
    variance[i] = 4 * half * half * Math.max(0, cubes - squares * squares);
  }
  return { mean, variance };
}
