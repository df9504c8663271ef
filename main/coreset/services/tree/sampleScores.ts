import type { FittedBoosting } from '../../../models/tree/boosting/fitted.ts';
import { nClassesOf, type Rows } from '../../rows.ts';
import { probabilities, shareOf } from './pilot.ts';

/** What pilot trees say about each row of a sample. */
export interface SampleScores {
  /** Shape (nRows,): |residual|, or 1 − probability of the row's own class. */
  readonly gradient: Float64Array;
  /** Shape (nRows,): key of the draw, as `TreePilot.visit` gives it. */
  readonly key: Float64Array;
  /** Least and largest prediction of a regression; 0 and 1 for classes. */
  readonly range: readonly [number, number];
}

/** Gradients and keys of all rows from one prediction in WebAssembly: whatever is asked of the sample shares it. */
export async function scoreSample(fitted: FittedBoosting, { X, y }: Rows): Promise<SampleScores> {
  const K = nClassesOf(fitted.target);
  const raw = await fitted.rawScores(X);
  const gradient = new Float64Array(y.length);
  const key = new Float64Array(y.length);
  if (K === 1) {
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0; i < raw.length; i++) {
      low = Math.min(low, raw[i]!);
      high = Math.max(high, raw[i]!);
    }
    for (let i = 0; i < y.length; i++) {
      gradient[i] = Math.abs(raw[i]! - y[i]!);
      key[i] = shareOf(raw[i]!, low, high);
    }
    return { gradient, key, range: [low, high] };
  }
  const p = new Float64Array(K);
  const f = new Float64Array(raw.length / y.length);
  for (let i = 0, at = 0; i < y.length; i++) {
    for (let k = 0; k < f.length; k++) f[k] = raw[at++]!;
    probabilities(f, p);
    const own = p[y[i]!]!;
    gradient[i] = 1 - own;
    key[i] = (y[i]! + own) / K;
  }
  return { gradient, key, range: [0, 1] };
}

/** Squared error or log loss of each row, shape (nRows,). */
export async function rowLosses(fitted: FittedBoosting, rows: Rows): Promise<Float64Array> {
  const { gradient } = await scoreSample(fitted, rows);
  const isRegression = fitted.target.task === 'regression';
  return gradient.map((g) => (isRegression ? g * g : -Math.log(Math.max(1 - g, 1e-12))));
}
