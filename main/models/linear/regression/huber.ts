import type { ParamSpec } from '../../../contract/config.ts';
import type { Matrix } from '../../../kernels/matrix.ts';
import type { EstimatorEntry } from '../../entry.ts';
import type { Estimator, FitContext, TargetInfo } from '../../estimator.ts';
import { checkFitInput } from '../../tree/checks.ts';
import { checkParams } from '../../checkParams.ts';
import { checkFinite } from '../checkFinite.ts';
import { cholesky, choleskySolve } from '../cholesky.ts';
import { marginsOf } from '../margins.ts';
import { alphaSpec, fitInterceptSpec, maxIterSpec, tolSpec } from '../params.ts';
import { FittedRegression, restoreRegression } from './fittedRegression.ts';
import { gramOf } from './gram.ts';
import { momentsOf, roughMeans } from './moments.ts';
import { solveRidge } from './solveRidge.ts';

interface HuberParams {
  readonly epsilon: number;
  readonly alpha: number;
  readonly fitIntercept: boolean;
  readonly tol: number;
  readonly maxIter: number;
}

const paramSpecs: readonly ParamSpec[] = [
  {
    name: 'epsilon',
    kind: 'number',
    label: 'Epsilon',
    default: 1.35,
    min: 1,
    help: 'Residuals beyond this many scales count linearly, not squared. Smaller is more robust; 1.35 loses 5 % without outliers.',
  },
  alphaSpec(0.0001, 'Strength of the L2 penalty.'),
  fitInterceptSpec,
  tolSpec,
  maxIterSpec(100, 'Newton steps; each reads all rows about twice.'),
];

/**
 * Huber's robust regression with its scale (scikit-learn's HuberRegressor): minimises over w, c and σ > 0
 * Σ s (σ + σ H(r/σ)) + alpha ‖w‖² with r = y − xw − c and H(z) = z² up to epsilon, 2 epsilon |z| − epsilon² beyond.
 * Newton steps on all of them together; the function is convex and once differentiable.
 */
export class Huber implements Estimator {
  readonly type = 'huber';
  private readonly params: HuberParams;

  constructor(params: HuberParams) {
    this.params = params;
  }

  async fit(X: Matrix, y: Float64Array, target: TargetInfo, context: FitContext): Promise<FittedRegression> {
    const { epsilon, alpha, fitIntercept, tol, maxIter } = this.params;
    const { sampleWeight, threads, task } = context;
    checkFitInput(X, y, target, sampleWeight);
    const d = X.nCols;
    const s = sampleWeight ?? new Float64Array(X.nRows).fill(1);
    const total = s.reduce((sum, v) => sum + v, 0);
    const moments = await momentsOf(X, y, sampleWeight, { fitIntercept, threads, isExact: true });
    if (!moments.xy.every(Number.isFinite)) checkFinite(X, 'Huber regression', sampleWeight, context.features);
    const { meanX: shift } = fitIntercept ? roughMeans(X, y, sampleWeight) : { meanX: new Float64Array(d) };

    // Coefficients on shifted columns, then intercept, then σ.
    const theta = new Float64Array(d + 2);
    theta.set(solveRidge(moments, alpha));
    if (fitIntercept) {
      theta[d] = moments.meanY;
      for (let j = 0; j < d; j++) theta[d]! += theta[j]! * (shift[j]! - moments.meanX[j]!);
    }
    const residuals = async (at: Float64Array) => {
      const plane = at.slice(0, d + 1);
      for (let j = 0; j < d; j++) plane[d]! -= at[j]! * shift[j]!;
      const fitted = (await marginsOf(X, plane, 1)).data;
      return y.map((v, i) => (s[i] === 0 ? 0 : v - fitted[i]!));
    };
    let r = await residuals(theta);
    // Rows that a plane fits exactly have no scale: it would shrink without end.
    const leastScale = 1e-8 * Math.sqrt(Math.max(0, moments.yy) / total) + 1e-12;
    theta[d + 1] = Math.max(medianSize(r, s), leastScale);
    const objective = (at: Float64Array, res: Float64Array) => {
      const sigma = at[d + 1]!;
      let sum = sigma * total;
      for (let i = 0; i < res.length; i++) {
        const size = Math.abs(res[i]!);
        sum +=
          s[i]! * (size <= epsilon * sigma ? (size * size) / sigma : 2 * epsilon * size - epsilon * epsilon * sigma);
      }
      for (let j = 0; j < d; j++) sum += alpha * at[j]! ** 2;
      return sum;
    };
    let value = objective(theta, r);
    let [iter, isConverged] = [0, theta[d + 1] === leastScale];
    let nOutliers = 0;
    const width = d + 2;
    for (; iter < maxIter && !isConverged; iter++) {
      const sigma = theta[d + 1]!;
      const inside = new Float64Array(s.length);
      const pull = new Float64Array(s.length);
      let outside = 0;
      nOutliers = 0;
      for (let i = 0; i < s.length; i++) {
        if (Math.abs(r[i]!) <= epsilon * sigma) {
          inside[i] = s[i]!;
          pull[i] = s[i]! * (r[i]! / sigma);
        } else {
          outside += s[i]!;
          nOutliers += Number(s[i]! > 0);
          pull[i] = s[i]! * epsilon * Math.sign(r[i]!);
        }
      }
      const G = await gramOf({ X, shift, extras: [r], weights: inside }, threads, true);
      const gradient = weightedSum(X, shift, pull);
      const m = d + 2;
      const H = new Float64Array(m * m);
      const g = new Float64Array(m);
      for (let j = 0; j <= d; j++) {
        for (let k = 0; k <= d; k++) H[j * m + k] = (2 / sigma) * G[j * width + k]!;
        H[j * m + d + 1] = H[(d + 1) * m + j] = (2 / sigma ** 2) * G[j * width + d + 1]!;
        g[j] = -2 * gradient[j]! + (j < d ? 2 * alpha * theta[j]! : 0);
        if (j < d) H[j * m + j]! += 2 * alpha;
      }
      const rr = G[(d + 1) * width + d + 1]!;
      H[m * m - 1] = (2 / sigma ** 3) * rr;
      g[d + 1] = total - rr / sigma ** 2 - epsilon ** 2 * outside;
      if (!fitIntercept) freeze(H, g, m, d);
      for (let j = 0; j < m; j++) H[j * m + j]! += 1e-10 * H[j * m + j]! + 1e-300;
      const step = choleskySolve(cholesky(H, m), m, g).map((v) => -v);
      const slope = step.reduce((sum, v, j) => sum + v * g[j]!, 0);
      if (-slope <= tol * tol * Math.abs(value)) {
        isConverged = true;
        break;
      }
      let t = step[d + 1]! < 0 ? Math.min(1, (0.9 * sigma) / -step[d + 1]!) : 1;
      for (; t > 1e-10; t /= 2) {
        const moved = theta.map((v, j) => v + t * step[j]!);
        const res = await residuals(moved);
        const next = objective(moved, res);
        if (next > value + 1e-4 * t * slope) continue;
        theta.set(moved);
        r = res;
        value = next;
        break;
      }
      if (!(t > 1e-10)) break;
      isConverged = theta[d + 1]! <= leastScale;
      await task.yield();
      task.signal.throwIfAborted();
      task.report({ fraction: null, step: `Fitting, iteration ${iter + 1}` });
    }
    const coef = theta.slice(0, d + 1);
    if (fitIntercept) for (let j = 0; j < d; j++) coef[d]! -= coef[j]! * shift[j]!;
    const summary = { iterations: iter, converged: isConverged, scale: theta[d + 1]!, outliers: nOutliers };
    return new FittedRegression('huber', coef, summary);
  }
}

/** Σ_i pull_i [x_i − shift, 1], shape (nCols + 1,). */
function weightedSum({ data, nRows, nCols }: Matrix, shift: Float64Array, pull: Float64Array): Float64Array {
  const out = new Float64Array(nCols + 1);
  for (let i = 0; i < nRows; i++) {
    const p = pull[i]!;
    if (p === 0) continue;
    for (let j = 0; j < nCols; j++) out[j]! += p * (data[i * nCols + j]! - shift[j]!);
    out[nCols]! += p;
  }
  return out;
}

/** Takes parameter `at` out of the step. */
function freeze(H: Float64Array, g: Float64Array, m: number, at: number): void {
  for (let j = 0; j < m; j++) H[at * m + j] = H[j * m + at] = 0;
  H[at * m + at] = 1;
  g[at] = 0;
}

/** Weighted median of |r|: a scale that outliers do not move. */
function medianSize(r: Float64Array, s: Float64Array): number {
  const order = Array.from(r.keys()).sort((a, b) => Math.abs(r[a]!) - Math.abs(r[b]!));
  const half = s.reduce((sum, v) => sum + v, 0) / 2;
  let seen = 0;
  for (const i of order) {
    seen += s[i]!;
    if (seen >= half) return Math.abs(r[i]!);
  }
  return 0;
}

export const huber: EstimatorEntry = {
  spec: {
    type: 'huber',
    title: 'Huber regression',
    family: 'linear',
    tasks: ['regression'],
    description: 'A linear model that outliers in the target cannot pull away.',
    params: [...paramSpecs],
    coresetService: 'linear',
    suggestedSpace: { epsilon: { min: 1.05, max: 3 }, alpha: { min: 0.0001, max: 100, log: true } },
  },
  make: (params) => new Huber(checkParams('huber', paramSpecs, params) as unknown as HuberParams),
  restore: restoreRegression,
};
