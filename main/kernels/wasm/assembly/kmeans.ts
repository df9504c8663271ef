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

/** Highest of two scores; ties stay with the first. */
@inline
function labelOf(a: v128, best: v128, q: i32, label: v128): v128 {
  return v128.bitselect(i32x4.splat(q), label, f32x4.gt(a, best));
}

/** max(0, |x|² − 2 best) of two rows, times their weights. */
@inline
function squares(norms: v128, best: v128, weights: usize): v128 {
  const e = f64x2.sub(f64x2.promote_low_f32x4(norms), f64x2.mul(f64x2.splat(2), f64x2.promote_low_f32x4(best)));
  const square = f64x2.pmax(f64x2.splat(0), e);
  return weights ? f64x2.mul(square, v128.load(weights)) : square;
}

@inline
function upper(v: v128): v128 {
  return v128.shuffle<i32>(v, v, 2, 3, 0, 1);
}

/** Moves the rows of a block whose label differs from the one in `labels` between sums; how many those are. */
function moveRows(x: usize, d: i32, row: i32, nHere: i32, found: usize, labels: usize, weights: usize, sums: usize): i32 {
  const width = d + 1;
  let changed = 0;
  for (let r = 0; r < nHere; r++) {
    const lane = <usize>r << 2;
    const at = <usize>(row + r);
    const now = load<i32>(found + lane);
    const before = load<i32>(labels + (at << 2));
    if (before == now) continue;
    changed++;
    store<i32>(labels + (at << 2), now);
    const w = weights ? load<f64>(weights + (at << 3)) : 1.0;
    addTo(sums + ((<usize>now * width) << 3), x + lane, d, w);
    if (before >= 0) addTo(sums + ((<usize>before * width) << 3), x + lane, d, -w);
  }
  return changed;
}

/**
 * Rows [from, to) of X, from a multiple of 8; X is filled up to a multiple of 8 rows.
 * @param centres f32 (d, kPad): one column a centre, kPad even  @param halfNorms f32 (kPad,): |c|² / 2, +inf for padding
 * @param labels i32 (n,), −1 before the first pass  @param weights f64 (n,) or 0  @param norms f32 (n,): |x|²
 * @param sums out f64 (k, d + 1): changes of Σ w x and Σ w  @param scratch 64 bytes
 * @param out f64 (2,): Σ w d² and number of labels that changed
 */
export function assignRows(X: usize, d: i32, from: i32, to: i32, centres: usize, k: i32, kPad: i32, halfNorms: usize, labels: usize, weights: usize, norms: usize, sums: usize, scratch: usize, out: usize): void {
  memory.fill(sums, 0, (<usize>k * (d + 1)) << 3);
  const column = <usize>kPad << 2;
  const block = <usize>d << 4;
  let changed = 0;
  let inertia = f64x2.splat(0);
  let rest: f64 = 0;
  for (let i = from; i < to; i += 8) {
    const x0 = X + <usize>(i >> 2) * block;
    const end = x0 + block;
    let best0 = f32x4.splat(f32(-Infinity));
    let best1 = best0;
    let label0 = i32x4.splat(0);
    let label1 = label0;
    let q = 0;
    // Four centres and eight rows at a time: eight sums run side by side, and every load serves four products or two.
    for (; q + 4 <= kPad; q += 4) {
      const half = halfNorms + (<usize>q << 2);
      let a0 = f32x4.neg(v128.load32_splat(half));
      let a1 = f32x4.neg(v128.load32_splat(half, 4));
      let a2 = f32x4.neg(v128.load32_splat(half, 8));
      let a3 = f32x4.neg(v128.load32_splat(half, 12));
      let b0 = a0;
      let b1 = a1;
      let b2 = a2;
      let b3 = a3;
      let c = centres + (<usize>q << 2);
      for (let x = x0; x < end; x += 16) {
        const v = v128.load(x);
        const u = v128.load(x + block);
        const c0 = v128.load32_splat(c);
        const c1 = v128.load32_splat(c, 4);
        const c2 = v128.load32_splat(c, 8);
        const c3 = v128.load32_splat(c, 12);
        a0 = f32x4.add(a0, f32x4.mul(v, c0));
        b0 = f32x4.add(b0, f32x4.mul(u, c0));
        a1 = f32x4.add(a1, f32x4.mul(v, c1));
        b1 = f32x4.add(b1, f32x4.mul(u, c1));
        a2 = f32x4.add(a2, f32x4.mul(v, c2));
        b2 = f32x4.add(b2, f32x4.mul(u, c2));
        a3 = f32x4.add(a3, f32x4.mul(v, c3));
        b3 = f32x4.add(b3, f32x4.mul(u, c3));
        c += column;
      }
      // Ties go to the first centre.
      label0 = labelOf(a0, best0, q, label0);
      label1 = labelOf(b0, best1, q, label1);
      best0 = f32x4.pmax(best0, a0);
      best1 = f32x4.pmax(best1, b0);
      label0 = labelOf(a1, best0, q + 1, label0);
      label1 = labelOf(b1, best1, q + 1, label1);
      best0 = f32x4.pmax(best0, a1);
      best1 = f32x4.pmax(best1, b1);
      label0 = labelOf(a2, best0, q + 2, label0);
      label1 = labelOf(b2, best1, q + 2, label1);
      best0 = f32x4.pmax(best0, a2);
      best1 = f32x4.pmax(best1, b2);
      label0 = labelOf(a3, best0, q + 3, label0);
      label1 = labelOf(b3, best1, q + 3, label1);
      best0 = f32x4.pmax(best0, a3);
      best1 = f32x4.pmax(best1, b3);
    }
    if (q < kPad) {
      const half = halfNorms + (<usize>q << 2);
      let a0 = f32x4.neg(v128.load32_splat(half));
      let a1 = f32x4.neg(v128.load32_splat(half, 4));
      let b0 = a0;
      let b1 = a1;
      let c = centres + (<usize>q << 2);
      for (let x = x0; x < end; x += 16) {
        const v = v128.load(x);
        const u = v128.load(x + block);
        const c0 = v128.load32_splat(c);
        const c1 = v128.load32_splat(c, 4);
        a0 = f32x4.add(a0, f32x4.mul(v, c0));
        b0 = f32x4.add(b0, f32x4.mul(u, c0));
        a1 = f32x4.add(a1, f32x4.mul(v, c1));
        b1 = f32x4.add(b1, f32x4.mul(u, c1));
        c += column;
      }
      label0 = labelOf(a0, best0, q, label0);
      label1 = labelOf(b0, best1, q, label1);
      best0 = f32x4.pmax(best0, a0);
      best1 = f32x4.pmax(best1, b0);
      label0 = labelOf(a1, best0, q + 1, label0);
      label1 = labelOf(b1, best1, q + 1, label1);
      best0 = f32x4.pmax(best0, a1);
      best1 = f32x4.pmax(best1, b1);
    }
    const at = <usize>i;
    if (i + 8 <= to) {
      const w = weights ? weights + (at << 3) : 0;
      const norm0 = v128.load(norms + (at << 2));
      const norm1 = v128.load(norms + (at << 2), 16);
      inertia = f64x2.add(inertia, squares(norm0, best0, w));
      inertia = f64x2.add(inertia, squares(upper(norm0), upper(best0), w ? w + 16 : 0));
      inertia = f64x2.add(inertia, squares(norm1, best1, w ? w + 32 : 0));
      inertia = f64x2.add(inertia, squares(upper(norm1), upper(best1), w ? w + 48 : 0));
      const was = labels + (at << 2);
      const isSame = v128.and(i32x4.eq(label0, v128.load(was)), i32x4.eq(label1, v128.load(was, 16)));
      if (i32x4.all_true(isSame)) continue;
    }
    v128.store(scratch, label0);
    v128.store(scratch, label1, 16);
    if (i + 8 > to) {
      v128.store(scratch, best0, 32);
      v128.store(scratch, best1, 48);
      for (let r = 0; r < to - i; r++) {
        const w = weights ? load<f64>(weights + ((at + r) << 3)) : 1.0;
        const best = load<f32>(scratch + (<usize>r << 2), 32);
        rest += w * max(0, f64(load<f32>(norms + ((at + r) << 2))) - 2 * f64(best));
      }
    }
    changed += moveRows(x0, d, i, min(4, to - i), scratch, labels, weights, sums);
    changed += moveRows(end, d, i + 4, min(4, to - i - 4), scratch + 16, labels, weights, sums);
  }
  store<f64>(out, f64x2.extract_lane(inertia, 0) + f64x2.extract_lane(inertia, 1) + rest);
  store<f64>(out, f64(changed), 8);
}

/** Squared distances of the four rows of a block to a point. */
@inline
function distances(x0: usize, d: i32, point: usize): v128 {
  let s = f32x4.splat(0);
  for (let j = 0; j < d; j++) {
    const e = f32x4.sub(v128.load(x0 + (<usize>j << 4)), v128.load32_splat(point + (<usize>j << 2)));
    s = f32x4.add(s, f32x4.mul(e, e));
  }
  return s;
}

/** Σ w min(closest, s) over the first nHere rows of a block is added to `out`; with `keep` that minimum is kept. */
@inline
function addClosest(s: v128, row: i32, nHere: i32, closest: usize, weights: usize, keep: i32, out: usize): void {
  const at = closest + (<usize>row << 3);
  const w = weights + (<usize>row << 3);
  if (nHere == 4) {
    const low = f64x2.pmin(v128.load(at), f64x2.promote_low_f32x4(s));
    const high = f64x2.pmin(v128.load(at, 16), f64x2.promote_low_f32x4(upper(s)));
    if (keep) {
      v128.store(at, low);
      v128.store(at, high, 16);
    }
    const sum = weights
      ? f64x2.add(f64x2.mul(low, v128.load(w)), f64x2.mul(high, v128.load(w, 16)))
      : f64x2.add(low, high);
    store<f64>(out, load<f64>(out) + f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
    return;
  }
  for (let r = 0; r < nHere; r++) {
    const e = r == 0 ? f32x4.extract_lane(s, 0) : r == 1 ? f32x4.extract_lane(s, 1) : f32x4.extract_lane(s, 2);
    const m = min(load<f64>(at + (<usize>r << 3)), f64(e));
    if (keep) store<f64>(at + (<usize>r << 3), m);
    store<f64>(out, load<f64>(out) + m * (weights ? load<f64>(w + (<usize>r << 3)) : 1.0));
  }
}

/**
 * Steps of k-means++ for rows [from, to), from a multiple of 4: Σ w min(closest, |x − c|²) for each of `count` candidates,
 * f32 (count, d), to out f64 (count,). With `keep`, closest f64 (n,) becomes that minimum for the only candidate.
 */
export function candidates(X: usize, d: i32, from: i32, to: i32, points: usize, count: i32, closest: usize, weights: usize, keep: i32, out: usize): void {
  const block = <usize>d << 4;
  const size = <usize>d << 2;
  memory.fill(out, 0, <usize>count << 3);
  for (let i = from; i < to; i += 4) {
    const x = X + <usize>(i >> 2) * block;
    const nHere = min(4, to - i);
    let point = points;
    let sum = out;
    let c = 0;
    for (; c + 2 <= count; c += 2) {
      let s = f32x4.splat(0);
      let t = s;
      for (let j = 0; j < d; j++) {
        const v = v128.load(x + (<usize>j << 4));
        const p = point + (<usize>j << 2);
        const e = f32x4.sub(v, v128.load32_splat(p));
        const f = f32x4.sub(v, v128.load32_splat(p + size));
        s = f32x4.add(s, f32x4.mul(e, e));
        t = f32x4.add(t, f32x4.mul(f, f));
      }
      addClosest(s, i, nHere, closest, weights, 0, sum);
      addClosest(t, i, nHere, closest, weights, 0, sum + 8);
      point += 2 * size;
      sum += 16;
    }
    if (c < count) addClosest(distances(x, d, point), i, nHere, closest, weights, keep, sum);
  }
}
