// Lloyd's assignment step: nearest centre of every row, and what it changes in the sums of rows by centre.

/** sum, f64 (stride + 1,) += w (x, 1). */
@inline
function addTo(sum: usize, x: usize, stride: i32, w: f64): void {
  const ww = f64x2.splat(w);
  for (let j = 0; j < stride; j += 4) {
    const v = v128.load(x + (<usize>j << 2));
    const o = sum + (<usize>j << 3);
    v128.store(o, f64x2.add(v128.load(o), f64x2.mul(ww, f64x2.promote_low_f32x4(v))));
    const high = i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
    v128.store(o, f64x2.add(v128.load(o, 16), f64x2.mul(ww, f64x2.promote_low_f32x4(high))), 16);
  }
  const tail = sum + (<usize>stride << 3);
  store<f64>(tail, load<f64>(tail) + w);
}

/**
 * Rows [from, to) of X, f32 (n, stride), stride a multiple of 4 padded with 0.
 * @param centres f32 (stride, kPad): one column a centre, kPad a multiple of 4
 * @param halfNorms f32 (kPad,): |c|² / 2, +inf for padding
 * @param labels i32 (n,), −1 before the first pass  @param weights f64 (n,) or 0  @param norms f32 (n,): |x|²
 * @param sums out f64 (k, stride + 1): changes of Σ w x and Σ w  @param scores scratch, 8 kPad bytes
 * @param out f64 (2,): Σ w d² and number of labels that changed
 */
export function assignRows(X: usize, stride: i32, d: i32, from: i32, to: i32, centres: usize, k: i32, kPad: i32, halfNorms: usize, labels: usize, weights: usize, norms: usize, sums: usize, scores: usize, out: usize): void {
  const width = stride + 1;
  memory.fill(sums, 0, (<usize>k * width) << 3);
  let changed = 0;
  let inertia: f64 = 0;
  const row = <usize>stride << 2;
  for (let i = from; i < to; i += 2) {
    const x0 = X + <usize>i * row;
    const isPair = i + 1 < to;
    const x1 = isPair ? x0 + row : x0;
    for (let q = 0; q < kPad; q += 8) {
      // Two rows against eight centres: every centre value that is loaded is used twice.
      const isWide = q + 4 < kPad;
      let a0 = f32x4.neg(v128.load(halfNorms + (<usize>q << 2)));
      let b0 = a0;
      let a1 = isWide ? f32x4.neg(v128.load(halfNorms + (<usize>q << 2), 16)) : a0;
      let b1 = a1;
      let c = centres + (<usize>q << 2);
      if (isWide) {
        for (let j = 0; j < d; j++) {
          const u = v128.load32_splat(x0 + (<usize>j << 2));
          const v = v128.load32_splat(x1 + (<usize>j << 2));
          const m0 = v128.load(c);
          const m1 = v128.load(c, 16);
          a0 = f32x4.add(a0, f32x4.mul(u, m0));
          a1 = f32x4.add(a1, f32x4.mul(u, m1));
          b0 = f32x4.add(b0, f32x4.mul(v, m0));
          b1 = f32x4.add(b1, f32x4.mul(v, m1));
          c += <usize>kPad << 2;
        }
      } else {
        for (let j = 0; j < d; j++) {
          const m0 = v128.load(c);
          a0 = f32x4.add(a0, f32x4.mul(v128.load32_splat(x0 + (<usize>j << 2)), m0));
          b0 = f32x4.add(b0, f32x4.mul(v128.load32_splat(x1 + (<usize>j << 2)), m0));
          c += <usize>kPad << 2;
        }
      }
      const s = scores + (<usize>q << 2);
      const t = s + (<usize>kPad << 2);
      v128.store(s, a0);
      v128.store(t, b0);
      if (isWide) {
        v128.store(s, a1, 16);
        v128.store(t, b1, 16);
      }
    }
    const nHere = isPair ? 2 : 1;
    for (let r = 0; r < nHere; r++) {
      const s = scores + (<usize>(r * kPad) << 2);
      let best = load<f32>(s);
      let label = 0;
      for (let c = 1; c < k; c++) {
        const v = load<f32>(s + (<usize>c << 2));
        const isBetter = v > best;
        best = isBetter ? v : best;
        label = isBetter ? c : label;
      }
      const at = <usize>(i + r);
      const w = weights ? load<f64>(weights + (at << 3)) : 1.0;
      inertia += w * max(0, f64(load<f32>(norms + (at << 2))) - 2 * f64(best));
      const before = load<i32>(labels + (at << 2));
      if (before == label) continue;
      changed++;
      store<i32>(labels + (at << 2), label);
      const x = X + at * row;
      addTo(sums + ((<usize>label * width) << 3), x, stride, w);
      if (before >= 0) addTo(sums + ((<usize>before * width) << 3), x, stride, -w);
    }
  }
  store<f64>(out, inertia);
  store<f64>(out, f64(changed), 8);
}

@inline
function distance(x: usize, c: usize, stride: i32): f64 {
  let s = f32x4.splat(0);
  for (let j = 0; j < stride; j += 4) {
    const d = f32x4.sub(v128.load(x + (<usize>j << 2)), v128.load(c + (<usize>j << 2)));
    s = f32x4.add(s, f32x4.mul(d, d));
  }
  return f64(f32x4.extract_lane(s, 0)) + f64(f32x4.extract_lane(s, 1)) + f64(f32x4.extract_lane(s, 2)) + f64(f32x4.extract_lane(s, 3));
}

/**
 * Steps of k-means++ for rows [from, to): Σ w min(closest, |x − c|²) for each of `count` candidates, rows behind one
 * another, to out f64 (count,). With `keep`, closest f64 (n,) becomes that minimum for the first candidate.
 */
export function candidates(X: usize, stride: i32, from: i32, to: i32, points: usize, count: i32, closest: usize, weights: usize, keep: i32, out: usize): void {
  for (let c = 0; c < count; c++) {
    const point = points + ((<usize>c * stride) << 2);
    let sum: f64 = 0;
    for (let i = from; i < to; i++) {
      const at = closest + (<usize>i << 3);
      const d = min(load<f64>(at), distance(X + ((<usize>i * stride) << 2), point, stride));
      if (keep) store<f64>(at, d);
      sum += d * (weights ? load<f64>(weights + (<usize>i << 3)) : 1.0);
    }
    store<f64>(out + (<usize>c << 3), sum);
  }
}
