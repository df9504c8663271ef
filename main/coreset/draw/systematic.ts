import { permutation, type Rng } from '../../kernels/rng.ts';

/** Above this many rows the order is kept by bins, not by a sort. */
const SORT_UP_TO = 8192;
const N_BINS = 8192;

/**
 * Systematic sampling: one random start, then every row at which the running sum of `pi` passes another whole number.
 * Rows are taken in the order of `key` (random among equals), so that the sample is spread evenly over it.
 * @param key shape (n,), in [0, 1]
 * @returns the rows drawn, ascending; about Σπ of them, rows with π = 1 always
 */
export function systematicDraw(pi: Float64Array, key: Float64Array, rng: Rng): Uint32Array {
  const order = orderBy(key, rng);
  const out: number[] = [];
  let at = rng.uniform();
  let sum = 0;
  for (const i of order) {
    const p = pi[i]!;
    // Certain rows stand outside the sum: rounding can then never lose one.
    if (p >= 1) out.push(i);
    else {
      sum += p;
      if (sum > at) {
        out.push(i);
        at++;
      }
    }
  }
  return Uint32Array.from(out).sort();
}

/** Row numbers by ascending key, equals in random order. */
function orderBy(key: Float64Array, rng: Rng): Uint32Array {
  const n = key.length;
  const order = permutation(n, rng);
  if (n <= SORT_UP_TO) return order.sort((a, b) => key[a]! - key[b]!);
  const start = new Uint32Array(N_BINS + 1);
  const bin = (i: number) => Math.max(0, Math.min(N_BINS - 1, Math.floor(key[i]! * N_BINS)));
  for (let i = 0; i < n; i++) start[bin(i) + 1]!++;
  for (let b = 0; b < N_BINS; b++) start[b + 1]! += start[b]!;
  const sorted = new Uint32Array(n);
  for (const i of order) sorted[start[bin(i)]!++] = i;
  return sorted;
}
