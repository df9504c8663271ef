// Best split of a node from its histogram.

/** Where and how a node may be split; one per node, see engine.ts for the layout written from TypeScript. */
// offsets: 0 f64 scaleG, 8 scaleH, 16 lambda, 24 minHessian, 32 minWeight, 40 weightPerHessian, 48 minGain, 56 lower, 64 upper,
// 72 i64 total, 80 catSmooth, 88 catL2
const RESULT: usize = 64;

@inline
function gOf(sum: i64): f64 {
  return f64(sum >> 32);
}

@inline
function hOf(sum: i64): f64 {
  return f64(<u32>sum);
}

@inline
function leafGain(g: f64, h: f64, lambda: f64): f64 {
  return (g * g) / (h + lambda);
}

/**
 * Best split of one node on one feature.
 * @param hist i64 (256,)  @param occupied a bit a bin that may hold something, or 0 for all
 * @param nBins bins in use, not counting the missing one; negative for categories
 * @param monotone -1, 0 or 1  @param scratch 4 KiB, for categories
 * @param out 64 bytes: gain f64, left sum i64, threshold bin i32, missing left i32, category bits 32 bytes; gain is -1 for none
 */
export function bestSplit(hist: usize, occupied: usize, nBins: i32, monotone: i32, node: usize, scratch: usize, out: usize): void {
  store<f64>(out, -1);
  const scaleG = 1.0 / load<f64>(node, 0);
  const scaleH = 1.0 / load<f64>(node, 8);
  const total = load<i64>(node, 72);
  if (nBins < 0) {
    bestCategorySplit(hist, 0, node, scratch, out, scaleG, scaleH, total);
    return;
  }
  const lambda = load<f64>(node, 16);
  const weightPerHessian = load<f64>(node, 40);
  // Estimated from hessians; the grower checks the true weight after the split.
  const minH = max(load<f64>(node, 24), load<f64>(node, 32) / weightPerHessian * 0.999999999);
  const G = gOf(total) * scaleG;
  const H = hOf(total) * scaleH;
  const parent = leafGain(G, H, lambda);
  let best = load<f64>(node, 48);
  const missing = load<i64>(hist, 2040);
  const hasMissing = missing != 0;
  const lower = load<f64>(node, 56);
  const upper = load<f64>(node, 64);
  const isBounded = monotone != 0 || lower > -Infinity || upper < Infinity;
  const last = hasMissing ? nBins : nBins - 1;
  const nPasses = hasMissing ? 2 : 1;
  for (let pass = 0; pass < nPasses; pass++) {
    let sum: i64 = pass ? missing : 0;
    let b = -1;
    let word: u64 = 0;
    let next: i32 = 0;
    for (;;) {
      if (occupied) {
        while (word == 0 && next < 256) {
          word = load<u64>(occupied + (next >> 3));
          next += 64;
        }
        if (word == 0) break;
        b = next - 64 + i32(ctz(word));
        word &= word - 1;
      } else b++;
      if (b >= last) break;
      const slot = load<i64>(hist + (<usize>b << 3));
      if (slot == 0) continue;
      sum += slot;
      const hl = hOf(sum) * scaleH;
      if (hl < minH) continue;
      const hr = H - hl;
      if (hr < minH) break;
      const gl = gOf(sum) * scaleG;
      const gr = G - gl;
      let gain: f64;
      if (!isBounded) {
        // Both quotients in one division
        const num = f64x2.mul(f64x2.replace_lane(f64x2.splat(gl), 1, gr), f64x2.replace_lane(f64x2.splat(gl), 1, gr));
        const den = f64x2.add(f64x2.replace_lane(f64x2.splat(hl), 1, hr), f64x2.splat(lambda));
        const q = f64x2.div(num, den);
        gain = f64x2.extract_lane(q, 0) + f64x2.extract_lane(q, 1) - parent;
      } else {
        const vl = min(max(-gl / (hl + lambda), lower), upper);
        const vr = min(max(-gr / (hr + lambda), lower), upper);
        if ((monotone > 0 && vl > vr) || (monotone < 0 && vl < vr)) continue;
        const v = min(max(-G / (H + lambda), lower), upper);
        gain = -2 * (gl * vl + gr * vr - G * v) - (hl + lambda) * vl * vl - (hr + lambda) * vr * vr + (H + lambda) * v * v;
      }
      if (gain > best) {
        best = gain;
        store<f64>(out, gain);
        store<i64>(out, sum, 8);
        store<i32>(out, b, 16);
        store<i32>(out, pass, 20);
      }
    }
  }
}

/**
 * Categories ordered by gradient / (hessian + smooth) (Fisher 1958: the best two-way grouping is a prefix of that order),
 * each prefix tried. Missing is a category like any other. Regularised as in LightGBM (cat_smooth, cat_l2).
 * @param counts f64 (256,): weights of the bins, or 0 to estimate them from hessians
 */
function bestCategorySplit(hist: usize, counts: usize, node: usize, scratch: usize, out: usize, scaleG: f64, scaleH: f64, total: i64): void {
  const lambda = load<f64>(node, 16) + load<f64>(node, 88);
  const smooth = load<f64>(node, 80);
  const estimate = load<f64>(node, 32) / load<f64>(node, 40) * 0.999999999;
  const minH = counts ? load<f64>(node, 24) : max(load<f64>(node, 24), estimate);
  const least = load<f64>(node, 32) * NEARLY;
  const weight = counts ? sumOfCounts(counts) : 0;
  const G = gOf(total) * scaleG;
  const H = hOf(total) * scaleH;
  const parent = leafGain(G, H, lambda);
  let best = load<f64>(node, 48);
  let m = 0;
  for (let b = 0; b < 256; b++) {
    const slot = load<i64>(hist + (<usize>b << 3));
    if (slot == 0) continue;
    const key = (gOf(slot) * scaleG) / (hOf(slot) * scaleH + smooth);
    // insertion sort: at most 256, and stable, so the order is always the same
    let j = m++;
    while (j > 0 && load<f64>(scratch + (<usize>(j - 1) << 4)) > key) {
      v128.store(scratch + (<usize>j << 4), v128.load(scratch + (<usize>(j - 1) << 4)));
      j--;
    }
    store<f64>(scratch + (<usize>j << 4), key);
    store<i64>(scratch + (<usize>j << 4), b, 8);
  }
  let sum: i64 = 0;
  let heavy: f64 = 0;
  let bestAt = -1;
  for (let j = 0; j < m - 1; j++) {
    const at = <usize>load<i64>(scratch + (<usize>j << 4), 8) << 3;
    sum += load<i64>(hist + at);
    if (counts) {
      heavy += load<f64>(counts + at);
      if (heavy < least) continue;
      if (weight - heavy < least) break;
    }
    const hl = hOf(sum) * scaleH;
    if (hl < minH) continue;
    const hr = H - hl;
    if (hr < minH) break;
    const gl = gOf(sum) * scaleG;
    const gr = G - gl;
    const gain = leafGain(gl, hl, lambda) + leafGain(gr, hr, lambda) - parent;
    if (gain > best) {
      best = gain;
      bestAt = j;
      store<f64>(out, gain);
      store<i64>(out, sum, 8);
    }
  }
  if (bestAt < 0) return;
  store<i32>(out, -1, 16);
  memory.fill(out + 24, 0, 32);
  for (let j = 0; j <= bestAt; j++) {
    const b = <usize>load<i64>(scratch + (<usize>j << 4), 8);
    store<u8>(out + 24 + (b >> 3), load<u8>(out + 24 + (b >> 3)) | (1 << <u8>(b & 7)));
  }
  store<i32>(out, i32((load<u8>(out + 24 + 31) >> 7) & 1), 20);
}

/** Sums of weights are rounded in another order where a split is checked. */
const NEARLY: f64 = 1 - 5e-10;

function sumOfCounts(counts: usize): f64 {
  let sum: f64 = 0;
  for (let b: usize = 0; b < 256; b++) sum += load<f64>(counts + (b << 3));
  return sum;
}

/**
 * As `bestSplit`, with the weights that sides have instead of those their hessians promise: for a feature whose best split
 * turned out too light on one side, since its other thresholds may do.
 * @param column u8, a bin a row  @param weights f64 (n,), or 0 for ones
 * @param hist i64 (256,) and  @param counts f64 (256,), zero, and left so
 */
export function bestWeighedSplit(column: usize, rows: usize, from: i32, to: i32, gh: usize, weights: usize, nBins: i32, monotone: i32, node: usize, hist: usize, counts: usize, scratch: usize, out: usize): void {
  for (let i = from; i < to; i++) {
    const row = <usize>load<u32>(rows + (<usize>i << 2));
    const at = <usize>load<u8>(column + row) << 3;
    store<i64>(hist + at, load<i64>(hist + at) + load<i64>(gh + (row << 3)));
    store<f64>(counts + at, load<f64>(counts + at) + (weights ? load<f64>(weights + (row << 3)) : 1));
  }
  store<f64>(out, -1);
  if (nBins < 0) {
    bestCategorySplit(hist, counts, node, scratch, out, 1.0 / load<f64>(node, 0), 1.0 / load<f64>(node, 8), load<i64>(node, 72));
  } else bestNumberSplit(hist, counts, nBins, monotone, node, out);
  memory.fill(hist, 0, 2048);
  memory.fill(counts, 0, 2048);
}

function bestNumberSplit(hist: usize, counts: usize, nBins: i32, monotone: i32, node: usize, out: usize): void {
  const scaleG = 1.0 / load<f64>(node, 0);
  const scaleH = 1.0 / load<f64>(node, 8);
  const lambda = load<f64>(node, 16);
  const minH = load<f64>(node, 24);
  const least = load<f64>(node, 32) * NEARLY;
  const lower = load<f64>(node, 56);
  const upper = load<f64>(node, 64);
  const total = load<i64>(node, 72);
  const weight = sumOfCounts(counts);
  const G = gOf(total) * scaleG;
  const H = hOf(total) * scaleH;
  const isBounded = monotone != 0 || lower > -Infinity || upper < Infinity;
  const parent = leafGain(G, H, lambda);
  const v = min(max(-G / (H + lambda), lower), upper);
  let best = load<f64>(node, 48);
  const missing = load<i64>(hist, 2040);
  const missingWeight = load<f64>(counts, 2040);
  const hasMissing = missingWeight > 0;
  const last = hasMissing ? nBins : nBins - 1;
  const nPasses = hasMissing ? 2 : 1;
  for (let pass = 0; pass < nPasses; pass++) {
    let sum: i64 = pass ? missing : 0;
    let heavy: f64 = pass ? missingWeight : 0;
    for (let b = 0; b < last; b++) {
      const own = load<f64>(counts + (<usize>b << 3));
      if (own == 0) continue;
      sum += load<i64>(hist + (<usize>b << 3));
      heavy += own;
      if (heavy < least) continue;
      if (weight - heavy < least) break;
      const hl = hOf(sum) * scaleH;
      if (hl < minH || hl + lambda <= 0) continue;
      const hr = H - hl;
      if (hr < minH || hr + lambda <= 0) break;
      const gl = gOf(sum) * scaleG;
      const gr = G - gl;
      let gain: f64;
      if (isBounded) {
        const vl = min(max(-gl / (hl + lambda), lower), upper);
        const vr = min(max(-gr / (hr + lambda), lower), upper);
        if ((monotone > 0 && vl > vr) || (monotone < 0 && vl < vr)) continue;
        gain = -2 * (gl * vl + gr * vr - G * v) - (hl + lambda) * vl * vl - (hr + lambda) * vr * vr + (H + lambda) * v * v;
      } else gain = leafGain(gl, hl, lambda) + leafGain(gr, hr, lambda) - parent;
      if (gain > best) {
        best = gain;
        store<f64>(out, gain);
        store<i64>(out, sum, 8);
        store<i32>(out, b, 16);
        store<i32>(out, pass, 20);
      }
    }
  }
}

/**
 * Best splits of features [from, to) for one node: result f at out + 64 f.
 * @param active u8 (d,): features this tree may use  @param banned u32 (d,): bin threshold + 1 that must not be used again
 */
export function bestSplits(hist: usize, from: i32, to: i32, nBins: usize, monotone: usize, active: usize, node: usize, scratch: usize, out: usize): void {
  for (let f = from; f < to; f++) {
    const at = out + <usize>f * RESULT;
    const bins = load<i32>(nBins + (<usize>f << 2));
    if (!load<u8>(active + f) || bins == 0) {
      store<f64>(at, -1);
      continue;
    }
    bestSplit(hist + (<usize>f << 11), 0, bins, load<i8>(monotone + f), node, scratch, at);
  }
}

/**
 * The same straight from rows[from, to), for nodes of few rows: their bins are visited, not all 256 of each feature.
 * @param bins u8 (n, stride)  @param rows u32  @param gh i64 (n,)
 * @param hist i64 (256,), zero, and left so  @param scratch 32 bytes of zeros, left so, and 4 KiB
 */
export function bestSplitsOfRows(bins: usize, stride: i32, rows: usize, from: i32, to: i32, gh: usize, nFeatures: i32, nBins: usize, monotone: usize, active: usize, node: usize, hist: usize, scratch: usize, out: usize): void {
  const first = rows + (<usize>from << 2);
  const last = rows + (<usize>to << 2);
  for (let f = 0; f < nFeatures; f++) {
    const at = out + <usize>f * RESULT;
    const n = load<i32>(nBins + (<usize>f << 2));
    if (!load<u8>(active + f) || n == 0) {
      store<f64>(at, -1);
      continue;
    }
    for (let r = first; r < last; r += 4) {
      const row = <usize>load<u32>(r);
      const bin = <usize>load<u8>(bins + row * stride + f);
      const slot = hist + (bin << 3);
      store<i64>(slot, load<i64>(slot) + load<i64>(gh + (row << 3)));
      const word = scratch + ((bin >> 6) << 3);
      store<u64>(word, load<u64>(word) | (u64(1) << u64(bin & 63)));
    }
    bestSplit(hist, scratch, n, load<i8>(monotone + f), node, scratch + 32, at);
    for (let k: usize = 0; k < 4; k++) {
      let word = load<u64>(scratch + (k << 3));
      store<u64>(scratch + (k << 3), 0);
      for (; word != 0; word &= word - 1) store<i64>(hist + (((k << 6) + <usize>ctz(word)) << 3), 0);
    }
  }
}
