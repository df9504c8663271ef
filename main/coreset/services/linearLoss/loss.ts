import type { TargetInfo } from '../../../models/estimator.ts';
import { nClassesOf } from '../../rows.ts';

export type LossName = 'logistic' | 'softmax' | 'squared' | 'squaredHinge';

/** A loss of linear scores f, shape (nOut,), and one row's target. */
export interface LinearLoss {
  readonly name: LossName;
  readonly nOut: number;
  readonly nClasses: number;
  /** Sums a fold's score is made of, beyond class counts. */
  readonly nFold: number;
  /** True when curvature couples the outputs: v_kl = p_k (δ_kl − p_l) with p in `prob`. */
  readonly isCoupled: boolean;
  /**
   * Reads `f`; writes g = ∂loss/∂f, v = the diagonal of the second derivative and `prob` (what the model predicts);
   * returns the loss.
   */
  at(f: Float64Array, y: number, g: Float64Array, v: Float64Array, prob: Float64Array): number;
  /** Place of a row in a systematic draw, in [0, 1]. */
  key(y: number, g: Float64Array, prob: Float64Array): number;
  /** Writes the fold sums of a row. */
  fold(y: number, loss: number, prob: Float64Array, out: Float64Array, at: number): void;
}

export function lossOf(name: LossName, target: TargetInfo | null): LinearLoss {
  const nClasses = nClassesOf(target);
  switch (name) {
    case 'logistic':
      return logistic;
    case 'softmax':
      return softmax(nClasses);
    case 'squared':
      return squared();
    case 'squaredHinge':
      return squaredHinge(nClasses);
  }
}

/** log(1 + e^x) without overflow. */
const softplus = (x: number) => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));

const logistic: LinearLoss = {
  name: 'logistic',
  nOut: 1,
  nClasses: 2,
  nFold: 3,
  isCoupled: false,
  at(f, y, g, v, prob) {
    const x = f[0]!;
    const p = 1 / (1 + Math.exp(-x));
    prob[0] = p;
    g[0] = p - y;
    v[0] = p * (1 - p);
    return softplus(y === 1 ? -x : x);
  },
  key: (y, _g, prob) => (y + 0.999 * prob[0]!) / 2,
  fold(y, loss, prob, out, at) {
    out[at] = loss;
    out[at + 1] = y * loss;
    out[at + 2] = prob[0]!;
  },
};

function softmax(K: number): LinearLoss {
  return {
    name: 'softmax',
    nOut: K,
    nClasses: K,
    nFold: 2 * K,
    isCoupled: true,
    at(f, y, g, v, prob) {
      let most = -Infinity;
      for (let k = 0; k < K; k++) most = Math.max(most, f[k]!);
      let sum = 0;
      for (let k = 0; k < K; k++) {
        const e = Math.exp(f[k]! - most);
        prob[k] = e;
        sum += e;
      }
      for (let k = 0; k < K; k++) {
        const p = prob[k]! / sum;
        prob[k] = p;
        g[k] = k === y ? p - 1 : p;
        v[k] = p * (1 - p);
      }
      return Math.log(sum) - (f[y]! - most);
    },
    key: (y, _g, prob) => (y + 0.999 * prob[y]!) / K,
    fold(y, loss, prob, out, at) {
      for (let k = 0; k < K; k++) {
        out[at + k] = k === y ? loss : 0;
        out[at + K + k] = prob[k]!;
      }
    },
  };
}

/** ½ r²: the target in units of its own spread comes from the pilot. */
function squared(): LinearLoss {
  return {
    name: 'squared',
    nOut: 1,
    nClasses: 1,
    nFold: 4,
    isCoupled: false,
    at(f, y, g, v, prob) {
      const r = f[0]! - y;
      prob[0] = f[0]!;
      g[0] = r;
      v[0] = 1;
      return 0.5 * r * r;
    },
    key: (_y, g) => 0.5 + (0.5 * g[0]!) / (1 + Math.abs(g[0]!)),
    fold(y, loss, prob, out, at) {
      out[at] = loss;
      out[at + 1] = prob[0]! - y;
      out[at + 2] = y;
      out[at + 3] = y * y;
    },
  };
}

/** Σ_k max(0, 1 − s_k f_k)², s = ±1; one output for two classes, one against the rest for more. */
function squaredHinge(K: number): LinearLoss {
  const nOut = K === 2 ? 1 : K;
  return {
    name: 'squaredHinge',
    nOut,
    nClasses: K,
    nFold: 2,
    isCoupled: false,
    at(f, y, g, v, prob) {
      let loss = 0;
      for (let k = 0; k < nOut; k++) {
        const s = (nOut === 1 ? y === 1 : y === k) ? 1 : -1;
        const gap = Math.max(0, 1 - s * f[k]!);
        g[k] = -2 * s * gap;
        v[k] = gap > 0 ? 2 : 0;
        prob[k] = f[k]!;
        loss += gap * gap;
      }
      return loss;
    },
    key: (y, _g, prob) =>
      (y + 0.5 + (0.4995 * prob[nOut === 1 ? 0 : y]!) / (1 + Math.abs(prob[nOut === 1 ? 0 : y]!))) / K,
    fold(_y, loss, prob, out, at) {
      out[at] = loss;
      out[at + 1] = prob[0]! > 0 ? 1 : 0;
    },
  };
}
