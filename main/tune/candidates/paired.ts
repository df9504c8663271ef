/** A mean with its 95 % interval. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** 97.5 % points of Student's t by degrees of freedom 1 … 30; 1.96 beyond. */
const T975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/**
 * Mean of fold scores, or of differences of scores on the same folds, with the corrected interval of Nadeau & Bengio
 * (2003): folds share training rows, so the variance of the mean is not s²/k but (1/k + nTest/nTrain) s².
 * The interval is infinite for one fold.
 */
export function foldInterval(values: readonly number[], testShare: number): MeanInterval {
  const k = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / k;
  if (k < 2) return { mean, low: -Infinity, high: Infinity };
  const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / (k - 1);
  const half = (T975[k - 2] ?? 1.96) * Math.sqrt(variance * (1 / k + testShare / (1 - testShare)));
  return { mean, low: mean - half, high: mean + half };
}
