// Lloyd's assignment step: nearest centre of every row, and the sums of rows by centre.

/**
 * Rows [from, to) of X, f32 (n, stride), stride a multiple of 4 padded with 0; centres f32 (k, stride).
 * @param halfNorms f32 (k,): |c|² / 2  @param labels i32 (n,)  @param sums out f64 (k, stride + 2): Σ w x, Σ w, Σ w d²
 * @param weights f64 (n,) or 0  @param norms f32 (n,): |x|²
 * @returns number of labels that changed
 */
export function assignRows(X: usize, stride: i32, from: i32, to: i32, centres: usize, k: i32, halfNorms: usize, labels: usize, weights: usize, norms: usize, sums: usize): i32 {
  const width = stride + 2;
  memory.fill(sums, 0, (<usize>k * width) << 3);
  let changed = 0;
  for (let i = from; i < to; i++) {
    const x = X + ((<usize>i * stride) << 2);
    let best: f32 = f32(-Infinity);
    let label = 0;
    for (let c = 0; c < k; c++) {
      const m = centres + ((<usize>c * stride) << 2);
      let s = f32x4.splat(0);
      for (let j = 0; j < stride; j += 4) {
        s = f32x4.add(s, f32x4.mul(v128.load(x + (<usize>j << 2)), v128.load(m + (<usize>j << 2))));
      }
      const score =
        f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3)) -
        load<f32>(halfNorms + (<usize>c << 2));
      if (score > best) {
        best = score;
        label = c;
      }
    }
    const at = labels + (<usize>i << 2);
    if (load<i32>(at) != label) {
      store<i32>(at, label);
      changed++;
    }
    const w = weights ? load<f64>(weights + (<usize>i << 3)) : 1.0;
    const sum = sums + ((<usize>label * width) << 3);
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
    store<f64>(tail, load<f64>(tail, 8) + w * max(0, f64(load<f32>(norms + (<usize>i << 2))) - 2 * f64(best)), 8);
  }
  return changed;
}

/** closest[i] = min(closest[i], |x_i − centre|²) for rows [from, to): the step of k-means++. */
export function closerTo(X: usize, stride: i32, from: i32, to: i32, centre: usize, closest: usize): void {
  for (let i = from; i < to; i++) {
    const x = X + ((<usize>i * stride) << 2);
    let s = f32x4.splat(0);
    for (let j = 0; j < stride; j += 4) {
      const d = f32x4.sub(v128.load(x + (<usize>j << 2)), v128.load(centre + (<usize>j << 2)));
      s = f32x4.add(s, f32x4.mul(d, d));
    }
    const d2 = f64(f32x4.extract_lane(s, 0)) + f64(f32x4.extract_lane(s, 1)) + f64(f32x4.extract_lane(s, 2)) + f64(f32x4.extract_lane(s, 3));
    const at = closest + (<usize>i << 3);
    if (d2 < load<f64>(at)) store<f64>(at, d2);
  }
}
