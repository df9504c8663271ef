import { choleskyFactor, choleskySolve, envelope } from '../kernels/linalg/cholesky.ts';
import { statisticRows, type StatisticRows } from './statisticRows.ts';

export interface CalibrationOptions {
  /** Strength κ of the penalty on λ: how softly the totals are met. */
  readonly softness: number;
  /** κ falls to this as there are more rows for each total (see `softnessFor`); `softness` at any number when left out. */
  readonly leastSoftness?: number;
  /** Weights move by a factor within these. */
  readonly lower: number;
  readonly upper: number;
}

export const defaultCalibration: CalibrationOptions = { softness: 5, lower: 0.1, upper: 10 };

/**
 * κ for `m` rows and `k` totals. Few rows a total (spambase, 500 for 118): softness keeps weights from chasing totals the
 * rows cannot reach, and κ = 1 is up to twice as bad as 5. Many (noaa, 2,000 for 56): what is left unmet is all that is
 * left, and κ = 1 is ten times as good.
 */
export const softnessFor = ({ softness, leastSoftness = softness }: CalibrationOptions, m: number, k: number): number =>
  Math.min(softness, Math.max(leastSoftness, 60 * (k / m) ** 2));

export interface Calibration {
  /** Shape (m,): calibrated weights. */
  readonly weights: Float64Array;
  /** Shape (k,): the multipliers; `weightsAt` gives the weights back to the last bit. */
  readonly lambda: Float64Array;
  /** Cholesky factor of the last Hessian that was factored, shape (k, k); null when there was nothing to solve. */
  readonly factor: Float64Array | null;
  /** The statistics as they were solved with; null when there was nothing to solve. */
  readonly rows: StatisticRows | null;
  readonly iterations: number;
  readonly isConverged: boolean;
  /** Largest distance of a reached total from the wanted one, in units of √Σw · RMS of the column. */
  readonly worstMiss: number;
}

/** Where a calibration of nearly the same problem ended; what does not fit the shape is ignored. */
export interface WarmStart {
  readonly lambda?: Float64Array | undefined;
  readonly factor?: Float64Array | undefined;
  /** The statistics, where they are the very same. */
  readonly rows?: StatisticRows | undefined;
}

/**
 * Weights near `base` that reproduce totals: bounded (logit) calibration of Deville & Särndal 1992, softened. Minimises
 * Σ w_i Φ(z_iᵀλ) − Tᵀλ + (κ/2)|λ|², Φ′ = F = [L(U−1) + U(1−L)e^{au}] / [(U−1) + (1−L)e^{au}],
 * a = (U−L)/((1−L)(U−1)); the new weight is w·F(zᵀλ). Convex; damped Newton, each step by conjugate gradients
 * preconditioned with the factor of the Hessian where it begins.
 * @param given shape (m, k): what each row adds to the totals, per unit of weight; a function is asked only when needed
 * @param totals shape (k,)
 * @param base shape (m,), not negative
 * @param spread shape (k,): root mean square of each column over all rows, so that one κ suits all. A column that few
 * rows of the coreset carry would otherwise look small and its total far out of reach.
 */
export function calibrate(
  given: Float64Array | (() => Float64Array),
  k: number,
  totals: Float64Array,
  base: Float64Array,
  spread: Float64Array,
  options: CalibrationOptions = defaultCalibration,
  warm: WarmStart = {},
): Calibration {
  const Z = () => (typeof given === 'function' ? given() : given);
  const m = base.length;
  const sum = total(base);
  if (m === 0 || k === 0 || !(sum > 0)) {
    const lambda = new Float64Array(k);
    return { weights: base.slice(), lambda, factor: null, rows: null, iterations: 0, isConverged: true, worstMiss: 0 };
  }
  const unit = m / sum;
  const w = base.map((v) => v * unit);
  const scale = scaleOf(spread);
  const T = totals.map((t, j) => t * unit * scale[j]!);
  const rows = warm.rows ?? statisticRows(Z(), m, k, scale);
  const problem = new Problem(rows, T, w, { ...options, softness: softnessFor(options, m, k) });
  const { lambda, factor, iterations, isConverged } = problem.solve(warm);
  const factors = factorsAt(problem.Z, lambda, options);
  const weights = base.map((v, i) => v * factors[i]!);
  return { weights, lambda, factor, rows, iterations, isConverged, worstMiss: problem.miss(factors) };
}

/** The weights that belong to multipliers found before, without solving. */
export function weightsAt(
  lambda: Float64Array,
  Z: Float64Array,
  base: Float64Array,
  spread: Float64Array,
  options: CalibrationOptions = defaultCalibration,
): Float64Array {
  if (base.length === 0 || lambda.length === 0 || !(total(base) > 0)) return base.slice();
  const rows = statisticRows(Z, base.length, lambda.length, scaleOf(spread));
  const factors = factorsAt(rows, lambda, options);
  return base.map((v, i) => v * factors[i]!);
}

const scaleOf = (spread: Float64Array): Float64Array => spread.map((rms) => (rms > 0 ? 1 / rms : 0));

/** F(zᵀλ) of each row. */
function factorsAt(Z: StatisticRows, lambda: Float64Array, { lower: L, upper: U }: CalibrationOptions): Float64Array {
  const rate = (U - L) / ((1 - L) * (U - 1));
  return Z.times(lambda).map((x) => {
    const e = exp(rate * x);
    return (L * (U - 1) + U * (1 - L) * e) / (U - 1 + (1 - L) * e);
  });
}

class Problem {
  readonly Z: StatisticRows;
  private readonly T: Float64Array;
  private readonly w: Float64Array;
  private readonly options: CalibrationOptions;
  private readonly rate: number;

  constructor(Z: StatisticRows, T: Float64Array, w: Float64Array, options: CalibrationOptions) {
    this.Z = Z;
    this.T = T;
    this.w = w;
    this.options = options;
    const { lower: L, upper: U } = options;
    this.rate = (U - L) / ((1 - L) * (U - 1));
  }

  solve(warm: WarmStart): Pick<Calibration, 'lambda' | 'factor' | 'iterations' | 'isConverged'> {
    const { Z, w } = this;
    const k = Z.nCols;
    let lambda = warm.lambda?.length === k ? warm.lambda : new Float64Array(k);
    const tolerance = 1e-7 * Math.sqrt(w.length);
    let state = this.at(lambda);
    // A factor of nearly the same rows serves as well: it only speeds the steps up.
    let factor = warm.factor?.length === k * k ? warm.factor : this.preconditioner(state.curvature);
    let first = 0;
    let isFar = false;
    let iterations = 0;
    for (; iterations < 60; iterations++) {
      const gradient = this.gradient(lambda, state.slope);
      const size = norm(gradient);
      if (size <= tolerance) return { lambda, factor, iterations, isConverged: true };
      if (iterations === 0) first = size;
      // As exact as the step can be of use: more would be solved for nothing (Dembo, Eisenstat & Steihaug 1982).
      const { step, nProducts } = this.newtonStep(
        gradient,
        state.curvature,
        factor,
        Math.min(0.1, Math.sqrt(size / first)),
      );
      const descent = dot(gradient, step);
      // Half the descent is what is left to gain: nothing, when the objective's own rounding is larger.
      if (descent <= 1e-13 * (1 + Math.abs(state.value))) return { lambda, factor, iterations, isConverged: true };
      let length = 1;
      let next = lambda;
      for (let halvings = 0; halvings < 40; halvings++, length /= 2) {
        next = lambda.map((v, j) => v - length * step[j]!);
        const tried = this.at(next);
        if (tried.value <= state.value - 1e-4 * length * descent) {
          state = tried;
          break;
        }
        if (halvings === 39) return { lambda, factor, iterations, isConverged: false };
      }
      lambda = next;
      // Rows that reached their bounds have no curvature left: a new factor costs what some k/4 products do.
      isFar ||= nProducts > Math.max(MANY_PRODUCTS, k / 8);
      if (isFar) factor = this.preconditioner(state.curvature);
    }
    return { lambda, factor, iterations, isConverged: false };
  }

  miss(factors: Float64Array): number {
    const reached = this.Z.transposedTimes(this.w.map((v, i) => v * factors[i]!));
    let worst = 0;
    for (let j = 0; j < this.T.length; j++) worst = Math.max(worst, Math.abs(reached[j]! - this.T[j]!));
    return worst / Math.sqrt(this.w.length);
  }

  /** Value of the objective, w·F and w·F′ by row. */
  private at(lambda: Float64Array): { value: number; slope: Float64Array; curvature: Float64Array } {
    const { w, rate } = this;
    const { lower: L, upper: U, softness } = this.options;
    const c1 = U - 1;
    const c2 = 1 - L;
    const u = this.Z.times(lambda);
    const slope = new Float64Array(w.length);
    const curvature = new Float64Array(w.length);
    let value = (softness / 2) * dot(lambda, lambda) - dot(this.T, lambda);
    for (let i = 0; i < w.length; i++) {
      const x = rate * u[i]!;
      const e = exp(x);
      const below = c1 + c2 * e;
      slope[i] = (w[i]! * (L * c1 + U * c2 * e)) / below;
      curvature[i] = (w[i]! * (c1 * c2 * (U - L) * rate * e)) / (below * below);
      // Past the clamp of e the logarithm goes on as a line: a value that stood still there would call wild steps good.
      const log = Math.log(below / (c1 + c2)) + Math.max(0, x - MAX_EXPONENT);
      value += w[i]! * (L * u[i]! + ((U - L) / rate) * log);
    }
    return { value, slope, curvature };
  }

  private gradient(lambda: Float64Array, slope: Float64Array): Float64Array {
    const out = this.Z.transposedTimes(slope);
    for (let j = 0; j < this.T.length; j++) out[j]! += this.options.softness * lambda[j]! - this.T[j]!;
    return out;
  }

  private preconditioner(curvature: Float64Array): Float64Array {
    const k = this.Z.nCols;
    const H = this.Z.gram(curvature);
    for (let j = 0; j < k; j++) H[j * k + j]! += this.options.softness;
    // κ makes it definite; a failure would need values that are not finite.
    if (!choleskyFactor(H, k)) throw new RangeError('calibrate: the statistics hold values that are not finite');
    return H;
  }

  /** Solves (Zᵀ diag(curvature) Z + κ) x = gradient to a relative residual. */
  private newtonStep(gradient: Float64Array, curvature: Float64Array, L: Float64Array, accuracy: number) {
    const { Z } = this;
    const k = Z.nCols;
    const { softness } = this.options;
    const x = new Float64Array(k);
    const r = gradient.slice();
    const z = r.slice();
    const first = envelope(L, k);
    choleskySolve(L, k, z, first);
    const p = z.slice();
    let rz = dot(r, z);
    const stop = accuracy * norm(gradient);
    let nProducts = 0;
    for (; nProducts < 200; nProducts++) {
      const Hp = Z.hessianTimes(curvature, p);
      for (let j = 0; j < k; j++) Hp[j]! += softness * p[j]!;
      const alpha = rz / dot(p, Hp);
      for (let j = 0; j < k; j++) {
        x[j]! += alpha * p[j]!;
        r[j]! -= alpha * Hp[j]!;
      }
      if (norm(r) <= stop) break;
      z.set(r);
      choleskySolve(L, k, z, first);
      const next = dot(r, z);
      const beta = next / rz;
      rz = next;
      for (let j = 0; j < k; j++) p[j] = z[j]! + beta * p[j]!;
    }
    return { step: x, nProducts };
  }
}

/** Products of a step by conjugate gradients that make a new factor worth thinking of. */
const MANY_PRODUCTS = 15;

const MAX_EXPONENT = 500;

/** exp without overflow: past e^500 the factor is at its bound anyway. */
const exp = (x: number) => Math.exp(Math.max(-MAX_EXPONENT, Math.min(MAX_EXPONENT, x)));

const total = (values: Float64Array) => {
  let sum = 0;
  for (const v of values) sum += v;
  return sum;
};

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}

const norm = (a: Float64Array) => Math.sqrt(dot(a, a));
