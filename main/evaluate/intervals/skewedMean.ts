import { effectiveRows, type Interval } from './interval.ts';
import { studentQuantile } from './quantiles.ts';

/**
 * Interval of the mean m of values ≥ 0 with a long tail (squared or absolute errors): m · exp(± t se / m). A sample seldom
 * holds the tail's largest values, so before the upper end is computed one pseudo-row of `tail` times the largest value
 * seen is added, as adjusted empirical likelihood adds one (Chen, Variyath & Abraham 2008), and t has as few degrees of
 * freedom as there are rows that carry the mean.
 */
export function skewedInterval(values: Float64Array, tail: (n: number) => number, weight?: Float64Array): Interval {
  let [sum, squares, m, most] = [0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const w = weight ? weight[i]! : 1;
    sum += w;
    squares += w * w;
    m += w * values[i]!;
    if (w > 0 && values[i]! > most) most = values[i]!;
  }
  m /= sum;
  let [deviations, powers] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const w = weight ? weight[i]! : 1;
    deviations += w * (values[i]! - m) ** 2;
    powers += (w * values[i]!) ** 2;
  }
  if (!(m > 0)) return { low: 0, high: 0 };
  const n = effectiveRows(sum, squares);
  // Sum of squares about the mean, in rows.
  const spread = (deviations / sum) * n;
  const end = (mean: number, about: number, rows: number, df: number, sign: 1 | -1) =>
    mean * Math.exp((sign * studentQuantile(df) * Math.sqrt(about / (rows - 1) / rows)) / mean);
  const behind = effectiveRows(m * sum, powers);
  const extreme = tail(n) * most;
  const withExtreme = spread + (n / (n + 1)) * (extreme - m) ** 2;
  return {
    low: end(m, spread, n, n - 1, -1),
    high: end((n * m + extreme) / (n + 1), withExtreme, n + 1, Math.max(1, Math.min(n, PER_ROW_BEHIND * behind)), 1),
  };
}

/**
 * Degrees of freedom for each row that the mean comes from, (Σv)²/Σv²: where few rows carry it, less is known of it. Squares
 * of normal errors come from a third of the rows. As chosen by measured coverage.
 */
const PER_ROW_BEHIND = 2;

/** Pseudo-rows as chosen by measured coverage; squared errors have the longer tail. */
export const SQUARED_TAIL = (n: number): number => 2 + 60 / n;
export const ABSOLUTE_TAIL = (): number => 1;

/** Student's interval of a mean without a long tail. */
export function meanInterval(values: Float64Array): Interval {
  const n = values.length;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  const half = studentQuantile(n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { low: mean - half, high: mean + half };
}
