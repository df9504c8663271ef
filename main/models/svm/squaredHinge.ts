import type { Matrix } from '../../kernels/matrix.ts';
import type { TaskContext } from '../../kernels/task.ts';
import { AppError } from '../../contract/errors.ts';

export interface HingeFit {
  /** Shape (d + 1,), the intercept last. */
  readonly coef: Float64Array;
  /** Shape (n,). */
  readonly margins: Float64Array;
  readonly iterations: number;
  readonly isConverged: boolean;
}

/**
 * min ½|w|² + C Σ s_i max(0, 1 − y_i (w x_i + b))², by Newton steps with conjugate gradients on the generalised Hessian
 * (Keerthi & DeCoste 2005) and a backtracking line search. A pass over the rows per product, nothing else in memory.
 */
export async function fitSquaredHinge(
  { data, nRows: n, nCols: d }: Matrix,
  y: Float64Array,
  s: Float64Array,
  options: { readonly C: number; readonly tol: number; readonly maxIter: number },
  task: TaskContext,
): Promise<HingeFit> {
  const { C, tol, maxIter } = options;
  const m = d + 1;
  const w = new Float64Array(m);
  let margins = new Float64Array(n);
  const gradient = new Float64Array(m);
  const step = new Float64Array(m);
  const inside = new Uint8Array(n);

  const multiply = (v: Float64Array): Float64Array => {
    const out = new Float64Array(n);
    for (let i = 0, at = 0; i < n; i++) {
      let sum = v[d]!;
      for (let j = 0; j < d; j++) sum += v[j]! * data[at++]!;
      out[i] = sum;
    }
    return out;
  };
  const lossAt = (f: Float64Array, squaredNorm: number) => {
    let sum = squaredNorm / 2;
    for (let i = 0; i < n; i++) {
      const gap = 1 - y[i]! * f[i]!;
      if (gap > 0) sum += C * s[i]! * gap * gap;
    }
    return sum;
  };
  const normOf = (v: Float64Array) => {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += v[j]! * v[j]!;
    return sum;
  };
  const dot = (a: Float64Array, b: Float64Array) => {
    let sum = 0;
    for (let j = 0; j < m; j++) sum += a[j]! * b[j]!;
    return sum;
  };
  /** out = v (without its intercept) + 2C Σ_inside c_i x_i */
  const accumulate = (v: Float64Array, c: (i: number) => number, out: Float64Array) => {
    out.set(v);
    out[d] = 0;
    for (let i = 0; i < n; i++) {
      if (!inside[i]) continue;
      const ci = 2 * C * s[i]! * c(i);
      const at = i * d;
      for (let j = 0; j < d; j++) out[j]! += ci * data[at + j]!;
      out[d]! += ci;
    }
  };

  let value = lossAt(margins, 0);
  let firstNorm = 0;
  let iter = 0;
  for (; iter < maxIter; iter++) {
    for (let i = 0; i < n; i++) inside[i] = Number(s[i]! > 0 && y[i]! * margins[i]! < 1);
    accumulate(w, (i) => margins[i]! - y[i]!, gradient);
    const norm = Math.sqrt(dot(gradient, gradient));
    if (!Number.isFinite(norm)) {
      throw new AppError({
        code: 'FEATURE_HAS_MISSING',
        message: 'A feature has missing or infinite values; a support vector machine needs numbers.',
        fix: { kind: 'setParam', label: 'Fill missing values', args: { name: 'preprocess.impute', value: 'median' } },
      });
    }
    if (iter === 0) firstNorm = norm;
    if (norm <= tol * firstNorm) break;
    await conjugateGradient(gradient, norm);
    const along = multiply(step);
    const slope = dot(gradient, step);
    let t = 1;
    let next = value;
    for (; t > 1e-12; t /= 2) {
      const trial = margins.map((f, i) => f + t * along[i]!);
      const moved = w.map((v, j) => v + t * step[j]!);
      next = lossAt(trial, normOf(moved));
      if (next <= value + 1e-4 * t * slope) {
        w.set(moved);
        margins = trial;
        break;
      }
    }
    if (t <= 1e-12) break;
    value = next;
    if (task.isDue()) {
      await task.yield();
      task.signal.throwIfAborted();
      task.report({ fraction: null, step: `Fitting, step ${iter + 1}` });
    }
  }
  return { coef: w, margins, iterations: iter, isConverged: iter < maxIter };

  /** step ≈ −H⁻¹ gradient. */
  async function conjugateGradient(g: Float64Array, norm: number): Promise<void> {
    step.fill(0);
    const r = g.map((v) => -v);
    const p = r.slice();
    const Hp = new Float64Array(m);
    let rr = norm * norm;
    const goal = Math.min(0.1, Math.sqrt(norm / Math.max(firstNorm, 1e-300))) * norm;
    for (let k = 0; k < Math.min(250, 2 * m + 10) && Math.sqrt(rr) > goal; k++) {
      const along = multiply(p);
      accumulate(p, (i) => along[i]!, Hp);
      // The intercept has no penalty of its own: a little keeps the system definite when nothing is inside the margin.
      Hp[d]! += 1e-10 * p[d]!;
      const alpha = rr / dot(p, Hp);
      for (let j = 0; j < m; j++) {
        step[j]! += alpha * p[j]!;
        r[j]! -= alpha * Hp[j]!;
      }
      const next = dot(r, r);
      const beta = next / rr;
      rr = next;
      for (let j = 0; j < m; j++) p[j] = r[j]! + beta * p[j]!;
      if (task.isDue()) {
        await task.yield();
        task.signal.throwIfAborted();
      }
    }
  }
}
