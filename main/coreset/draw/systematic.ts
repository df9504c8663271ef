import { permutation, type Rng } from '../../kernels/rng.ts';

/** Above this many rows the order within a bin of keys is left to chance, as among equals. */
const EXACT_UP_TO = 8192;
const N_BINS = 8192;
/** Fuller bins than this are not put in order by insertion. */
const MOST_INSERTED = 64;

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
  for (let k = 0; k < order.length; k++) {
    const i = order[k]!;
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
  const start = new Uint32Array(N_BINS + 1);
  const bins = new Uint16Array(n);
  for (let i = 0; i < n; i++) {
    const bin = Math.max(0, Math.min(N_BINS - 1, Math.floor(key[i]! * N_BINS)));
    bins[i] = bin;
    start[bin + 1]!++;
  }
  let fullest = 0;
  for (let b = 0; b < N_BINS; b++) {
    fullest = Math.max(fullest, start[b + 1]!);
    start[b + 1]! += start[b]!;
  }
  if (n <= EXACT_UP_TO && fullest > MOST_INSERTED) return order.sort((a, b) => key[a]! - key[b]!);
  const sorted = new Uint32Array(n);
  for (let k = 0; k < n; k++) sorted[start[bins[order[k]!]!]!++] = order[k]!;
  if (n <= EXACT_UP_TO) insertionSort(sorted, key);
  return sorted;
}

/** Puts rows that are nearly in the order of `key` into it; equals stay as they are. */
function insertionSort(rows: Uint32Array, key: Float64Array): void {
  for (let at = 1; at < rows.length; at++) {
    const row = rows[at]!;
    const own = key[row]!;
    let to = at;
    for (; to > 0 && key[rows[to - 1]!]! > own; to--) rows[to] = rows[to - 1]!;
    rows[to] = row;
  }
}
