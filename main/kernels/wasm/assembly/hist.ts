// Gradient histograms. One slot per (feature, bin) holds both sums in an i64: gradient (i32) << 32 | hessian (u32).
// Integers add exactly in any order, so the result does not depend on how rows are shared out to threads.

const BLOCK: i32 = 256;

/** Adds `m` rows that lie behind one another, bins u8 (m, stride) and gh i64 (m,). */
@inline
function addBlock(bins: usize, stride: i32, nGroups: i32, gh: usize, m: i32, out: usize): void {
  // Eight features at a time: their 16 KiB of slots stay in the first-level cache.
  const end = gh + (<usize>m << 3);
  for (let g = 0; g < nGroups; g++) {
    const base = out + (<usize>g << 14);
    let c = bins + (<usize>g << 3);
    for (let at = gh; at < end; at += 8) {
      const q = load<i64>(at);
      let p = base + (<usize>load<u8>(c) << 3);
      store<i64>(p, load<i64>(p) + q);
      p = base + (<usize>load<u8>(c, 1) << 3);
      store<i64>(p, load<i64>(p, 2048) + q, 2048);
      p = base + (<usize>load<u8>(c, 2) << 3);
      store<i64>(p, load<i64>(p, 4096) + q, 4096);
      p = base + (<usize>load<u8>(c, 3) << 3);
      store<i64>(p, load<i64>(p, 6144) + q, 6144);
      p = base + (<usize>load<u8>(c, 4) << 3);
      store<i64>(p, load<i64>(p, 8192) + q, 8192);
      p = base + (<usize>load<u8>(c, 5) << 3);
      store<i64>(p, load<i64>(p, 10240) + q, 10240);
      p = base + (<usize>load<u8>(c, 6) << 3);
      store<i64>(p, load<i64>(p, 12288) + q, 12288);
      p = base + (<usize>load<u8>(c, 7) << 3);
      store<i64>(p, load<i64>(p, 14336) + q, 14336);
      c += stride;
    }
  }
}

/**
 * out, i64 (8 nGroups, 256) = sums of `gh` over rows[from, to) by feature and bin.
 * @param bins u8 (n, stride), stride = 8 nGroups  @param rows u32, ascending  @param gh i64 (n,)
 * @param out followed by 256 (stride + 8) bytes of scratch
 */
export function histogram(bins: usize, stride: i32, nGroups: i32, rows: usize, from: i32, to: i32, gh: usize, out: usize): void {
  memory.fill(out, 0, <usize>nGroups << 14);
  if (from >= to) return;
  const first = load<u32>(rows + (<usize>from << 2));
  if (load<u32>(rows + (<usize>(to - 1) << 2)) - first == u32(to - 1 - from)) {
    for (let b = 0; b < to - from; b += 2048) {
      const row = <usize>first + b;
      addBlock(bins + row * stride, stride, nGroups, gh + (row << 3), min(2048, to - from - b), out);
    }
    return;
  }
  // Scattered rows are first copied to a small block: the copies miss the cache many at a time, which the adds, with
  // their hundreds of instructions a row, would do one by one. Three to four times faster at a twentieth of the rows.
  const block = out + (<usize>nGroups << 14);
  const blockGh = block + BLOCK * stride;
  const pairs = stride & ~15;
  for (let b = from; b < to; b += BLOCK) {
    const e = min(b + BLOCK, to);
    let o = block;
    let q = blockGh;
    for (let i = b; i < e; i++) {
      const r = <usize>load<u32>(rows + (<usize>i << 2));
      const s = bins + r * stride;
      for (let k = 0; k < pairs; k += 16) v128.store(o + k, v128.load(s + k));
      if (pairs != stride) store<u64>(o + pairs, load<u64>(s + pairs));
      store<i64>(q, load<i64>(gh + (r << 3)));
      o += stride;
      q += 8;
    }
    addBlock(block, stride, nGroups, blockGh, e - b, out);
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
