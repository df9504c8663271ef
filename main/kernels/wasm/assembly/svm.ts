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
  stride: i32; // floats a row of X, a multiple of 4, padded with 0
  kernel: i32; // 0 linear, 1 rbf, 2 poly, 3 sigmoid
  degree: i32;
  X: u32; // f32 (n, stride)
  norms: u32; // f64 (n,): squared norms
  y: u32; // f64 (l,): 1 or -1
  alpha: u32; // f64 (l,)
  grad: u32; // f64 (l,)
  C: u32; // f64 (l,)
  diag: u32; // f64 (n,): K(i, i)
  active: u32; // u32 (l,): variables not shrunk, ascending
  nActive: i32;
  rows: u32; // f32 (nSlots, n): cached kernel rows
  nSlots: i32;
  slotOf: u32; // i32 (n,): slot of row i or -1
  ownerOf: u32; // i32 (nSlots,)
  usedAt: u32; // u32 (nSlots,)
  clock: u32;
  p: u32; // f64 (l,)
  isUnshrunk: i32;
  gamma: f64;
  coef0: f64;
  eps: f64;
  gap: f64; // out: largest violation
  iterations: f64; // out
  shrinkEvery: i32;
  sinceShrink: i32;
}

function dot(a: usize, b: usize, stride: i32): f64 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let k = 0;
  for (; k + 8 <= stride; k += 8) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
    a += 32;
    b += 32;
  }
  if (k < stride) s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)));
  s0 = f32x4.add(s0, s1);
  return (
    f64(f32x4.extract_lane(s0, 0)) + f64(f32x4.extract_lane(s0, 1)) + f64(f32x4.extract_lane(s0, 2)) + f64(f32x4.extract_lane(s0, 3))
  );
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

/** Kernel of a (squared norm aa) against n rows of X, to out, f32 (n,). */
export function kernelRow(kernel: i32, gamma: f64, coef0: f64, degree: i32, a: usize, aa: f64, X: usize, norms: usize, n: i32, stride: i32, out: usize): void {
  for (let j = 0; j < n; j++) {
    const d = dot(a, X + ((<usize>j * stride) << 2), stride);
    let v: f64;
    if (kernel == 0) v = d;
    else if (kernel == 1) v = exp(-gamma * max(0, aa + load<f64>(norms + (<usize>j << 3)) - 2 * d));
    else if (kernel == 2) v = power(gamma * d + coef0, degree);
    else v = tanh(gamma * d + coef0);
    store<f32>(out + (<usize>j << 2), f32(v));
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
    const out = <usize>s.rows + (<usize>slot * s.n << 2);
    kernelRow(s.kernel, s.gamma, s.coef0, s.degree, <usize>s.X + ((<usize>i * s.stride) << 2), load<f64>(<usize>s.norms + (<usize>i << 3)), s.X, s.norms, s.n, s.stride, out);
  }
  store<u32>(<usize>s.usedAt + (<usize>slot << 2), s.clock);
  return <usize>s.rows + (<usize>slot * s.n << 2);
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
 * out, f64 (nRows, nOut) += Σ_sv coef[o][sv] K(row, sv) for rows [from, to) of A.
 * @param coef f64 (nOut, nSv)  @param scratch f32 (nSv,)
 */
export function kernelExpand(kernel: i32, gamma: f64, coef0: f64, degree: i32, A: usize, aNorms: usize, from: i32, to: i32, X: usize, norms: usize, nSv: i32, stride: i32, coef: usize, nOut: i32, scratch: usize, out: usize): void {
  for (let i = from; i < to; i++) {
    kernelRow(kernel, gamma, coef0, degree, A + ((<usize>i * stride) << 2), load<f64>(aNorms + (<usize>i << 3)), X, norms, nSv, stride, scratch);
    for (let o = 0; o < nOut; o++) {
      const c = coef + ((<usize>o * nSv) << 3);
      let sum: f64 = 0;
      for (let j = 0; j < nSv; j++) sum += load<f64>(c + (<usize>j << 3)) * f64(load<f32>(scratch + (<usize>j << 2)));
      store<f64>(out + ((<usize>i * nOut + o) << 3), sum);
    }
  }
}
