/** P(positive | f) = 1 / (1 + exp(A f + B)). */
export interface Sigmoid {
  readonly a: number;
  readonly b: number;
}

/**
 * Fits Platt's sigmoid by Newton's method with backtracking (Lin, Lin, Weng 2007, as libsvm's sigmoid_train).
 * @param f decision values  @param y 1 or −1  @param w weights
 */
export function fitSigmoid(f: Float64Array, y: Float64Array, w: Float64Array): Sigmoid {
  let [positive, negative] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    if (y[i]! > 0) positive += w[i]!;
    else negative += w[i]!;
  }
  const high = (positive + 1) / (positive + 2);
  const low = 1 / (negative + 2);
  const target = y.map((v) => (v > 0 ? high : low));
  let a = 0;
  let b = Math.log((negative + 1) / (positive + 1));
  const loss = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < f.length; i++) {
      const z = a * f[i]! + b;
      sum +=
        w[i]! * (z >= 0 ? target[i]! * z + Math.log1p(Math.exp(-z)) : (target[i]! - 1) * z + Math.log1p(Math.exp(z)));
    }
    return sum;
  };
  let value = loss(a, b);
  for (let iter = 0; iter < 100; iter++) {
    let [h11, h22, h21, g1, g2] = [1e-12, 1e-12, 0, 0, 0];
    for (let i = 0; i < f.length; i++) {
      const z = a * f[i]! + b;
      const e = Math.exp(-Math.abs(z));
      const p = z >= 0 ? e / (1 + e) : 1 / (1 + e);
      const q = 1 - p;
      const d2 = w[i]! * p * q;
      h11 += f[i]! * f[i]! * d2;
      h22 += d2;
      h21 += f[i]! * d2;
      const d1 = w[i]! * (target[i]! - p);
      g1 += f[i]! * d1;
      g2 += d1;
    }
    if (Math.abs(g1) < 1e-5 && Math.abs(g2) < 1e-5) break;
    const determinant = h11 * h22 - h21 * h21;
    const da = -(h22 * g1 - h21 * g2) / determinant;
    const db = -(-h21 * g1 + h11 * g2) / determinant;
    const slope = g1 * da + g2 * db;
    let step = 1;
    for (; step >= 1e-10; step /= 2) {
      const next = loss(a + step * da, b + step * db);
      if (next < value + 1e-4 * step * slope) {
        a += step * da;
        b += step * db;
        value = next;
        break;
      }
    }
    if (step < 1e-10) break;
  }
  return { a, b };
}

const MIN_PROBABILITY = 1e-7;

/** Probability of the positive side, kept away from 0 and 1 as libsvm does. */
export function sigmoidAt({ a, b }: Sigmoid, f: number): number {
  const z = a * f + b;
  const p = z >= 0 ? Math.exp(-z) / (1 + Math.exp(-z)) : 1 / (1 + Math.exp(z));
  return Math.min(Math.max(p, MIN_PROBABILITY), 1 - MIN_PROBABILITY);
}

/**
 * Class probabilities from pairwise ones (Wu, Lin, Weng 2004, second method; libsvm's multiclass_probability).
 * @param r shape (k, k): r[i k + j] = P(i | i or j)  @param out shape (k,)
 */
export function coupleProbabilities(r: Float64Array, k: number, out: Float64Array): void {
  const Q = new Float64Array(k * k);
  const Qp = new Float64Array(k);
  for (let t = 0; t < k; t++) {
    out[t] = 1 / k;
    for (let j = 0; j < k; j++) {
      if (j === t) continue;
      Q[t * k + t]! += r[j * k + t]! ** 2;
      Q[t * k + j] = -r[j * k + t]! * r[t * k + j]!;
    }
  }
  const eps = 0.005 / k;
  for (let iter = 0; iter < Math.max(100, k); iter++) {
    let pQp = 0;
    for (let t = 0; t < k; t++) {
      Qp[t] = 0;
      for (let j = 0; j < k; j++) Qp[t]! += Q[t * k + j]! * out[j]!;
      pQp += out[t]! * Qp[t]!;
    }
    let worst = 0;
    for (let t = 0; t < k; t++) worst = Math.max(worst, Math.abs(Qp[t]! - pQp));
    if (worst < eps) break;
    for (let t = 0; t < k; t++) {
      const diff = (-Qp[t]! + pQp) / Q[t * k + t]!;
      out[t]! += diff;
      pQp = (pQp + diff * (diff * Q[t * k + t]! + 2 * Qp[t]!)) / (1 + diff) / (1 + diff);
      for (let j = 0; j < k; j++) {
        Qp[j] = (Qp[j]! + diff * Q[t * k + j]!) / (1 + diff);
        out[j]! /= 1 + diff;
      }
    }
  }
}
