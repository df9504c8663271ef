// Gradient histograms. One slot per (feature, bin) holds both sums in an i64: gradient (i32) << 32 | hessian (u32).
// Integers add exactly in any order, so the result does not depend on how rows are shared out to threads.

const BLOCK: i32 = 2048;

/**
 * out, i64 (8 nGroups, 256) = sums of `gh` over rows[from, to) by feature and bin.
 * @param bins u8 (n, stride), stride a multiple of 8  @param rows u32  @param gh i64 (n,)
 */
export function histogram(bins: usize, stride: i32, nGroups: i32, rows: usize, from: i32, to: i32, gh: usize, out: usize): void {
  memory.fill(out, 0, <usize>nGroups << 14);
  for (let b = from; b < to; b += BLOCK) {
    const e = min(b + BLOCK, to);
    // Eight features at a time: their 16 KiB of slots stay in the first-level cache, their bins are one load.
    for (let g = 0; g < nGroups; g++) {
      const base = out + (<usize>g << 14);
      const column = bins + (<usize>g << 3);
      for (let i = b; i < e; i++) {
        const r = <usize>load<u32>(rows + (<usize>i << 2));
        const w = load<u64>(column + r * stride);
        const q = load<i64>(gh + (r << 3));
        let p = base + ((<usize>w & 255) << 3);
        store<i64>(p, load<i64>(p) + q);
        p = base + (<usize>(w >> 5) & 0x7f8);
        store<i64>(p, load<i64>(p, 2048) + q, 2048);
        p = base + (<usize>(w >> 13) & 0x7f8);
        store<i64>(p, load<i64>(p, 4096) + q, 4096);
        p = base + (<usize>(w >> 21) & 0x7f8);
        store<i64>(p, load<i64>(p, 6144) + q, 6144);
        p = base + (<usize>(w >> 29) & 0x7f8);
        store<i64>(p, load<i64>(p, 8192) + q, 8192);
        p = base + (<usize>(w >> 37) & 0x7f8);
        store<i64>(p, load<i64>(p, 10240) + q, 10240);
        p = base + (<usize>(w >> 45) & 0x7f8);
        store<i64>(p, load<i64>(p, 12288) + q, 12288);
        p = base + (<usize>(w >> 53) & 0x7f8);
        store<i64>(p, load<i64>(p, 14336) + q, 14336);
      }
    }
  }
}

/**
 * For the eight features of group g: small = sum of `nParts` partial histograms `partBytes` apart;
 * when `parent` is not 0, parent -= small, which makes it the histogram of the other child.
 */
export function mergeHistograms(parts: usize, nParts: i32, partBytes: i32, g: i32, small: usize, parent: usize): void {
  const from = <usize>g << 14;
  for (let at = from; at < from + 16384; at += 16) {
    let sum = v128.load(parts + at);
    for (let k = 1; k < nParts; k++) sum = i64x2.add(sum, v128.load(parts + <usize>k * partBytes + at));
    v128.store(small + at, sum);
    if (parent) v128.store(parent + at, i64x2.sub(v128.load(parent + at), sum));
  }
}
