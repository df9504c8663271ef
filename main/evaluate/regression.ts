import type { Scores } from '../contract/metrics.ts';
import { defined } from './confusion.ts';

/**
 * RMSE, MAE and R², weighted; R² is left out where the target does not vary.
 * @param predicted shape (nSamples,)  @param y shape (nSamples,)
 */
export function regressionScores(predicted: Float64Array, y: Float64Array, weight?: Float64Array): Scores {
  let total = 0;
  let sumY = 0;
  let squares = 0;
  let absolute = 0;
  for (let i = 0; i < y.length; i++) {
    const w = weight ? weight[i]! : 1;
    const error = predicted[i]! - y[i]!;
    total += w;
    sumY += w * y[i]!;
    squares += w * error * error;
    absolute += w * Math.abs(error);
  }
  const mean = sumY / total;
  let spread = 0;
  for (let i = 0; i < y.length; i++) spread += (weight ? weight[i]! : 1) * (y[i]! - mean) ** 2;
  return defined({
    rmse: Math.sqrt(squares / total),
    mae: absolute / total,
    r2: spread > 0 ? 1 - squares / spread : undefined,
  });
}
