import type { ParamSpec } from '../../contract/config.ts';
import { matrix, type Matrix } from '../../kernels/matrix.ts';
import type { OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';
import type { EstimatorEntry } from '../entry.ts';
import type { Estimator, Fitted, FitContext, FittedState, TargetInfo } from '../estimator.ts';
import { checkFitInput } from '../tree/checks.ts';
import { needsClasses } from '../tree/outputs.ts';
import { checkParams } from '../checkParams.ts';
import { expandKernel } from './expand.ts';
import { gammaOf, KernelSpec } from './kernel.ts';
import { checkKernelSize } from './limits.ts';
import { kernelParamSpecs, type SvmParams } from './params.ts';
import { decisionToOnnx } from './onnx.ts';
import { padRows, type PaddedRows } from './rows.ts';
import { solveSmo } from './smo.ts';

interface SvrParams extends SvmParams {
  readonly epsilon: number;
}

const paramSpecs: readonly ParamSpec[] = [
  ...kernelParamSpecs,
  {
    name: 'epsilon',
    kind: 'number',
    label: 'Epsilon',
    default: 0.1,
    min: 0,
    help: 'Errors up to this size cost nothing, in units of the target.',
  },
];

/** Epsilon-insensitive support vector regression, as libsvm. */
export class Svr implements Estimator {
  readonly type = 'svr';
  private readonly params: SvrParams;

  constructor(params: SvrParams) {
    this.params = params;
  }

  async fit(X: Matrix, y: Float64Array, target: TargetInfo, context: FitContext): Promise<FittedSvr> {
    const w = context.sampleWeight;
    checkFitInput(X, y, target, w);
    const { params } = this;
    const used = Uint32Array.from([...y.keys()].filter((i) => !w || w[i]! > 0));
    const n = used.length;
    checkKernelSize(n);
    const kernel = new KernelSpec(params.kernel, gammaOf(params.gamma, X, w), params.coef0, params.degree);
    const rows = padRows(X, used);
    // Two variables a row: α pulls the prediction up, α* down.
    const p = new Float64Array(2 * n);
    const sign = new Float64Array(2 * n).fill(1, 0, n).fill(-1, n);
    const C = new Float64Array(2 * n);
    used.forEach((row, i) => {
      p[i] = params.epsilon - y[row]!;
      p[n + i] = params.epsilon + y[row]!;
      C[i] = C[n + i] = params.C * (w ? w[row]! : 1);
    });
    const solution = await solveSmo(
      {
        rows,
        kernel,
        y: sign,
        p,
        C,
        tol: params.tol,
        isShrinking: params.shrinking,
        cacheBytes: params.cacheSize * 1e6,
        maxIter: params.maxIter,
      },
      context.task,
    );
    const beta = Float64Array.from(used, (_, i) => solution.alpha[i]! - solution.alpha[n + i]!);
    const kept = [...beta.keys()].filter((i) => beta[i] !== 0);
    // A flat prediction has no support vectors; one with coefficient 0 keeps every shape valid.
    if (kept.length === 0) kept.push(0);
    return new FittedSvr(
      target,
      X.nCols,
      kernel,
      padRows(
        X,
        kept.map((i) => used[i]!),
      ),
      Float64Array.from(kept, (i) => beta[i]!),
      solution.rho,
      {
        supportVectors: kept.length,
        iterations: solution.iterations,
        converged: solution.isConverged,
        gamma: kernel.gamma,
      },
    );
  }
}

interface SvrJson {
  readonly target: TargetInfo;
  readonly nFeatures: number;
  readonly stride: number;
  readonly rho: number;
  readonly kernel: Pick<KernelSpec, 'name' | 'gamma' | 'coef0' | 'degree'>;
  readonly summary: Fitted['summary'];
}

export class FittedSvr implements Fitted {
  readonly type = 'svr';
  readonly target: TargetInfo;
  readonly nFeaturesIn: number;
  readonly kernel: KernelSpec;
  readonly vectors: PaddedRows;
  readonly coef: Float64Array;
  readonly rho: number;
  readonly summary: Fitted['summary'];

  constructor(
    target: TargetInfo,
    nFeaturesIn: number,
    kernel: KernelSpec,
    vectors: PaddedRows,
    coef: Float64Array,
    rho: number,
    summary: Fitted['summary'],
  ) {
    this.target = target;
    this.nFeaturesIn = nFeaturesIn;
    this.kernel = kernel;
    this.vectors = vectors;
    this.coef = coef;
    this.rho = rho;
    this.summary = summary;
  }

  async predictProba(): Promise<Matrix> {
    return matrix(new Float64Array(0), 0, needsClasses(this.target));
  }

  async predict(X: Matrix): Promise<Float64Array> {
    if (X.nCols !== this.nFeaturesIn)
      throw new RangeError(`The model was fitted on ${this.nFeaturesIn} features, got ${X.nCols}`);
    const values = await expandKernel(X, this.vectors, this.kernel, this.coef, 1);
    return values.map((v) => v - this.rho);
  }

  toOnnx(graph: OnnxGraph, x: OnnxValue): OnnxValue {
    const { vectors, kernel, coef, rho, nFeaturesIn: d } = this;
    return decisionToOnnx(graph, x, { vectors, d, kernel, coef, rho });
  }

  toState(): FittedState {
    const { target, nFeaturesIn, vectors, kernel, rho, summary, coef } = this;
    const { name, gamma, coef0, degree } = kernel;
    const json: SvrJson = {
      target,
      nFeatures: nFeaturesIn,
      stride: vectors.stride,
      rho,
      kernel: { name, gamma, coef0, degree },
      summary,
    };
    return { type: this.type, version: 1, json, arrays: { vectors: vectors.data, norms: vectors.norms, coef } };
  }
}

function restoreSvr({ json, arrays }: FittedState): FittedSvr {
  const { target, nFeatures, stride, rho, kernel, summary } = json as SvrJson;
  const norms = arrays['norms'] as Float64Array;
  const vectors = { n: norms.length, stride, data: arrays['vectors'] as Float32Array, norms };
  const spec = new KernelSpec(kernel.name, kernel.gamma, kernel.coef0, kernel.degree);
  return new FittedSvr(target, nFeatures, spec, vectors, arrays['coef'] as Float64Array, rho, summary);
}

export const svr: EstimatorEntry = {
  spec: {
    type: 'svr',
    title: 'Support vector regression',
    family: 'svm',
    tasks: ['regression'],
    description:
      'A tube around the target, curved by a kernel; rows inside it cost nothing. For a few thousand scaled rows.',
    params: [...paramSpecs],
    coresetService: 'generic',
    suggestedSpace: {
      C: { min: 0.1, max: 1000, log: true },
      gamma: { min: 0.0001, max: 10, log: true },
      epsilon: { min: 0.001, max: 1, log: true },
    },
  },
  make: (params) => new Svr(checkParams('svr', paramSpecs, params) as unknown as SvrParams),
  restore: restoreSvr,
};
