// Lloyd's assignment step: nearest centre of every row, and what it changes in the sums of rows by centre.
// Rows come in blocks of four, X f32 (n / 4, d, 4): a lane is a row, so nothing is ever added across lanes.

/** sum, f64 (d + 1,) += w (x, 1) for the row in lane `x`. */
@inline
function addTo(sum: usize, x: usize, d: i32, w: f64): void {
  for (let j = 0; j < d; j++) {
    const o = sum + (<usize>j << 3);
    store<f64>(o, load<f64>(o) + w * f64(load<f32>(x + (<usize>j << 4))));
  }
  const tail = sum + (<usize>d << 3);
  store<f64>(tail, load<f64>(tail) + w);
}

/**
 * Rows [from, to) of X, from a multiple of 4.
 * @param centres f32 (d, kPad): one column a centre, kPad even  @param halfNorms f32 (kPad,): |c|² / 2, +inf for padding
 * @param labels i32 (n,), −1 before the first pass  @param weights f64 (n,) or 0  @param norms f32 (n,): |x|²
 * @param sums out f64 (k, d + 1): changes of Σ w x and Σ w  @param scratch 32 bytes
 * @param out f64 (2,): Σ w d² and number of labels that changed
 */
export function assignRows(X: usize, d: i32, from: i32, to: i32, centres: usize, k: i32, kPad: i32, halfNorms: usize, labels: usize, weights: usize, norms: usize, sums: usize, scratch: usize, out: usize): void {
  const width = d + 1;
  memory.fill(sums, 0, (<usize>k * width) << 3);
  const column = <usize>kPad << 2;
  const block = <usize>d << 4;
  let changed = 0;
  let inertia: f64 = 0;
  for (let i = from; i < to; i += 4) {
    const x0 = X + <usize>(i >> 2) * block;
    const end = x0 + block;
    let best = f32x4.splat(f32(-Infinity));
    let label = i32x4.splat(0);
    let q = 0;
    // Four centres at a time share every load of the rows.
    for (; q + 4 <= kPad; q += 4) {
      const half = halfNorms + (<usize>q << 2);
      let a0 = f32x4.neg(v128.load32_splat(half));
      let a1 = f32x4.neg(v128.load32_splat(half, 4));
      let a2 = f32x4.neg(v128.load32_splat(half, 8));
      let a3 = f32x4.neg(v128.load32_splat(half, 12));
      let c = centres + (<usize>q << 2);
      for (let x = x0; x < end; x += 16) {
        const v = v128.load(x);
        a0 = f32x4.add(a0, f32x4.mul(v, v128.load32_splat(c)));
        a1 = f32x4.add(a1, f32x4.mul(v, v128.load32_splat(c, 4)));
        a2 = f32x4.add(a2, f32x4.mul(v, v128.load32_splat(c, 8)));
        a3 = f32x4.add(a3, f32x4.mul(v, v128.load32_splat(c, 12)));
        c += column;
      }
      // Ties go to the first centre.
      let isBetter = f32x4.gt(a0, best);
      best = v128.bitselect(a0, best, isBetter);
      label = v128.bitselect(i32x4.splat(q), label, isBetter);
      isBetter = f32x4.gt(a1, best);
      best = v128.bitselect(a1, best, isBetter);
      label = v128.bitselect(i32x4.splat(q + 1), label, isBetter);
      isBetter = f32x4.gt(a2, best);
      best = v128.bitselect(a2, best, isBetter);
      label = v128.bitselect(i32x4.splat(q + 2), label, isBetter);
      isBetter = f32x4.gt(a3, best);
      best = v128.bitselect(a3, best, isBetter);
      label = v128.bitselect(i32x4.splat(q + 3), label, isBetter);
    }
    if (q < kPad) {
      const half = halfNorms + (<usize>q << 2);
      let a0 = f32x4.neg(v128.load32_splat(half));
      let a1 = f32x4.neg(v128.load32_splat(half, 4));
      let c = centres + (<usize>q << 2);
      for (let x = x0; x < end; x += 16) {
        const v = v128.load(x);
        a0 = f32x4.add(a0, f32x4.mul(v, v128.load32_splat(c)));
        a1 = f32x4.add(a1, f32x4.mul(v, v128.load32_splat(c, 4)));
        c += column;
      }
      let isBetter = f32x4.gt(a0, best);
      best = v128.bitselect(a0, best, isBetter);
      label = v128.bitselect(i32x4.splat(q), label, isBetter);
      isBetter = f32x4.gt(a1, best);
      best = v128.bitselect(a1, best, isBetter);
      label = v128.bitselect(i32x4.splat(q + 1), label, isBetter);
    }
    v128.store(scratch, best);
    v128.store(scratch, label, 16);
    const nHere = min(4, to - i);
    for (let r = 0; r < nHere; r++) {
      const lane = <usize>r << 2;
      const at = <usize>(i + r);
      const now = load<i32>(scratch + lane, 16);
      const w = weights ? load<f64>(weights + (at << 3)) : 1.0;
      inertia += w * max(0, f64(load<f32>(norms + (at << 2))) - 2 * f64(load<f32>(scratch + lane)));
      const before = load<i32>(labels + (at << 2));
      if (before == now) continue;
      changed++;
      store<i32>(labels + (at << 2), now);
      addTo(sums + ((<usize>now * width) << 3), x0 + lane, d, w);
      if (before >= 0) addTo(sums + ((<usize>before * width) << 3), x0 + lane, d, -w);
    }
  }
  store<f64>(out, inertia);
  store<f64>(out, f64(changed), 8);
}

/**
 * Steps of k-means++ for rows [from, to), from a multiple of 4: Σ w min(closest, |x − c|²) for each of `count` candidates,
 * f32 (count, d), to out f64 (count,). With `keep`, closest f64 (n,) becomes that minimum for the first candidate.
 */
export function candidates(X: usize, d: i32, from: i32, to: i32, points: usize, count: i32, closest: usize, weights: usize, keep: i32, out: usize): void {
  const block = <usize>d << 4;
  for (let c = 0; c < count; c++) {
    const point = points + ((<usize>c * d) << 2);
    let sum: f64 = 0;
    for (let i = from; i < to; i += 4) {
      let x = X + <usize>(i >> 2) * block;
      let s = f32x4.splat(0);
      for (let j = 0; j < d; j++) {
        const e = f32x4.sub(v128.load(x), v128.load32_splat(point + (<usize>j << 2)));
        s = f32x4.add(s, f32x4.mul(e, e));
        x += 16;
      }
      const nHere = min(4, to - i);
      for (let r = 0; r < nHere; r++) {
        const e = r == 0 ? f32x4.extract_lane(s, 0) : r == 1 ? f32x4.extract_lane(s, 1) : r == 2 ? f32x4.extract_lane(s, 2) : f32x4.extract_lane(s, 3);
        const at = closest + (<usize>(i + r) << 3);
        const m = min(load<f64>(at), f64(e));
        if (keep) store<f64>(at, m);
        sum += m * (weights ? load<f64>(weights + (<usize>(i + r) << 3)) : 1.0);
      }
    }
    store<f64>(out + (<usize>c << 3), sum);
  }
}
