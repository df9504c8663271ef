// Sequential minimal optimisation with second-order working sets (Fan, Chen, Lin 2005), shrinking and a row cache.
import { exp } from './loss';

/**
 * min ½ αᵀQα + pᵀα, yᵀα = const, 0 ≤ α_v ≤ C_v, with Q_uv = y_u y_v K(u mod n, v mod n).
 * l variables over n rows: l = n to tell classes apart, l = 2n for regression.
 */
@unmanaged
class Smo {
  n: i32;
  l: i32;
  stride: i32; // features
  kernel: i32; // 0 linear, 1 rbf, 2 poly, 3 sigmoid
  degree: i32;
  X: u32; // f32 (n / 4 rounded up to even, stride, 4)
  own: u32; // f32 (stride,): scratch
  y: u32; // f64 (l,): 1 or -1
  alpha: u32; // f64 (l,)
  grad: u32; // f64 (l,)
  C: u32; // f64 (l,)
  diag: u32; // f64 (n,): K(i, i)
  active: u32; // u32 (l,): variables not shrunk, ascending
  nActive: i32;
  rows: u32; // f32 (nSlots, pitch): cached kernel rows
  nSlots: i32;
  slotOf: u32; // i32 (n,): slot of row i or -1
  ownerOf: u32; // i32 (nSlots,)
  usedAt: u32; // u32 (nSlots,)
  clock: u32;
  p: u32; // f64 (l,)
  pitch: i32; // floats a cached row, a multiple of 8
  isUnshrunk: i32;
  unused: i32;
  gamma: f64;
  coef0: f64;
  eps: f64;
  gap: f64; // out: largest violation
  iterations: f64; // out
  shrinkEvery: i32;
  sinceShrink: i32;
}

function power(x: f64, n: i32): f64 {
  let out: f64 = 1;
  for (let k = 0; k < n; k++) out *= x;
  return out;
}

function tanh(x: f64): f64 {
  const e = exp(-2 * Math.abs(x));
  const t = (1 - e) / (1 + e);
  return x < 0 ? -t : t;
}

/** e^x of four numbers up to 0, to about 2 ulp of float32 (Cephes expf). */
@inline
function expf4(x: v128): v128 {
  x = f32x4.max(x, f32x4.splat(-87));
  const k = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(k, f32x4.splat(0.693359375))), f32x4.mul(k, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  return f32x4.mul(p, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23));
}

@inline
function transform(kernel: i32, gamma: f64, coef0: f64, degree: i32, d: f64): f32 {
  if (kernel == 2) return f32(power(gamma * d + coef0, degree));
  return f32(tanh(gamma * d + coef0));
}

/**
 * Kernel of a, f32 (stride,), against n rows of X, f32 (n / 4, stride, 4): a lane is a row. To out, f32, room for a multiple
 * of 8. The rbf kernel adds up squared differences: |a|² + |b|² − 2ab would cancel in float32.
 */
export function kernelRow(kernel: i32, gamma: f64, coef0: f64, degree: i32, a: usize, X: usize, n: i32, stride: i32, out: usize): void {
  const block = <usize>stride << 4;
  const end = a + (<usize>stride << 2);
  for (let j = 0; j < n; j += 8) {
    let x = X + <usize>(j >> 2) * block;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    if (kernel == 1) {
      for (let p = a; p < end; p += 4) {
        const v = v128.load32_splat(p);
        const d0 = f32x4.sub(v, v128.load(x));
        const d1 = f32x4.sub(v, v128.load(x + block));
        s0 = f32x4.add(s0, f32x4.mul(d0, d0));
        s1 = f32x4.add(s1, f32x4.mul(d1, d1));
        x += 16;
      }
      const g = f32x4.splat(f32(-gamma));
      s0 = expf4(f32x4.mul(g, s0));
      s1 = expf4(f32x4.mul(g, s1));
    } else {
      for (let p = a; p < end; p += 4) {
        const v = v128.load32_splat(p);
        s0 = f32x4.add(s0, f32x4.mul(v, v128.load(x)));
        s1 = f32x4.add(s1, f32x4.mul(v, v128.load(x + block)));
        x += 16;
      }
    }
    const o = out + (<usize>j << 2);
    v128.store(o, s0);
    v128.store(o, s1, 16);
    if (kernel > 1) {
      for (let k: usize = 0; k < 32; k += 4) {
        store<f32>(o + k, transform(kernel, gamma, coef0, degree, f64(load<f32>(o + k))));
      }
    }
  }
}

function rowOf(s: Smo, i: i32): usize {
  const known = <usize>s.slotOf + (<usize>i << 2);
  let slot = load<i32>(known);
  s.clock++;
  if (slot < 0) {
    slot = 0;
    for (let k = 1; k < s.nSlots; k++) {
      if (load<u32>(<usize>s.usedAt + (<usize>k << 2)) < load<u32>(<usize>s.usedAt + (<usize>slot << 2))) slot = k;
    }
    const owner = load<i32>(<usize>s.ownerOf + (<usize>slot << 2));
    if (owner >= 0) store<i32>(<usize>s.slotOf + (<usize>owner << 2), -1);
    store<i32>(<usize>s.ownerOf + (<usize>slot << 2), i);
    store<i32>(known, slot);
    const out = <usize>s.rows + (<usize>slot * s.pitch << 2);
    // The row itself, out of its lane
    const lane = <usize>s.X + (<usize>(i >> 2) * s.stride << 4) + (<usize>(i & 3) << 2);
    for (let j = 0; j < s.stride; j++) store<f32>(<usize>s.own + (<usize>j << 2), load<f32>(lane + (<usize>j << 4)));
    kernelRow(s.kernel, s.gamma, s.coef0, s.degree, s.own, s.X, s.n, s.stride, out);
  }
  store<u32>(<usize>s.usedAt + (<usize>slot << 2), s.clock);
  return <usize>s.rows + (<usize>slot * s.pitch << 2);
}

@inline
function at(base: u32, i: i32): f64 {
  return load<f64>(<usize>base + (<usize>i << 3));
}
@inline
function sampleOf(s: Smo, v: i32): i32 {
  return v < s.n ? v : v - s.n;
}
@inline
function isUp(y: f64, alpha: f64, C: f64): bool {
  return y > 0 ? alpha < C : alpha > 0;
}
@inline
function isLow(y: f64, alpha: f64, C: f64): bool {
  return y > 0 ? alpha > 0 : alpha < C;
}

/** Up to maxSteps steps; returns 1 when the violation is below eps. */
export function smoSteps(problem: usize, maxSteps: i32): i32 {
  const s = changetype<Smo>(problem);
  for (let step = 0; step < maxSteps; step++) {
    if (s.shrinkEvery > 0 && ++s.sinceShrink >= s.shrinkEvery) {
      s.sinceShrink = 0;
      shrink(s);
    }
    if (!smoStep(s)) {
      if (s.nActive == s.l) return 1;
      // Converged on what is active: look at everything again.
      restore(s);
      s.sinceShrink = 0;
      if (!smoStep(s)) return 1;
    }
    s.iterations++;
  }
  return 0;
}

function smoStep(s: Smo): bool {
  let gMax: f64 = -Infinity;
  let i = -1;
  for (let k = 0; k < s.nActive; k++) {
    const v = load<i32>(<usize>s.active + (<usize>k << 2));
    const y = at(s.y, v);
    if (!isUp(y, at(s.alpha, v), at(s.C, v))) continue;
    const g = -y * at(s.grad, v);
    if (g > gMax) {
      gMax = g;
      i = v;
    }
  }
  if (i < 0) {
    s.gap = 0;
    return false;
  }
  const rowI = rowOf(s, sampleOf(s, i));
  const kii = at(s.diag, sampleOf(s, i));
  let gMin: f64 = Infinity;
  let best: f64 = Infinity;
  let j = -1;
  for (let k = 0; k < s.nActive; k++) {
    const v = load<i32>(<usize>s.active + (<usize>k << 2));
    const y = at(s.y, v);
    if (!isLow(y, at(s.alpha, v), at(s.C, v))) continue;
    const g = -y * at(s.grad, v);
    gMin = min(gMin, g);
    const b = gMax - g;
    if (b <= 0) continue;
    const sv = sampleOf(s, v);
    const a = max(1e-12, kii + at(s.diag, sv) - 2 * f64(load<f32>(rowI + (<usize>sv << 2))));
    const gain = -(b * b) / a;
    if (gain < best) {
      best = gain;
      j = v;
    }
  }
  s.gap = gMax - gMin;
  if (j < 0 || s.gap < s.eps) return false;
  const si = sampleOf(s, i);
  const sj = sampleOf(s, j);
  const rowJ = rowOf(s, sj);
  const yi = at(s.y, i);
  const yj = at(s.y, j);
  const a = max(1e-12, kii + at(s.diag, sj) - 2 * f64(load<f32>(rowI + (<usize>sj << 2))));
  // Move y_i α_i up and y_j α_j down by t, as far as the box allows
  let t = (-yi * at(s.grad, i) + yj * at(s.grad, j)) / a;
  const ai = at(s.alpha, i);
  const aj = at(s.alpha, j);
  const Ci = at(s.C, i);
  const Cj = at(s.C, j);
  const roomI = yi > 0 ? Ci - ai : ai;
  const roomJ = yj > 0 ? aj : Cj - aj;
  t = min(t, min(roomI, roomJ));
  // At a bound exactly, not nearly
  const newI = t >= roomI ? (yi > 0 ? Ci : 0) : ai + yi * t;
  const newJ = t >= roomJ ? (yj > 0 ? 0 : Cj) : aj - yj * t;
  store<f64>(<usize>s.alpha + (<usize>i << 3), newI);
  store<f64>(<usize>s.alpha + (<usize>j << 3), newJ);
  for (let k = 0; k < s.nActive; k++) {
    const v = load<i32>(<usize>s.active + (<usize>k << 2));
    const sv = <usize>sampleOf(s, v) << 2;
    const g = <usize>s.grad + (<usize>v << 3);
    store<f64>(g, load<f64>(g) + at(s.y, v) * t * (f64(load<f32>(rowI + sv)) - f64(load<f32>(rowJ + sv))));
  }
  return true;
}

/** Leaves out variables at a bound that pull away from it. */
function shrink(s: Smo): void {
  let up: f64 = -Infinity;
  let low: f64 = Infinity;
  for (let k = 0; k < s.nActive; k++) {
    const v = load<i32>(<usize>s.active + (<usize>k << 2));
    const g = -at(s.y, v) * at(s.grad, v);
    if (isUp(at(s.y, v), at(s.alpha, v), at(s.C, v))) up = max(up, g);
    if (isLow(at(s.y, v), at(s.alpha, v), at(s.C, v))) low = min(low, g);
  }
  if (!s.isUnshrunk && up - low <= s.eps * 10) {
    s.isUnshrunk = 1;
    restore(s);
    return;
  }
  let m = 0;
  for (let k = 0; k < s.nActive; k++) {
    const v = load<i32>(<usize>s.active + (<usize>k << 2));
    const g = -at(s.y, v) * at(s.grad, v);
    const canUp = isUp(at(s.y, v), at(s.alpha, v), at(s.C, v));
    const canLow = isLow(at(s.y, v), at(s.alpha, v), at(s.C, v));
    const isStuck = (canUp && !canLow && g < low) || (canLow && !canUp && g > up);
    if (isStuck) continue;
    store<i32>(<usize>s.active + (<usize>m << 2), v);
    m++;
  }
  s.nActive = m;
}

/** Makes all variables active and their gradients right. */
function restore(s: Smo): void {
  if (s.nActive == s.l) return;
  // Which were active: their gradients are right already.
  const mark = <usize>s.active + (<usize>s.l << 2);
  memory.fill(mark, 0, s.l);
  for (let k = 0; k < s.nActive; k++) store<u8>(mark + load<i32>(<usize>s.active + (<usize>k << 2)), 1);
  for (let v = 0; v < s.l; v++) if (!load<u8>(mark + v)) store<f64>(<usize>s.grad + (<usize>v << 3), at(s.p, v));
  for (let u = 0; u < s.l; u++) {
    const a = at(s.alpha, u);
    if (a == 0) continue;
    const row = rowOf(s, sampleOf(s, u));
    const ya = at(s.y, u) * a;
    for (let v = 0; v < s.l; v++) {
      if (load<u8>(mark + v)) continue;
      const g = <usize>s.grad + (<usize>v << 3);
      store<f64>(g, load<f64>(g) + at(s.y, v) * ya * f64(load<f32>(row + (<usize>sampleOf(s, v) << 2))));
    }
  }
  for (let v = 0; v < s.l; v++) store<i32>(<usize>s.active + (<usize>v << 2), v);
  s.nActive = s.l;
}

/**
 * out, f64 (nRows, nOut) = Σ_sv coef[o][sv] K(row, sv) for rows [from, to) of A, f32 (nRows, stride).
 * @param X support vectors, f32 (nSv / 4 rounded up to even, stride, 4)  @param coef f64 (nOut, nSv)
 * @param scratch f32, room for nSv rounded up to 8
 */
export function kernelExpand(kernel: i32, gamma: f64, coef0: f64, degree: i32, A: usize, from: i32, to: i32, X: usize, nSv: i32, stride: i32, coef: usize, nOut: i32, scratch: usize, out: usize): void {
  for (let i = from; i < to; i++) {
    kernelRow(kernel, gamma, coef0, degree, A + ((<usize>i * stride) << 2), X, nSv, stride, scratch);
    for (let o = 0; o < nOut; o++) {
      const c = coef + ((<usize>o * nSv) << 3);
      let sum: f64 = 0;
      for (let j = 0; j < nSv; j++) sum += load<f64>(c + (<usize>j << 3)) * f64(load<f32>(scratch + (<usize>j << 2)));
      store<f64>(out + ((<usize>i * nOut + o) << 3), sum);
    }
  }
}
