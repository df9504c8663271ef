import { permutation, type Rng } from '../../kernels/rng.ts';

/** Above this many rows the order within a bin of keys is left to chance. */
const SORT_UP_TO = 8192;
const N_BINS = 8192;
/** Steps of a key that a sort tells apart: with the place behind them they still are whole numbers below 2^52. */
const STEPS = 2 ** 38;
/** Bins with more rows than this are not sorted by insertion. */
const MOST_INSERTED = 24;

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
    bins[i] = Math.min(N_BINS - 1, Math.floor(clamp(key[i]!) * N_BINS));
    start[bins[i]! + 1]!++;
  }
  for (let b = 0; b < N_BINS; b++) start[b + 1]! += start[b]!;
  const ends = start.slice();
  const places = new Uint32Array(n);
  for (let k = 0; k < n; k++) places[ends[bins[order[k]!]!]!++] = k;
  if (n <= SORT_UP_TO) sortWithin(places, start, order, key);
  for (let k = 0; k < n; k++) places[k] = order[places[k]!]!;
  return places;
}

/** Puts the places of each bin, [start[b], start[b + 1]), into the order of their rows' keys, equals by place. */
function sortWithin(places: Uint32Array, start: Uint32Array, order: Uint32Array, key: Float64Array): void {
  // Numbers alone sort many times faster than rows by a function: the place goes behind the key.
  const packed = new Float64Array(places.length);
  for (let k = 0; k < places.length; k++) {
    packed[k] = Math.floor(clamp(key[order[places[k]!]!]!) * STEPS) * SORT_UP_TO + places[k]!;
  }
  for (let b = 0; b < N_BINS; b++) {
    const from = start[b]!;
    const to = start[b + 1]!;
    if (to - from > MOST_INSERTED) packed.subarray(from, to).sort();
    else insertionSort(packed, from, to);
  }
  for (let k = 0; k < places.length; k++) {
    places[k] = packed[k]! - Math.floor(packed[k]! / SORT_UP_TO) * SORT_UP_TO;
  }
}

function insertionSort(values: Float64Array, from: number, to: number): void {
  for (let at = from + 1; at < to; at++) {
    const own = values[at]!;
    let k = at;
    for (; k > from && values[k - 1]! > own; k--) values[k] = values[k - 1]!;
    values[k] = own;
  }
}

const clamp = (key: number) => Math.min(1, Math.max(0, key));
