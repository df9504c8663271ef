// Updates of a network's parameters, each one pass over arrays that the optimisers' formulas would read a dozen times.
// All arrays are f32 and lie at multiples of 16 bytes; `n` is rounded up to 4, what stands behind the end must be 0.

/** Σ g² of n values. */
export function sumSquares(g: usize, n: i32): f64 {
  let low = f64x2.splat(0);
  let high = low;
  for (let end = g + (<usize>n << 2); g < end; g += 16) {
    const x = v128.load(g);
    const a = f64x2.promote_low_f32x4(x);
    const b = f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  low = f64x2.add(low, high);
  return f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
}

/** g = g cut at ± limit (may be infinite). NaN stays. */
export function cutValues(g: usize, n: i32, limit: f32): void {
  const most = f32x4.splat(limit);
  const least = f32x4.splat(-limit);
  for (let end = g + (<usize>n << 2); g < end; g += 16) v128.store(g, f32x4.max(f32x4.min(v128.load(g), most), least));
}

/** g = g · factor */
export function scaleValues(g: usize, n: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  for (let end = g + (<usize>n << 2); g < end; g += 16) v128.store(g, f32x4.mul(v128.load(g), f));
}

/** Adam and AdamW (keep < 1) with averages kept without their factors: see models/network/optimizers.ts. */
export function adamStep(theta: usize, g: usize, m: usize, v: usize, n: i32, beta1: f32, beta2: f32, rate: f32, epsilon: f32, keep: f32): void {
  const b1 = f32x4.splat(beta1);
  const b2 = f32x4.splat(beta2);
  const r = f32x4.splat(rate);
  const e = f32x4.splat(epsilon);
  const k = f32x4.splat(keep);
  for (let at: usize = 0, end = <usize>n << 2; at < end; at += 16) {
    const x = v128.load(g + at);
    const mean = f32x4.add(f32x4.mul(v128.load(m + at), b1), x);
    const square = f32x4.add(f32x4.mul(v128.load(v + at), b2), f32x4.mul(x, x));
    v128.store(m + at, mean);
    v128.store(v + at, square);
    const step = f32x4.mul(f32x4.div(mean, f32x4.add(f32x4.sqrt(square), e)), r);
    v128.store(theta + at, f32x4.sub(f32x4.mul(v128.load(theta + at), k), step));
  }
}

/** RMSprop; the average as in `adamStep`. */
export function rmspropStep(theta: usize, g: usize, v: usize, n: i32, rho: f32, rate: f32, epsilon: f32): void {
  const b = f32x4.splat(rho);
  const r = f32x4.splat(rate);
  const e = f32x4.splat(epsilon);
  for (let at: usize = 0, end = <usize>n << 2; at < end; at += 16) {
    const x = v128.load(g + at);
    const square = f32x4.add(f32x4.mul(v128.load(v + at), b), f32x4.mul(x, x));
    v128.store(v + at, square);
    const step = f32x4.mul(f32x4.div(x, f32x4.add(f32x4.sqrt(square), e)), r);
    v128.store(theta + at, f32x4.sub(v128.load(theta + at), step));
  }
}

/** Gradient descent. @param v velocity, or 0 without momentum */
export function sgdStep(theta: usize, g: usize, v: usize, n: i32, momentum: f32, isNesterov: i32, rate: f32): void {
  const b = f32x4.splat(momentum);
  const r = f32x4.splat(rate);
  for (let at: usize = 0, end = <usize>n << 2; at < end; at += 16) {
    const x = v128.load(g + at);
    let step = x;
    if (v != 0) {
      const velocity = f32x4.add(f32x4.mul(v128.load(v + at), b), x);
      v128.store(v + at, velocity);
      step = isNesterov ? f32x4.add(f32x4.mul(velocity, b), x) : velocity;
    }
    v128.store(theta + at, f32x4.sub(v128.load(theta + at), f32x4.mul(step, r)));
  }
}
