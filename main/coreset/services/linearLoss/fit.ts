import { choleskyFactor, choleskySolve } from '../../../kernels/linalg/cholesky.ts';
import { addGram } from '../../../kernels/linalg/gram.ts';
import type { WeightedRows } from '../../rows.ts';
import type { LinearLoss } from './loss.ts';

export interface LinearFit {
  /** Shape (nOut, q), q = nFeatures + 1, the intercept last. */
  readonly beta: Float64Array;
  /** C Σ w·loss + (penalty/2)‖β‖². */
  readonly objective: number;
  readonly iterations: number;
  readonly isConverged: boolean;
}

export interface LinearFitOptions {
  readonly C: number;
  /** Weight of ½‖β‖² (intercepts are free); 0 for plain least squares. */
  readonly penalty: number;
  readonly start?: Float64Array | undefined;
  readonly maxIter?: number;
  readonly tolerance?: number;
}

/**
 * Minimises C Σ w·loss(Xβ, y) + (penalty/2)‖β‖² by damped Newton; each step by conjugate gradients, preconditioned with
 * the factored Hessian block of every output (exact when there is one output). For the few thousand rows of a coreset
 * and as the reference on all rows.
 */
export function fitLinear(rows: WeightedRows, loss: LinearLoss, options: LinearFitOptions): LinearFit {
  const { C, penalty, start, maxIter = 100, tolerance = 1e-9 } = options;
  const q = rows.X.nCols + 1;
  const size = loss.nOut * q;
  let beta = start?.slice() ?? new Float64Array(size);
  const evaluator = new Evaluator(rows, loss, C, penalty);
  let state = evaluator.at(beta);
  let iterations = 0;
  for (; iterations < maxIter; iterations++) {
    const gradient = state.gradient;
    const newton = evaluator.step(state);
    const descent = dot(gradient, newton);
    // Newton decrement: half of it is what is still to be gained.
    if (!(descent > tolerance * Math.max(1e-300, Math.abs(state.objective)))) {
      return { beta, objective: state.objective, iterations, isConverged: true };
    }
    let length = 1;
    let isBetter = false;
    for (let halvings = 0; halvings < 30 && !isBetter; halvings++, length /= 2) {
      const tried = beta.map((b, j) => b - length * newton[j]!);
      const next = evaluator.at(tried);
      if (next.objective <= state.objective - 1e-4 * length * descent) {
        beta = tried;
        state = next;
        isBetter = true;
      }
    }
    if (!isBetter) return { beta, objective: state.objective, iterations, isConverged: false };
  }
  return { beta, objective: state.objective, iterations, isConverged: false };
}

/** C Σ w·loss + (penalty/2)‖β‖² at `beta`. */
export function linearObjective(
  rows: WeightedRows,
  loss: LinearLoss,
  beta: Float64Array,
  { C, penalty }: Pick<LinearFitOptions, 'C' | 'penalty'>,
): number {
  return new Evaluator(rows, loss, C, penalty).at(beta).objective;
}

interface State {
  readonly objective: number;
  readonly gradient: Float64Array;
  /** Shape (nOut, n): C·w·v. */
  readonly curvature: Float64Array;
  /** Shape (n, nOut). */
  readonly prob: Float64Array;
}

class Evaluator {
  private readonly rows: WeightedRows;
  private readonly loss: LinearLoss;
  private readonly C: number;
  private readonly penalty: number;

  constructor(rows: WeightedRows, loss: LinearLoss, C: number, penalty: number) {
    this.rows = rows;
    this.loss = loss;
    this.C = C;
    this.penalty = penalty;
  }

  at(beta: Float64Array): State {
    const { rows, loss, C, penalty } = this;
    const { data, nRows: n, nCols: d } = rows.X;
    const q = d + 1;
    const K = loss.nOut;
    const gradient = new Float64Array(K * q);
    const curvature = new Float64Array(K * n);
    const prob = new Float64Array(n * K);
    const [f, g, v, p] = [new Float64Array(K), new Float64Array(K), new Float64Array(K), new Float64Array(K)];
    let objective = 0;
    for (let i = 0; i < n; i++) {
      const weight = C * rows.weight[i]!;
      if (weight === 0) continue;
      const from = i * d;
      for (let k = 0; k < K; k++) {
        const b = k * q;
        let sum = beta[b + d]!;
        for (let j = 0; j < d; j++) sum += beta[b + j]! * data[from + j]!;
        f[k] = sum;
      }
      objective += weight * loss.at(f, rows.y[i]!, g, v, p);
      for (let k = 0; k < K; k++) {
        curvature[k * n + i] = weight * v[k]!;
        prob[i * K + k] = p[k]!;
        const scale = weight * g[k]!;
        const b = k * q;
        for (let j = 0; j < d; j++) gradient[b + j]! += scale * data[from + j]!;
        gradient[b + d]! += scale;
      }
    }
    for (let k = 0; k < K; k++) {
      for (let j = 0; j < d; j++) {
        const b = beta[k * q + j]!;
        objective += 0.5 * penalty * b * b;
        gradient[k * q + j]! += penalty * b;
      }
    }
    return { objective, gradient, curvature, prob };
  }

  /** H⁻¹ g. */
  step({ gradient, curvature, prob }: State): Float64Array {
    const { rows, loss, penalty, C } = this;
    const { data, nRows: n, nCols: d } = rows.X;
    const q = d + 1;
    const K = loss.nOut;
    const factors = Array.from({ length: K }, (_, k) => this.factor(curvature.subarray(k * n, k * n + n), q));
    const precondition = (r: Float64Array) => {
      const z = r.slice();
      factors.forEach((L, k) => choleskySolve(L, q, z.subarray(k * q, k * q + q)));
      return z;
    };
    if (!loss.isCoupled) return precondition(gradient);
    const t = new Float64Array(K);
    const product = (x: Float64Array) => {
      const out = new Float64Array(K * q);
      for (let i = 0; i < n; i++) {
        const weight = C * rows.weight[i]!;
        if (weight === 0) continue;
        const from = i * d;
        let mean = 0;
        for (let k = 0; k < K; k++) {
          const b = k * q;
          let sum = x[b + d]!;
          for (let j = 0; j < d; j++) sum += x[b + j]! * data[from + j]!;
          t[k] = sum;
          mean += prob[i * K + k]! * sum;
        }
        for (let k = 0; k < K; k++) {
          const scale = weight * prob[i * K + k]! * (t[k]! - mean);
          if (Math.abs(scale) < 1e-14) continue;
          const b = k * q;
          for (let j = 0; j < d; j++) out[b + j]! += scale * data[from + j]!;
          out[b + d]! += scale;
        }
      }
      for (let k = 0; k < K; k++) for (let j = 0; j < d; j++) out[k * q + j]! += penalty * x[k * q + j]!;
      return out;
    };
    return conjugateGradients(product, precondition, gradient, 0.02, 150);
  }

  /** Factor of the Hessian block of one output; collinear columns and empty curvature get a small ridge. */
  private factor(curvature: Float64Array, q: number): Float64Array {
    const H = new Float64Array(q * q);
    addGram(this.rows.X, curvature, H);
    for (let j = 0; j < q - 1; j++) H[j * q + j]! += this.penalty;
    let largest = 0;
    for (let j = 0; j < q; j++) largest = Math.max(largest, H[j * q + j]!);
    for (let ridge = 1e-12; ; ridge *= 100) {
      const L = H.slice();
      for (let j = 0; j < q; j++) L[j * q + j]! += ridge * largest + 1e-300;
      if (choleskyFactor(L, q)) return L;
      if (ridge > 1e3) throw new RangeError('fitLinear: the rows hold values that are not finite');
    }
  }
}

function conjugateGradients(
  product: (x: Float64Array) => Float64Array,
  precondition: (r: Float64Array) => Float64Array,
  b: Float64Array,
  accuracy: number,
  maxIter: number,
): Float64Array {
  const x = new Float64Array(b.length);
  const r = b.slice();
  let z = precondition(r);
  const p = z.slice();
  let rz = dot(r, z);
  const stop = accuracy * accuracy * rz;
  for (let iter = 0; iter < maxIter && rz > stop; iter++) {
    const Hp = product(p);
    const alpha = rz / dot(p, Hp);
    for (let j = 0; j < x.length; j++) {
      x[j]! += alpha * p[j]!;
      r[j]! -= alpha * Hp[j]!;
    }
    z = precondition(r);
    const next = dot(r, z);
    for (let j = 0; j < x.length; j++) p[j] = z[j]! + (next / rz) * p[j]!;
    rz = next;
  }
  return x;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}
