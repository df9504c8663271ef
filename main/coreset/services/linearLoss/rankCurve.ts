import type { WeightedRows } from '../../rows.ts';
import { scores } from './density.ts';

/** Knots of each class: quantiles 1/32 … 31/32 of its scores. */
const N_KNOTS = 31;
/** Every fourth of them carries a hat. */
const STEP = 4;
const N_HATS = 7;

/** Statistics of a row: y·p, its place among the other class's scores by class, and hats by class. */
export const N_RANK = 3 + 2 * N_HATS;

/**
 * Knots of two classes, shape (2, 31): quantiles of the score of `beta` over weighted rows of the class. Empty where a class
 * has no rows.
 */
export function rankKnots({ X, y, weight }: WeightedRows, beta: Float64Array): Float64Array {
  const f = new Float64Array(1);
  const byClass: [number, number][][] = [[], []];
  for (let i = 0; i < X.nRows; i++) {
    if (!(weight[i]! > 0)) continue;
    scores(X.data, i * X.nCols, X.nCols, beta, 1, f);
    byClass[y[i]!]!.push([f[0]!, weight[i]!]);
  }
  if (byClass.some((rows) => rows.length === 0)) return new Float64Array(0);
  const knots = new Float64Array(2 * N_KNOTS);
  byClass.forEach((rows, k) => {
    rows.sort((a, b) => a[0] - b[0]);
    const mass = rows.reduce((sum, [, w]) => sum + w, 0);
    let at = 0;
    let below = rows[0]![1];
    for (let j = 0; j < N_KNOTS; j++) {
      while (below < (mass * (j + 1)) / (N_KNOTS + 1) && at < rows.length - 1) below += rows[++at]![1];
      knots[k * N_KNOTS + j] = rows[at]![0];
    }
  });
  return knots;
}

/**
 * Adds a row's rank statistics. The area under the ROC curve is a sum over pairs of rows; to first order (Hájek's projection)
 * it is a sum over rows: of the share of negatives a positive lies above, and of positives a negative lies below. Weights that
 * reproduce that sum, and the distribution of scores in each class roughly (the hats), reproduce the area.
 * @param f score of the pilot
 * @param p its probability of class 1
 */
export function addRank(
  knots: Float64Array,
  sums: Float64Array,
  at: number,
  w: number,
  y: number,
  f: number,
  p: number,
) {
  const own = y * N_KNOTS;
  const other = N_KNOTS - own;
  sums[at]! += w * y * p;
  sums[at + 1 + y]! += w * (placeAmong(knots, other, 1, N_KNOTS, f) / (N_KNOTS + 1));
  const place = placeAmong(knots, own + STEP - 1, STEP, N_HATS, f) - 1;
  const hat = at + 3 + y * N_HATS;
  const k = Math.max(0, Math.min(N_HATS - 2, Math.floor(place)));
  const t = Math.max(0, Math.min(1, place - k));
  sums[hat + k]! += w * (1 - t);
  sums[hat + k + 1]! += w * t;
}

/** Number of `n` ascending knots at or below `f`, with the share of the way to the next; between ½ and n + ½. */
function placeAmong(knots: Float64Array, from: number, step: number, n: number, f: number): number {
  if (!(f > knots[from]!)) return 0.5;
  if (f >= knots[from + (n - 1) * step]!) return n + 0.5;
  let [low, high] = [0, n - 1];
  while (high - low > 1) {
    const mid = (low + high) >> 1;
    if (f > knots[from + mid * step]!) low = mid;
    else high = mid;
  }
  const below = knots[from + low * step]!;
  return low + 1 + (f - below) / (knots[from + high * step]! - below);
}
