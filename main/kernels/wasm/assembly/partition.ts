// Stable partition of a node's rows by one split.

/** True when `bin` goes left. `bits` (address of 256 bits) for categories, 0 for numbers. */
@inline
function isLeft(bin: u32, threshold: u32, missingLeft: u32, bits: usize): u32 {
  if (bits) return (load<u8>(bits + (bin >> 3)) >> (bin & 7)) & 1;
  return bin == 255 ? missingLeft : u32(bin <= threshold);
}

/**
 * Splits rows[from, to) by `column` (u8, one bin per row): those that go left are written to left[from …), the others to
 * right[from …), both in order. @returns number of rows that go left
 */
export function partitionChunk(rows: usize, from: i32, to: i32, column: usize, threshold: i32, missingLeft: i32, bits: usize, left: usize, right: usize): i32 {
  let l = left + (<usize>from << 2);
  let r = right + (<usize>from << 2);
  const start = l;
  for (let i = from; i < to; i++) {
    const row = load<u32>(rows + (<usize>i << 2));
    const go = <usize>isLeft(load<u8>(column + row), threshold, missingLeft, bits);
    store<u32>(l, row);
    store<u32>(r, row);
    l += go << 2;
    r += (go ^ 1) << 2;
  }
  return i32((l - start) >> 2);
}

/** Sum of weights (f64) of rows[from, to). */
export function sumWeights(rows: usize, from: i32, to: i32, weights: usize): f64 {
  let sum: f64 = 0;
  for (let i = from; i < to; i++) sum += load<f64>(weights + (<usize>load<u32>(rows + (<usize>i << 2)) << 3));
  return sum;
}

/** Copies nLeft rows from left and nRight from right (both u32) to their final places. */
export function placeHalves(toLeft: usize, left: usize, nLeft: i32, toRight: usize, right: usize, nRight: i32): void {
  memory.copy(toLeft, left, <usize>nLeft << 2);
  memory.copy(toRight, right, <usize>nRight << 2);
}
