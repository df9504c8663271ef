/** Fewer rows than this are sorted by comparing. */
const RADIX_FROM = 2000;

/**
 * Indices that put `values` in descending order; equal values keep their order. NaN comes first.
 * Radix sort over the bits of the doubles, 16 at a time: a comparing sort of an index is ten times slower.
 * @returns shape (values.length,)
 */
export function argsortDescending(values: ArrayLike<number>): Uint32Array {
  const n = values.length;
  let order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  if (n < RADIX_FROM) return order.sort((a, b) => values[b]! - values[a]!);
  const keys = keysOf(values);
  let next = new Uint32Array(n);
  const counts = new Uint32Array(65_536);
  for (let digit = 0; digit < 4; digit++) {
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[keys[4 * i + digit]!]!++;
    // All values agree in this digit: nothing moves.
    if (counts[keys[digit]!] === n) continue;
    let at = 0;
    for (let k = 0; k < 65_536; k++) {
      const count = counts[k]!;
      counts[k] = at;
      at += count;
    }
    for (let i = 0; i < n; i++) {
      const row = order[i]!;
      next[counts[keys[4 * row + digit]!]!++] = row;
    }
    [order, next] = [next, order];
  }
  return order;
}

/** Doubles as four 16-bit digits, lowest first, whose order as unsigned numbers is the descending order of the values. */
function keysOf(values: ArrayLike<number>): Uint16Array {
  const doubles = Float64Array.from(values);
  // -0 and 0 are equal.
  for (let i = 0; i < doubles.length; i++) if (doubles[i] === 0) doubles[i] = 0;
  const words = new Uint32Array(doubles.buffer);
  for (let i = 0; i < words.length; i += 2) {
    const isNegative = words[i + 1]! >>> 31 === 1;
    // Ascending order flips all bits of negatives and the sign of the others; descending is the complement of that.
    if (!isNegative) {
      words[i] = ~words[i]!;
      words[i + 1] = ~words[i + 1]! & 0x7fffffff;
    }
  }
  return new Uint16Array(doubles.buffer);
}
