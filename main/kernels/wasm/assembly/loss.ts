// Gradients and hessians of the boosting losses, per row and unweighted; and their fixed-point form.

const LN2_HI: f64 = 6.93147180369123816490e-1;
const LN2_LO: f64 = 1.90821492927058770002e-10;

/** e^x to about 1 ulp: x = k ln 2 + r, Taylor to degree 12 in r. No tables: module memory is shared. */
export function exp(x: f64): f64 {
  if (x > 709) return Infinity;
  if (x < -708) return 0;
  const k = nearest(x * 1.4426950408889634);
  const r = x - k * LN2_HI - k * LN2_LO;
  let p: f64 = 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  return p * reinterpret<f64>((<i64>k + 1023) << 52);
}

/** e^x of two numbers within ±708, the same way. */
@inline
function exp2(x: v128): v128 {
  x = f64x2.max(f64x2.min(x, f64x2.splat(708)), f64x2.splat(-708));
  const k = f64x2.nearest(f64x2.mul(x, f64x2.splat(1.4426950408889634)));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HI))), f64x2.mul(k, f64x2.splat(LN2_LO)));
  let p = f64x2.splat(1.0 / 479001600.0);
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 39916800.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 3628800.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 362880.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 40320.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 5040.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 720.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 120.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 24.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 6.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.5));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1));
  // k + 1023 + 2^52 holds k + 1023 in its lowest bits: shifted up they are the exponent of 2^k.
  return f64x2.mul(p, i64x2.shl(f64x2.add(k, f64x2.splat(4503599627370496.0 + 1023.0)), 52));
}

/** Log loss of two classes without weights, two rows at a time; see `gradients`. */
function logLossPairs(from: i32, to: i32, score: usize, y: usize, g: usize, h: usize, sums: usize): void {
  const one = f64x2.splat(1);
  let sumG = f64x2.splat(0);
  let sumH = f64x2.splat(0);
  for (let i = from; i < to; i += 2) {
    const s = v128.load(score + (<usize>i << 3));
    const p = f64x2.div(one, f64x2.add(one, exp2(f64x2.neg(s))));
    const gf = f32x4.demote_f64x2_zero(f64x2.sub(p, v128.load(y + (<usize>i << 3))));
    const hf = f32x4.demote_f64x2_zero(f64x2.mul(p, f64x2.sub(one, p)));
    v128.store64_lane(g + (<usize>i << 2), gf, 0);
    v128.store64_lane(h + (<usize>i << 2), hf, 0);
    sumG = f64x2.add(sumG, f64x2.abs(f64x2.promote_low_f32x4(gf)));
    sumH = f64x2.add(sumH, f64x2.promote_low_f32x4(hf));
  }
  store<f64>(sums, f64x2.extract_lane(sumG, 0) + f64x2.extract_lane(sumG, 1));
  store<f64>(sums, f64x2.extract_lane(sumH, 0) + f64x2.extract_lane(sumH, 1), 8);
  store<f64>(sums, f64(to - from), 16);
}

/**
 * g and h, f32, of rows [from, to). Loss: 0 log loss of two classes, 1 squared, 2 Poisson (log link), 3 quantile.
 * @param score f64 raw prediction  @param y f64  @param weights f64 or 0
 * @param sums out f64 (3,): sum of w|g|, w h, w
 */
export function gradients(loss: i32, from: i32, to: i32, score: usize, y: usize, weights: usize, alpha: f64, g: usize, h: usize, sums: usize): void {
  if (loss == 0 && !weights && ((to - from) & 1) == 0) {
    logLossPairs(from, to, score, y, g, h, sums);
    return;
  }
  let sumG: f64 = 0;
  let sumH: f64 = 0;
  let sumW: f64 = 0;
  for (let i = from; i < to; i++) {
    const s = load<f64>(score + (<usize>i << 3));
    const t = load<f64>(y + (<usize>i << 3));
    let gi: f64;
    let hi: f64 = 1;
    if (loss == 0) {
      // The same arithmetic as in pairs, to the last bit
      const p = 1.0 / (1.0 + f64x2.extract_lane(exp2(f64x2.splat(-s)), 0));
      gi = p - t;
      hi = p * (1.0 - p);
    } else if (loss == 1) {
      gi = s - t;
    } else if (loss == 2) {
      hi = exp(s);
      gi = hi - t;
    } else {
      gi = s >= t ? 1.0 - alpha : -alpha;
    }
    store<f32>(g + (<usize>i << 2), f32(gi));
    store<f32>(h + (<usize>i << 2), f32(hi));
    const w = weights ? load<f64>(weights + (<usize>i << 3)) : 1.0;
    sumG += w * Math.abs(f64(f32(gi)));
    sumH += w * f64(f32(hi));
    sumW += w;
  }
  store<f64>(sums, sumG);
  store<f64>(sums, sumH, 8);
  store<f64>(sums, sumW, 16);
}

/** Two numbers from `at` on, or the first one twice. */
@inline
function two(at: usize, isPair: bool): v128 {
  return isPair ? v128.load(at) : v128.load64_splat(at);
}

@inline
function storeTwo(at: usize, values: v128, isPair: bool): void {
  if (isPair) v128.store64_lane(at, values, 0);
  else v128.store32_lane(at, values, 0);
}

/** Adds both lanes to a number in memory. */
@inline
function addTwo(at: usize, v: v128): void {
  store<f64>(at, load<f64>(at) + f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1));
}

/**
 * Softmax log loss: g and h, f32 (nClasses, n), of rows [from, to), two rows at a time. Scores f64 (nClasses, n), y holds
 * class indices.
 * @param sums out f64 (nClasses, 3)
 */
export function softmaxGradients(nClasses: i32, n: i32, from: i32, to: i32, score: usize, y: usize, weights: usize, g: usize, h: usize, sums: usize): void {
  memory.fill(sums, 0, <usize>nClasses * 24);
  const one = f64x2.splat(1);
  const column = <usize>n << 3;
  let sumW: f64 = 0;
  for (let i = from; i < to; i += 2) {
    const isPair = i + 1 < to;
    const first = score + (<usize>i << 3);
    const end = first + <usize>nClasses * column;
    let top = f64x2.splat(-Infinity);
    for (let s = first; s < end; s += column) top = f64x2.max(top, two(s, isPair));
    // Exponentials wait in g, in the precision that g has anyway.
    let total = f64x2.splat(0);
    let gAt = g + (<usize>i << 2);
    for (let s = first; s < end; s += column) {
      const e = exp2(f64x2.sub(two(s, isPair), top));
      total = f64x2.add(total, e);
      storeTwo(gAt, f32x4.demote_f64x2_zero(e), isPair);
      gAt += column >> 1;
    }
    const share = f64x2.div(one, total);
    const target = two(y + (<usize>i << 3), isPair);
    let w = weights ? two(weights + (<usize>i << 3), isPair) : one;
    if (!isPair) w = f64x2.replace_lane(w, 1, 0);
    sumW += f64x2.extract_lane(w, 0) + f64x2.extract_lane(w, 1);
    gAt = g + (<usize>i << 2);
    let hAt = h + (<usize>i << 2);
    for (let k = 0; k < nClasses; k++) {
      const e = isPair ? v128.load64_zero(gAt) : v128.load32_zero(gAt);
      const p = f64x2.mul(f64x2.promote_low_f32x4(e), share);
      const own = v128.and(f64x2.eq(target, f64x2.splat(f64(k))), one);
      const gi = f32x4.demote_f64x2_zero(f64x2.sub(p, own));
      const hi = f32x4.demote_f64x2_zero(f64x2.mul(p, f64x2.sub(one, p)));
      storeTwo(gAt, gi, isPair);
      storeTwo(hAt, hi, isPair);
      const s = sums + <usize>k * 24;
      addTwo(s, f64x2.mul(w, f64x2.abs(f64x2.promote_low_f32x4(gi))));
      addTwo(s + 8, f64x2.mul(w, f64x2.promote_low_f32x4(hi)));
      gAt += column >> 1;
      hAt += column >> 1;
    }
  }
  for (let k = 0; k < nClasses; k++) store<f64>(sums + <usize>k * 24, sumW, 16);
}

/**
 * gh[i] = round(w round(g scaleG)) << 32 | round(w round(h scaleH)), i64. The inner rounding makes integer weights equal
 * repeated rows to the last bit.
 */
export function quantise(from: i32, to: i32, g: usize, h: usize, weights: usize, scaleG: f64, scaleH: f64, gh: usize): void {
  if (!weights) {
    for (let i = from; i < to; i++) {
      const qg = <i64>nearest(f64(load<f32>(g + (<usize>i << 2))) * scaleG);
      const qh = <i64>nearest(f64(load<f32>(h + (<usize>i << 2))) * scaleH);
      store<i64>(gh + (<usize>i << 3), (qg << 32) + qh);
    }
    return;
  }
  for (let i = from; i < to; i++) {
    const w = load<f64>(weights + (<usize>i << 3));
    const qg = <i64>nearest(w * nearest(f64(load<f32>(g + (<usize>i << 2))) * scaleG));
    const qh = <i64>nearest(w * nearest(f64(load<f32>(h + (<usize>i << 2))) * scaleH));
    store<i64>(gh + (<usize>i << 3), (qg << 32) + qh);
  }
}

/** Adds each leaf's value to the scores of its rows, for positions [from, to). Leaves are (end position i32, pad, value f64). */
export function addLeafValues(rows: usize, from: i32, to: i32, leaves: usize, score: usize): void {
  let leaf = leaves;
  while (load<i32>(leaf) <= from) leaf += 16;
  let i = from;
  while (i < to) {
    const end = min(load<i32>(leaf), to);
    const value = load<f64>(leaf, 8);
    for (; i < end; i++) {
      const at = score + (<usize>load<u32>(rows + (<usize>i << 2)) << 3);
      store<f64>(at, load<f64>(at) + value);
    }
    leaf += 16;
  }
}

/** Totals of gh over rows [0, n) of `rows`: (gradient, hessian, weight) f64 to out. */
export function sumRows(rows: usize, from: i32, to: i32, gh: usize, weights: usize, out: usize): void {
  let g: i64 = 0;
  let h: i64 = 0;
  let w: f64 = 0;
  for (let i = from; i < to; i++) {
    const r = <usize>load<u32>(rows + (<usize>i << 2));
    const q = load<i64>(gh + (r << 3));
    g += q >> 32;
    h += q & 0xffffffff;
    w += weights ? load<f64>(weights + (r << 3)) : 1;
  }
  store<f64>(out, f64(g));
  store<f64>(out, f64(h), 8);
  store<f64>(out, w, 16);
}
