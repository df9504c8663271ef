import type { ParamSpec } from '../../contract/config.ts';
import { likeliest } from '../../kernels/likeliest.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { dataTypeCode } from '../../tensor/encode.ts';
import type { OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';
import { checkParams } from '../checkParams.ts';
import type { EstimatorEntry } from '../entry.ts';
import type { Estimator, Fitted, FitContext, FittedState, TargetInfo } from '../estimator.ts';
import { checkFinite } from '../linear/checkFinite.ts';
import { checkFitInput } from '../tree/checks.ts';
import { needsClasses } from '../tree/outputs.ts';
import { classMoments } from './moments.ts';

const paramSpecs: readonly ParamSpec[] = [
  {
    name: 'varSmoothing',
    kind: 'number',
    label: 'Smoothing',
    default: 1e-9,
    min: 0,
    isLog: true,
    help: 'Share of the largest variance that is added to every variance. More of it makes probabilities less certain.',
  },
];

/** Naive Bayes with a normal distribution per feature and class, as scikit-learn's GaussianNB. */
export class GaussianNaiveBayes implements Estimator {
  readonly type = 'gaussianNaiveBayes';
  private readonly varSmoothing: number;

  constructor(varSmoothing: number) {
    this.varSmoothing = varSmoothing;
  }

  async fit(X: Matrix, y: Float64Array, target: TargetInfo, context: FitContext): Promise<FittedGaussianNaiveBayes> {
    const { sampleWeight, task } = context;
    checkFitInput(X, y, target, sampleWeight);
    checkFinite(X, 'naive Bayes', sampleWeight, context.features);
    const k = needsClasses(target);
    const { mass, mean, variance, largest } = await classMoments(X, y, k, sampleWeight, task);
    // Constant features have variance 0; a tiny one keeps what they say finite.
    const smoothing = Math.max(this.varSmoothing * largest, 1e-30);
    const total = mass.reduce((a, b) => a + b, 0);
    const logPrior = mass.map((m) => Math.log(m / total));
    const smoothed = variance.map((v) => v + smoothing);
    return new FittedGaussianNaiveBayes(target, X.nCols, { logPrior, mean, variance: smoothed });
  }
}

interface Normals {
  /** Shape (k,); −Infinity for a class without rows. */
  readonly logPrior: Float64Array;
  /** Shape (k, d). */
  readonly mean: Float64Array;
  /** Shape (k, d), > 0. */
  readonly variance: Float64Array;
}

export class FittedGaussianNaiveBayes implements Fitted {
  readonly type = 'gaussianNaiveBayes';
  readonly target: TargetInfo;
  readonly nFeaturesIn: number;
  readonly normals: Normals;
  readonly summary: Fitted['summary'];
  /** log p(class) − ½ Σ log 2πσ², shape (k,): what does not depend on the row. */
  private readonly offset: Float64Array;

  constructor(target: TargetInfo, d: number, normals: Normals) {
    this.target = target;
    this.nFeaturesIn = d;
    this.normals = normals;
    this.summary = { classes: normals.logPrior.length, features: d };
    this.offset = normals.logPrior.map((prior, c) => {
      let sum = prior;
      for (let j = 0; j < d; j++) sum -= 0.5 * Math.log(2 * Math.PI * normals.variance[c * d + j]!);
      return sum;
    });
  }

  /** log p(class) + log p(row | class), shape (nSamples, k). */
  private logJoint({ data, nRows, nCols: d }: Matrix): Matrix & { readonly data: Float64Array } {
    if (d !== this.nFeaturesIn) throw new RangeError(`The model was fitted on ${this.nFeaturesIn} features, got ${d}`);
    const { mean, variance } = this.normals;
    const k = this.offset.length;
    const out = new Float64Array(nRows * k);
    for (let i = 0; i < nRows; i++) {
      for (let c = 0; c < k; c++) {
        let sum = 0;
        for (let j = 0; j < d; j++) sum += (data[i * d + j]! - mean[c * d + j]!) ** 2 / variance[c * d + j]!;
        out[i * k + c] = this.offset[c]! - 0.5 * sum;
      }
    }
    return { data: out, nRows, nCols: k };
  }

  async predictProba(X: Matrix): Promise<Matrix> {
    const { data, nRows, nCols: k } = this.logJoint(X);
    for (let i = 0; i < nRows; i++) {
      const row = data.subarray(i * k, (i + 1) * k);
      const top = row.reduce((a, b) => Math.max(a, b), -Infinity);
      let sum = 0;
      for (let c = 0; c < k; c++) sum += row[c] = Math.exp(row[c]! - top);
      for (let c = 0; c < k; c++) row[c]! /= sum;
    }
    return { data, nRows, nCols: k };
  }

  async predict(X: Matrix): Promise<Float64Array> {
    return likeliest(await this.predictProba(X));
  }

  /** In float64: squares of features over small variances lose too many digits in float32. */
  toOnnx(graph: OnnxGraph, x: OnnxValue): OnnxValue {
    const [k, d] = [this.offset.length, this.nFeaturesIn];
    const n = x.shape[0] ?? 'n';
    const { mean, variance } = this.normals;
    const cube = { type: 'float64', shape: [n, k, d] } as const;
    const rows = { type: 'float64', shape: [n, k] } as const;
    const constant = (shape: number[], data: Float64Array, hint: string) =>
      graph.constant({ type: 'float64', shape, data }, hint);
    const to = (type: 'float32' | 'float64') => ({ to: { kind: 'int', value: dataTypeCode[type] } }) as const;
    const axis = (value: number) => graph.constant({ type: 'int64', shape: [1], data: [value] }, 'axis');
    const x64 = graph.node('Cast', [x], { type: 'float64', shape: [n, d] }, to('float64'));
    const spread = graph.node('Unsqueeze', [x64, axis(1)], { type: 'float64', shape: [n, 1, d] });
    const gap = graph.node('Sub', [spread, constant([1, k, d], mean, 'mean')], cube);
    const precision = constant(
      [1, k, d],
      variance.map((v) => 0.5 / v),
      'precision',
    );
    const weighed = graph.node('Mul', [graph.node('Mul', [gap, gap], cube), precision], cube);
    const keep = { keepdims: { kind: 'int', value: 0 } } as const;
    const distance = graph.node('ReduceSum', [weighed, axis(2)], rows, keep);
    const joint = graph.node('Sub', [constant([1, k], this.offset, 'offset'), distance], rows);
    const proba = graph.node('Softmax', [joint], rows, { axis: { kind: 'int', value: 1 } });
    return graph.node('Cast', [proba], { type: 'float32', shape: [n, k] }, to('float32'));
  }

  toState(): FittedState {
    const { logPrior, mean, variance } = this.normals;
    return {
      type: this.type,
      version: 1,
      json: { target: this.target, d: this.nFeaturesIn },
      arrays: { logPrior, mean, variance },
    };
  }
}

export const gaussianNaiveBayes: EstimatorEntry = {
  spec: {
    type: 'gaussianNaiveBayes',
    title: 'Gaussian naive Bayes',
    family: 'bayes',
    tasks: ['binary', 'multiclass'],
    description:
      'One normal distribution per feature and class, as if features were independent. Fitted in one pass; a quick first answer.',
    params: [...paramSpecs],
    coresetService: 'generic',
    suggestedSpace: { varSmoothing: { min: 1e-12, max: 1, log: true } },
  },
  make: (params) => {
    const { varSmoothing } = checkParams('gaussianNaiveBayes', paramSpecs, params);
    return new GaussianNaiveBayes(varSmoothing as number);
  },
  restore: ({ json, arrays }) => {
    const { target, d } = json as { target: TargetInfo; d: number };
    const { logPrior, mean, variance } = arrays as unknown as Normals;
    return new FittedGaussianNaiveBayes(target, d, { logPrior, mean, variance });
  },
};
