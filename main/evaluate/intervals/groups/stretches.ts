const N_STRETCHES = 20;

/**
 * Rows in about 20 contiguous stretches of time, as codes of groups: rows near in time depend on each other, and a block
 * jackknife leaves them out together. Rows of one time stay together; rows without a time come first, as in the split.
 * @param times shape (nSamples,)
 */
export function stretchesOf(times: ArrayLike<number>): Uint32Array {
  const n = times.length;
  const at = (i: number) => (Number.isNaN(times[i]!) ? -Infinity : times[i]!);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => {
    const [x, y] = [at(a), at(b)];
    return x < y ? -1 : x > y ? 1 : a - b;
  });
  const stretch = new Uint32Array(n);
  let current = 0;
  order.forEach((row, k) => {
    if (k === 0 || at(row) !== at(order[k - 1]!)) current = Math.floor((k * N_STRETCHES) / n);
    stretch[row] = current;
  });
  return stretch;
}
