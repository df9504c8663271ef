import type { ParamSpec } from '../../contract/config.ts';
import { matrix, type Matrix } from '../../kernels/matrix.ts';
import { permutation, type Rng } from '../../kernels/rng.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { EstimatorEntry } from '../entry.ts';
import type { Estimator, FitContext, TargetInfo } from '../estimator.ts';
import { checkFitInput } from '../tree/checks.ts';
import { needsClasses } from '../tree/outputs.ts';
import { checkParams } from '../checkParams.ts';
import { expandKernel } from './expand.ts';
import { FittedSvc, restoreSvc } from './fittedSvc.ts';
import { gammaOf, KernelSpec } from './kernel.ts';
import { checkKernelSize } from './limits.ts';
import { kernelParamSpecs, type SvmParams } from './params.ts';
import { fitSigmoid, type Sigmoid } from './platt.ts';
import { padRows, type PaddedRows } from './rows.ts';
import { solveSmo, type SmoSolution } from './smo.ts';

interface SvcParams extends SvmParams {
  readonly probability: boolean;
}

const paramSpecs: readonly ParamSpec[] = [
  ...kernelParamSpecs,
  {
    name: 'probability',
    kind: 'boolean',
    label: 'Calibrated probabilities',
    default: true,
    help: 'Fit probabilities by 5-fold cross-validation (Platt). Without, they are a rough guess from the margin. Runs, predictions and exported models name the likelier class (as CalibratedClassifierCV), searches score the votes of the machine itself (as SVC.predict).',
  },
];

/** Probabilities without calibration: one margin width from the boundary is about 88 %. */
const UNCALIBRATED: Sigmoid = { a: -2, b: 0 };
const PLATT_FOLDS = 5;

/** Rows of one pair of classes, 1 for the first of them. */
interface Pair {
  readonly rows: Uint32Array;
  readonly y: Float64Array;
  readonly w: Float64Array;
}

/** Support vector classification, one against one, as libsvm. */
export class Svc implements Estimator {
  readonly type = 'svc';
  private readonly params: SvcParams;

  constructor(params: SvcParams) {
    this.params = params;
  }

  async fit(X: Matrix, y: Float64Array, target: TargetInfo, context: FitContext): Promise<FittedSvc> {
    checkFitInput(X, y, target, context.sampleWeight);
    const nClasses = needsClasses(target);
    const { params } = this;
    const w = context.sampleWeight;
    const kernel = new KernelSpec(params.kernel, gammaOf(params.gamma, X, w), params.coef0, params.degree);
    const byClass = rowsByClass(y, w, nClasses);
    const coefs: { readonly row: number; readonly pair: number; readonly value: number }[] = [];
    const rho: number[] = [];
    const sigmoids: Sigmoid[] = [];
    let iterations = 0;
    let isConverged = true;
    for (let i = 0; i < nClasses; i++) {
      for (let j = i + 1; j < nClasses; j++) {
        const pair = pairOf(byClass[i]!, byClass[j]!, w);
        if (byClass[i]!.length === 0 || byClass[j]!.length === 0) {
          // A class without rows never wins.
          rho.push(byClass[i]!.length > 0 ? -1 : 1);
          sigmoids.push(UNCALIBRATED);
          continue;
        }
        checkKernelSize(pair.rows.length);
        const rows = padRows(X, pair.rows);
        const solution = await this.solve(rows, pair, kernel, context.task);
        iterations += solution.iterations;
        isConverged &&= solution.isConverged;
        solution.alpha.forEach((alpha, k) => {
          if (alpha > 0) coefs.push({ row: pair.rows[k]!, pair: rho.length, value: alpha * pair.y[k]! });
        });
        rho.push(solution.rho);
        sigmoids.push(
          params.probability
            ? await this.calibrate(X, pair, kernel, context.rng.fork(`platt ${i} ${j}`), context.task)
            : UNCALIBRATED,
        );
      }
    }
    return FittedSvc.assemble(
      X,
      y,
      target,
      kernel,
      { coefs, rho, sigmoids },
      {
        supportVectors: new Set(coefs.map((c) => c.row)).size,
        iterations,
        converged: isConverged,
        gamma: kernel.gamma,
      },
    );
  }

  private solve(rows: PaddedRows, { y, w }: Pair, kernel: KernelSpec, task: TaskContext): Promise<SmoSolution> {
    const { params } = this;
    return solveSmo(
      {
        rows,
        kernel,
        y,
        p: new Float64Array(y.length).fill(-1),
        C: w.map((v) => v * params.C),
        tol: params.tol,
        isShrinking: params.shrinking,
        cacheBytes: params.cacheSize * 1e6,
        maxIter: params.maxIter,
      },
      task,
    );
  }

  /** Sigmoid of decision values that five fits made of rows they had not seen. */
  private async calibrate(X: Matrix, pair: Pair, kernel: KernelSpec, rng: Rng, task: TaskContext): Promise<Sigmoid> {
    const n = pair.y.length;
    const fold = foldsOf(pair.y, rng);
    const decision = new Float64Array(n);
    for (let k = 0; k < PLATT_FOLDS; k++) {
      const inside = select(fold, (f) => f !== k);
      const outside = select(fold, (f) => f === k);
      if (outside.length === 0) continue;
      const part: Pair = {
        rows: inside.map((i) => pair.rows[i]!),
        y: Float64Array.from(inside, (i) => pair.y[i]!),
        w: Float64Array.from(inside, (i) => pair.w[i]!),
      };
      const only = part.y.every((v) => v === part.y[0]) ? part.y[0] : undefined;
      if (only !== undefined || part.y.length === 0) {
        for (const i of outside) decision[i] = only ?? 0;
        continue;
      }
      const rows = padRows(X, part.rows);
      const { alpha, rho } = await this.solve(rows, part, kernel, task);
      const coef = alpha.map((a, i) => a * part.y[i]!);
      const values = await expandKernel(
        subset(
          X,
          outside.map((i) => pair.rows[i]!),
        ),
        rows,
        kernel,
        coef,
        1,
      );
      outside.forEach((i, at) => (decision[i] = values[at]! - rho));
    }
    return fitSigmoid(decision, pair.y, pair.w);
  }
}

function rowsByClass(y: Float64Array, w: Float64Array | undefined, nClasses: number): number[][] {
  const out: number[][] = Array.from({ length: nClasses }, () => []);
  for (let i = 0; i < y.length; i++) if (!w || w[i]! > 0) out[y[i]!]!.push(i);
  return out;
}

function pairOf(first: readonly number[], second: readonly number[], w: Float64Array | undefined): Pair {
  const rows = Uint32Array.from([...first, ...second]);
  const y = new Float64Array(rows.length).fill(-1).fill(1, 0, first.length);
  return { rows, y, w: Float64Array.from(rows, (i) => (w ? w[i]! : 1)) };
}

/** A fold per row, each side spread evenly. */
function foldsOf(y: Float64Array, rng: Rng): Uint32Array {
  const fold = new Uint32Array(y.length);
  const seen = { '1': 0, '-1': 0 };
  for (const i of permutation(y.length, rng)) fold[i] = seen[y[i]! > 0 ? '1' : '-1']++ % PLATT_FOLDS;
  return fold;
}

function select(fold: Uint32Array, keep: (fold: number) => boolean): Uint32Array {
  return Uint32Array.from([...fold.keys()].filter((i) => keep(fold[i]!)));
}

function subset({ data, nCols }: Matrix, rows: Uint32Array): Matrix {
  const out = new Float32Array(rows.length * nCols);
  rows.forEach((row, k) => out.set(data.subarray(row * nCols, (row + 1) * nCols), k * nCols));
  return matrix(out, rows.length, nCols);
}

export const svc: EstimatorEntry = {
  spec: {
    type: 'svc',
    title: 'Support vector machine',
    family: 'svm',
    tasks: ['binary', 'multiclass'],
    description:
      'The widest margin between classes, curved by a kernel. Strong on a few thousand scaled rows; a coreset makes it fit large data.',
    params: [...paramSpecs],
    coresetService: 'svm',
    suggestedSpace: {
      C: { min: 0.01, max: 1000, log: true },
      gamma: { min: 0.0001, max: 10, log: true },
      kernel: ['rbf', 'linear'],
    },
  },
  make: (params) => new Svc(checkParams('svc', paramSpecs, params) as unknown as SvcParams),
  restore: restoreSvc,
};
