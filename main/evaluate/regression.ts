/**
 * RMSE, MAE and R², weighted.
 * @param predicted shape (nSamples,)  @param y shape (nSamples,)
 */
export function regressionMetrics(
  predicted: Float64Array,
  y: Float64Array,
  weight?: Float64Array,
): Record<string, number> {
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
  return {
    rmse: Math.sqrt(squares / total),
    mae: absolute / total,
    ...(spread > 0 && { r2: 1 - squares / spread }),
  };
}
