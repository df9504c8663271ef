import type { Matrix } from '../../kernels/matrix.ts';
import { permutation, type Rng } from '../../kernels/rng.ts';

export interface SilhouetteRows {
  /** Rows drawn, and the silhouette of each. */
  readonly rows: Uint32Array;
  readonly values: Float64Array;
}

/**
 * Silhouettes (Rousseeuw 1987): (b − a) / max(a, b), a the mean distance to the own cluster, b to the nearest other;
 * 0 for a row alone in its cluster. On at most `maxRows` random rows, since it takes every pair. Null with one cluster.
 */
export function silhouetteRows(
  { data, nCols: d }: Matrix,
  labels: ArrayLike<number>,
  k: number,
  rng: Rng,
  maxRows = 2000,
): SilhouetteRows | null {
  const rows = permutation(labels.length, rng).slice(0, maxRows);
  const counts = new Uint32Array(k);
  for (const row of rows) counts[labels[row]!]!++;
  if (counts.filter((c) => c > 0).length < 2) return null;
  const drawn = new Float64Array(rows.length * d);
  rows.forEach((row, at) => drawn.set(data.subarray(row * d, row * d + d), at * d));
  /** Σ distance of row a to the drawn rows of cluster c, at a·k + c; a pair is looked at once. */
  const sums = new Float64Array(rows.length * k);
  for (let a = 0; a < rows.length; a++) {
    const [x, own] = [drawn.subarray(a * d, a * d + d), labels[rows[a]!]!];
    for (let b = a + 1, from = b * d; b < rows.length; b++, from += d) {
      let square = 0;
      for (let f = 0; f < d; f++) square += (x[f]! - drawn[from + f]!) ** 2;
      const distance = Math.sqrt(square);
      sums[a * k + labels[rows[b]!]!]! += distance;
      sums[b * k + own]! += distance;
    }
  }
  const values = Float64Array.from(rows, (row, at) => {
    const own = labels[row]!;
    if (counts[own]! < 2) return 0;
    const a = sums[at * k + own]! / (counts[own]! - 1);
    let b = Infinity;
    for (let c = 0; c < k; c++) if (c !== own && counts[c]! > 0) b = Math.min(b, sums[at * k + c]! / counts[c]!);
    return (b - a) / Math.max(a, b, 1e-300);
  });
  return { rows, values };
}

/** Mean silhouette of at most `maxRows` random rows; null with one cluster. */
export function silhouette(X: Matrix, labels: ArrayLike<number>, k: number, rng: Rng, maxRows = 2000): number | null {
  const found = silhouetteRows(X, labels, k, rng, maxRows);
  return found && found.values.reduce((sum, v) => sum + v, 0) / found.values.length;
}
