import type { Matrix } from '../../kernels/matrix.ts';
import { permutation, type Rng } from '../../kernels/rng.ts';

/**
 * Mean silhouette (Rousseeuw 1987): (b − a) / max(a, b), a the mean distance to the own cluster, b to the nearest other;
 * 0 for a row alone in its cluster. On at most `maxRows` random rows, since it takes every pair. Null with one cluster.
 */
export function silhouette(
  { data, nCols: d }: Matrix,
  labels: Int32Array,
  k: number,
  rng: Rng,
  maxRows = 2000,
): number | null {
  const rows = permutation(labels.length, rng).subarray(0, maxRows);
  const counts = new Uint32Array(k);
  for (const row of rows) counts[labels[row]!]!++;
  if (counts.filter((c) => c > 0).length < 2) return null;
  const sums = new Float64Array(k);
  let total = 0;
  for (const i of rows) {
    sums.fill(0);
    for (const j of rows) {
      let square = 0;
      for (let f = 0; f < d; f++) square += (data[i * d + f]! - data[j * d + f]!) ** 2;
      sums[labels[j]!]! += Math.sqrt(square);
    }
    const own = labels[i]!;
    if (counts[own]! < 2) continue;
    const a = sums[own]! / (counts[own]! - 1);
    let b = Infinity;
    for (let c = 0; c < k; c++) if (c !== own && counts[c]! > 0) b = Math.min(b, sums[c]! / counts[c]!);
    total += (b - a) / Math.max(a, b, 1e-300);
  }
  return total / rows.length;
}
