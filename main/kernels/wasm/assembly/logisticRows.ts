// Rows of a pass over a logistic pilot: loss, gradient and curvature of each, and its score. See rowSums.ts for the rows.
import { exp } from './loss';
import { log } from './math';

/**
 * f = β·[x, 1] of rows 0 … n-1, into `scores`, and at it p = 1 / (1 + e⁻ᶠ) and the loss log(1 + e^±ᶠ); C, f64 (n, 2): w·(p − y), w·p(1 − p), and
 * V, f64 (n,): w·p(1 − p).
 * @param beta f64 (pitch,), zero past the constant  @param y f64 (n,): 0 or 1  @param w f64 (n,)
 */
export function logisticRows(
  A: usize, pitch: i32, n: i32, beta: usize, y: usize, w: usize, scores: usize, p: usize, loss: usize, C: usize, V: usize,
): void {
  const stride = <usize>pitch << 3;
  const end = <usize>n << 3;
  let a = A;
  for (let i: usize = 0; i < end; i += 8, a += stride) {
    let s = f64x2.splat(0);
    let t = s;
    let j: usize = 0;
    for (; j + 32 <= stride; j += 32) {
      s = f64x2.add(s, f64x2.mul(v128.load(a + j), v128.load(beta + j)));
      t = f64x2.add(t, f64x2.mul(v128.load(a + j, 16), v128.load(beta + j, 16)));
    }
    if (j < stride) s = f64x2.add(s, f64x2.mul(v128.load(a + j), v128.load(beta + j)));
    s = f64x2.add(s, t);
    const f = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
    store<f64>(scores + i, f);
    const target = load<f64>(y + i);
    const weight = load<f64>(w + i);
    // What is not a number cannot be taken apart; it shows in the sums.
    const e = f == f ? exp(-abs<f64>(f)) : f;
    const r = 1.0 / (1.0 + e);
    const prob = f > 0.0 ? r : e * r;
    const v = e * r * r;
    store<f64>(p + i, prob);
    // f where the row is of the other class, −f where it is of this one.
    const wrong = target == 1.0 ? -f : f;
    store<f64>(loss + i, (wrong > 0.0 ? wrong : 0.0) + log(1.0 + e));
    const wv = weight * v;
    store<f64>(C + (i << 1), weight * (prob - target));
    store<f64>(C + (i << 1), wv, 8);
    store<f64>(V + i, wv);
  }
}

/**
 * out, f64 (n rounded up to even,): so·|g|√l + sh·v·l + sl·m/(1 + m) + sn, l = h/(1 + v·h), of rows with p and y as above and
 * the forms h = aᵀH⁻¹a, m = aᵀG⁻¹a.
 */
export function logisticScores(
  n: i32, p: usize, y: usize, h: usize, m: usize, so: f64, sh: f64, sl: f64, sn: f64, out: usize,
): void {
  const one = f64x2.splat(1);
  const end = <usize>n << 3;
  for (let i: usize = 0; i < end; i += 16) {
    const prob = v128.load(p + i);
    const v = f64x2.mul(prob, f64x2.sub(one, prob));
    const form = v128.load(h + i);
    const own = v128.load(m + i);
    const leverage = f64x2.div(form, f64x2.add(one, f64x2.mul(v, form)));
    const g = f64x2.abs(f64x2.sub(prob, v128.load(y + i)));
    let s = f64x2.mul(f64x2.splat(so), f64x2.mul(g, f64x2.sqrt(leverage)));
    s = f64x2.add(s, f64x2.mul(f64x2.splat(sh), f64x2.mul(v, leverage)));
    s = f64x2.add(s, f64x2.mul(f64x2.splat(sl), f64x2.div(own, f64x2.add(one, own))));
    v128.store(out + i, f64x2.add(s, f64x2.splat(sn)));
  }
}
