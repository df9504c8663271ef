import type { ParamSpec } from '../../contract/config.ts';
import { likeliest } from '../../kernels/likeliest.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import type { OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';
import type { EstimatorEntry } from '../entry.ts';
import type { Estimator, Fitted, FitContext, FittedState, TargetInfo } from '../estimator.ts';
import { checkFitInput } from '../tree/checks.ts';
import { needsClasses } from '../tree/outputs.ts';
import { checkParams } from '../checkParams.ts';
import { C } from './params.ts';
import { fitSigmoid } from './platt.ts';
import { fitSquaredHinge } from './squaredHinge.ts';
import { allRows, padRows } from './rows.ts';

interface LinearSvmParams {
  readonly C: number;
  readonly tol: number;
  readonly maxIter: number;
}

const paramSpecs: readonly ParamSpec[] = [
  C,
  {
    name: 'tol',
    kind: 'number',
    label: 'Tolerance',
    default: 1e-6,
    min: 0,
    isExclusiveMin: true,
    isAdvanced: true,
    isLog: true,
    help: 'Training stops when the gradient has shrunk by this factor.',
  },
  {
    name: 'maxIter',
    kind: 'integer',
    label: 'Most iterations',
    default: 200,
    min: 1,
    isAdvanced: true,
    help: 'Newton steps per class.',
  },
];

/** Linear SVM for many rows: squared hinge loss, one against the rest, intercept not penalised. */
export class LinearSvm implements Estimator {
  readonly type = 'linearSvm';
  private readonly params: LinearSvmParams;

  constructor(params: LinearSvmParams) {
    this.params = params;
  }

  async fit(X: Matrix, y: Float64Array, target: TargetInfo, context: FitContext): Promise<FittedLinearSvm> {
    checkFitInput(X, y, target, context.sampleWeight);
    padRows(X, allRows(Math.min(1, X.nRows)));
    const k = needsClasses(target);
    const nPlanes = k === 2 ? 1 : k;
    const d = X.nCols;
    const w = context.sampleWeight ?? new Float64Array(X.nRows).fill(1);
    const planes = new Float64Array(nPlanes * (d + 1));
    const platt = new Float64Array(2 * nPlanes);
    let [iterations, isConverged] = [0, true];
    for (let plane = 0; plane < nPlanes; plane++) {
      const positive = nPlanes === 1 ? 1 : plane;
      const sign = y.map((v) => (v === positive ? 1 : -1));
      const fit = await fitSquaredHinge(X, sign, w, this.params, context.task);
      planes.set(fit.coef, plane * (d + 1));
      iterations += fit.iterations;
      isConverged &&= fit.isConverged;
      const sigmoid = fitSigmoid(fit.margins, sign, w);
      platt.set([sigmoid.a, sigmoid.b], 2 * plane);
    }
    return new FittedLinearSvm(target, d, planes, platt, { iterations, converged: isConverged });
  }
}

interface LinearSvmJson {
  readonly target: TargetInfo;
  readonly nFeatures: number;
  readonly summary: Fitted['summary'];
}

/** Planes with Platt probabilities; several planes are normalised to sum to one. */
export class FittedLinearSvm implements Fitted {
  readonly type = 'linearSvm';
  readonly target: TargetInfo;
  readonly nFeaturesIn: number;
  /** Shape (nPlanes, d + 1), the intercept last. */
  readonly planes: Float64Array;
  /** Shape (nPlanes, 2). */
  readonly platt: Float64Array;
  readonly summary: Fitted['summary'];

  constructor(target: TargetInfo, d: number, planes: Float64Array, platt: Float64Array, summary: Fitted['summary']) {
    this.target = target;
    this.nFeaturesIn = d;
    this.planes = planes;
    this.platt = platt;
    this.summary = summary;
  }

  /** Margins, shape (nSamples, nPlanes). */
  margins({ data, nRows, nCols }: Matrix): Float64Array {
    if (nCols !== this.nFeaturesIn)
      throw new RangeError(`The model was fitted on ${this.nFeaturesIn} features, got ${nCols}`);
    const nPlanes = this.platt.length / 2;
    const out = new Float64Array(nRows * nPlanes);
    for (let i = 0; i < nRows; i++) {
      for (let p = 0; p < nPlanes; p++) {
        const at = p * (nCols + 1);
        let sum = this.planes[at + nCols]!;
        for (let j = 0; j < nCols; j++) sum += this.planes[at + j]! * data[i * nCols + j]!;
        out[i * nPlanes + p] = sum;
      }
    }
    return out;
  }

  async predictProba(X: Matrix): Promise<Matrix> {
    const k = needsClasses(this.target);
    const margins = this.margins(X);
    const nPlanes = this.platt.length / 2;
    const data = new Float64Array(X.nRows * k);
    for (let i = 0; i < X.nRows; i++) {
      if (nPlanes === 1) {
        const p = 1 / (1 + Math.exp(this.platt[0]! * margins[i]! + this.platt[1]!));
        data.set([1 - p, p], 2 * i);
        continue;
      }
      let sum = 0;
      for (let p = 0; p < k; p++) {
        const z = this.platt[2 * p]! * margins[i * k + p]! + this.platt[2 * p + 1]!;
        sum += data[i * k + p] = Math.max(1 / (1 + Math.exp(z)), 1e-12);
      }
      for (let p = 0; p < k; p++) data[i * k + p]! /= sum;
    }
    return { data, nRows: X.nRows, nCols: k };
  }

  async predict(X: Matrix): Promise<Float64Array> {
    return likeliest(await this.predictProba(X));
  }

  toOnnx(graph: OnnxGraph, x: OnnxValue): OnnxValue {
    const d = this.nFeaturesIn;
    const nPlanes = this.platt.length / 2;
    const n = x.shape[0] ?? 'n';
    // Sigmoid(-(A f + B)) with f = xw + b, folded into one plane; two classes get the plane and its mirror image.
    const signs = nPlanes === 1 ? [1, -1] : Array.from({ length: nPlanes }, () => -1);
    const width = signs.length;
    const W = new Float64Array(d * width);
    const bias = new Float64Array(width);
    signs.forEach((sign, c) => {
      const p = nPlanes === 1 ? 0 : c;
      const [a, b] = [this.platt[2 * p]!, this.platt[2 * p + 1]!];
      for (let j = 0; j < d; j++) W[j * width + c] = sign * a * this.planes[p * (d + 1) + j]!;
      bias[c] = sign * (a * this.planes[p * (d + 1) + d]! + b);
    });
    const out = { type: 'float32', shape: [n, width] } as const;
    const weights = graph.constant({ type: 'float32', shape: [d, width], data: W }, 'planes');
    const biases = graph.constant({ type: 'float32', shape: [1, width], data: bias }, 'intercepts');
    const z = graph.node('Add', [graph.node('MatMul', [x, weights], out), biases], out);
    const p = graph.node('Sigmoid', [z], out);
    if (nPlanes === 1) return p;
    const floor = graph.constant({ type: 'float32', shape: [1, 1], data: [1e-12] }, 'floor');
    const kept = graph.node('Max', [p, floor], out);
    const axes = graph.constant({ type: 'int64', shape: [1], data: [1] }, 'axes');
    const sum = graph.node(
      'ReduceSum',
      [kept, axes],
      { type: 'float32', shape: [n, 1] },
      { keepdims: { kind: 'int', value: 1 } },
    );
    return graph.node('Div', [kept, sum], out);
  }

  toState(): FittedState {
    const json: LinearSvmJson = { target: this.target, nFeatures: this.nFeaturesIn, summary: this.summary };
    return { type: this.type, version: 1, json, arrays: { planes: this.planes, platt: this.platt } };
  }
}

function restoreLinearSvm({ json, arrays }: FittedState): FittedLinearSvm {
  const { target, nFeatures, summary } = json as LinearSvmJson;
  return new FittedLinearSvm(
    target,
    nFeatures,
    arrays['planes'] as Float64Array,
    arrays['platt'] as Float64Array,
    summary,
  );
}

export const linearSvm: EstimatorEntry = {
  spec: {
    type: 'linearSvm',
    title: 'Linear SVM',
    family: 'svm',
    tasks: ['binary', 'multiclass'],
    description: 'A flat boundary with a wide margin. Scales to millions of rows, where a kernel cannot.',
    params: [...paramSpecs],
    coresetService: 'svm',
    suggestedSpace: { C: { min: 0.0001, max: 100, log: true } },
  },
  make: (params) => new LinearSvm(checkParams('linearSvm', paramSpecs, params) as unknown as LinearSvmParams),
  restore: restoreLinearSvm,
};
