// Small trees applied to rows without walking them (QuickScorer: Lucchese et al. 2015; by rows as lanes: Lucchese et al. 2016).
// Every leaf of a tree is a bit, the leftmost the lowest. A split whose test fails clears the leaves on its left; when all
// splits have been tested, the lowest bit that is left is the row's leaf. No branch depends on the data.

import { hasMissing } from './route';

const BLOCK = 64;

@inline
function addBits(b: v128, base: i32, values: usize, out: usize, outRow: usize, scale: f64): void {
  addOne(i32x4.extract_lane(b, 0), values, out + <usize>base * outRow, scale);
  addOne(i32x4.extract_lane(b, 1), values, out + <usize>(base + 1) * outRow, scale);
  addOne(i32x4.extract_lane(b, 2), values, out + <usize>(base + 2) * outRow, scale);
  addOne(i32x4.extract_lane(b, 3), values, out + <usize>(base + 3) * outRow, scale);
}

@inline
function addOne(bits: i32, values: usize, out: usize, scale: f64): void {
  store<f64>(out, load<f64>(out) + load<f64>(values + (<usize>ctz(bits) << 3)) * scale);
}

/**
 * out, f64 (nRows, width) += scale * leaf values of trees of at most 32 leaves, for rows [from, to) of X, f32 (nRows, d); tree
 * t adds to column t % width. Returns 0 and does nothing where a value of those rows is missing.
 * @param tests 12 bytes a split: offset of its feature's column of a block u32, threshold f32, leaves on its left u32
 * @param starts i32 (nTrees + 1,): first test of each tree  @param values f64 (nTrees, 32): by leaf from the left
 * @param columns scratch, f32 (d, 64)
 */
export function predictLeafBits(X: usize, d: i32, from: i32, to: i32, tests: usize, starts: usize, values: usize, nTrees: i32, width: i32, scale: f64, columns: usize, out: usize): i32 {
  if (hasMissing(X + (<usize>from * <usize>d << 2), (to - from) * d)) return 0;
  const outRow = <usize>width << 3;
  for (let b = from; b < to; b += BLOCK) {
    const n = min(BLOCK, to - b);
    for (let r = 0; r < BLOCK; r++) {
      // Rows past the end repeat the last one; their sums are not kept.
      const x = X + (<usize>(b + min(r, n - 1)) * <usize>d << 2);
      for (let j = 0; j < d; j++) store<f32>(columns + (<usize>(j * BLOCK + r) << 2), load<f32>(x + (<usize>j << 2)));
    }
    for (let t = 0; t < nTrees; t++) {
      const first = tests + <usize>load<i32>(starts + (<usize>t << 2)) * 12;
      const last = tests + <usize>load<i32>(starts + (<usize>t << 2), 4) * 12;
      const leaf = values + (<usize>t << 8);
      for (let r = 0; r < n; r += 16) {
        const x = columns + (<usize>r << 2);
        let b0 = i32x4.splat(-1);
        let b1 = b0;
        let b2 = b0;
        let b3 = b0;
        for (let at = first; at < last; at += 12) {
          const p = x + <usize>load<u32>(at);
          const threshold = v128.load32_splat(at, 4);
          const left = v128.load32_splat(at, 8);
          b0 = v128.andnot(b0, v128.and(f32x4.gt(v128.load(p), threshold), left));
          b1 = v128.andnot(b1, v128.and(f32x4.gt(v128.load(p, 16), threshold), left));
          b2 = v128.andnot(b2, v128.and(f32x4.gt(v128.load(p, 32), threshold), left));
          b3 = v128.andnot(b3, v128.and(f32x4.gt(v128.load(p, 48), threshold), left));
        }
        const o = out + <usize>(b + r) * outRow + (<usize>(t % width) << 3);
        if (r + 16 <= n) {
          addBits(b0, 0, leaf, o, outRow, scale);
          addBits(b1, 4, leaf, o, outRow, scale);
          addBits(b2, 8, leaf, o, outRow, scale);
          addBits(b3, 12, leaf, o, outRow, scale);
        } else {
          for (let k = 0; k < n - r; k++) {
            const bits = k < 4 ? b0 : k < 8 ? b1 : k < 12 ? b2 : b3;
            const lane = k & 3;
            const one = lane == 0 ? i32x4.extract_lane(bits, 0) : lane == 1 ? i32x4.extract_lane(bits, 1) : lane == 2 ? i32x4.extract_lane(bits, 2) : i32x4.extract_lane(bits, 3);
            addOne(one, leaf, o + <usize>k * outRow, scale);
          }
        }
      }
    }
  }
  return 1;
}
