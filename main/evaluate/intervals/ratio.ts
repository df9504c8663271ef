import { effectiveRows, type Interval } from './interval.ts';
import { studentQuantile } from './quantiles.ts';

/**
 * Interval of the ratio of two means over the same rows, Σ above / Σ below (1 − R²): t on its logarithm, with the delta
 * method's standard error from above/mean − below/mean. As for other skewed means a pseudo-row of the largest value seen
 * is added: to `above` for the upper end, to `below` for the lower.
 * @param above shape (nSamples,), ≥ 0  @param below shape (nSamples,), ≥ 0, not all 0
 */
export function ratioInterval(above: Float64Array, below: Float64Array, weight?: Float64Array): Interval {
  let [sum, squares, a, b, mostA, mostB] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < above.length; i++) {
    const w = weight ? weight[i]! : 1;
    sum += w;
    squares += w * w;
    a += w * above[i]!;
    b += w * below[i]!;
    if (w > 0 && above[i]! > mostA) mostA = above[i]!;
    if (w > 0 && below[i]! > mostB) mostB = below[i]!;
  }
  a /= sum;
  b /= sum;
  if (!(a > 0)) return { low: 0, high: 0 };
  let [aa, bb, ab] = [0, 0, 0];
  for (let i = 0; i < above.length; i++) {
    const w = (weight ? weight[i]! : 1) / sum;
    aa += w * (above[i]! - a) ** 2;
    bb += w * (below[i]! - b) ** 2;
    ab += w * (above[i]! - a) * (below[i]! - b);
  }
  const n = effectiveRows(sum, squares);
  const end = (x: number, y: number, sign: 1 | -1): number => {
    // Moments with the pseudo-row (x, y) among n + 1 rows.
    const [meanA, meanB] = [(n * a + x) / (n + 1), (n * b + y) / (n + 1)];
    const share = n / (n + 1);
    const [da, db] = [x - a, y - b];
    const more = share / (n + 1);
    const varA = share * aa + more * da * da;
    const varB = share * bb + more * db * db;
    const covariance = share * ab + more * da * db;
    const variance = varA / meanA ** 2 + varB / meanB ** 2 - (2 * covariance) / (meanA * meanB);
    const half = studentQuantile(n) * Math.sqrt(Math.max(0, variance) / n);
    return (meanA / meanB) * Math.exp(sign * half);
  };
  return { low: end(a, mostB, -1), high: end(mostA, b, 1) };
}
