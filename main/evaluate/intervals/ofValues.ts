import type { Interval } from './interval.ts';
import { ratioInterval } from './ratio.ts';
import { ABSOLUTE_TAIL, skewedInterval, SQUARED_TAIL } from './skewedMean.ts';
import { MIN_ROWS } from './tooFew.ts';

/** Intervals of RMSE, MAE and R²; null with too few rows, and where no row is wrong: nothing says by how much one would be. */
export function valueIntervals(
  predicted: Float64Array,
  y: Float64Array,
  weight?: Float64Array,
): { rmse: Interval | null; mae: Interval | null; r2: Interval | null } {
  if (y.length < MIN_ROWS.rows) return { rmse: null, mae: null, r2: null };
  const n = y.length;
  // Loops, not maps: these are long.
  const [absolute, squared, spread] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  let [sum, total] = [0, 0];
  for (let i = 0; i < n; i++) {
    const w = weight ? weight[i]! : 1;
    sum += w * y[i]!;
    total += w;
  }
  const mean = sum / total;
  for (let i = 0; i < n; i++) {
    const error = predicted[i]! - y[i]!;
    absolute[i] = Math.abs(error);
    squared[i] = error * error;
    spread[i] = (y[i]! - mean) ** 2;
  }
  if (squared.every((v) => v === 0)) return { rmse: null, mae: null, r2: null };
  const { low, high } = skewedInterval(squared, SQUARED_TAIL, weight);
  return {
    rmse: { low: Math.sqrt(low), high: Math.sqrt(high) },
    mae: skewedInterval(absolute, ABSOLUTE_TAIL, weight),
    r2: oneMinus(ratioInterval(squared, spread, weight)),
  };
}

export const oneMinus = ({ low, high }: Interval): Interval => ({ low: 1 - high, high: 1 - low });
