import type { ParamSpec } from '../../contract/config.ts';
import { AppError } from '../../contract/errors.ts';
import { matrix, type Matrix } from '../../kernels/matrix.ts';
import { dataTypeCode } from '../../tensor/encode.ts';
import type { OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';
import type { EstimatorEntry } from '../entry.ts';
import type { Estimator, Fitted, FitContext, FittedState, TargetInfo } from '../estimator.ts';
import { checkParams } from '../checkParams.ts';
import { symmetricEigen } from './eigen.ts';

interface PcaParams {
  readonly nComponents: number;
  readonly centre: boolean;
  readonly whiten: boolean;
}

const paramSpecs: readonly ParamSpec[] = [
  {
    name: 'nComponents',
    aliases: ['k'],
    kind: 'number',
    label: 'Components',
    default: 2,
    min: 0,
    isExclusiveMin: true,
    help: 'How many directions to keep; below 1 it is the share of variance they must explain.',
  },
  {
    name: 'centre',
    kind: 'boolean',
    label: 'Centre',
    default: true,
    isAdvanced: true,
    help: 'Subtract the mean first. Off gives the truncated SVD.',
  },
  {
    name: 'whiten',
    kind: 'boolean',
    label: 'Whiten',
    default: false,
    isAdvanced: true,
    help: 'Scale every component to variance 1.',
  },
];

/** Most features a dense covariance is decomposed for. */
const MAX_FEATURES = 2000;

/** Principal components, or the truncated SVD when rows are not centred. `y` is ignored; `predict` is the first score. */
export class Pca implements Estimator {
  readonly type = 'pca';
  private readonly params: PcaParams;

  constructor(params: PcaParams) {
    this.params = params;
  }

  async fit(X: Matrix, _y: Float64Array, _target: TargetInfo, context: FitContext): Promise<FittedPca> {
    const { nRows: n, nCols: d, data } = X;
    if (d > MAX_FEATURES) {
      throw new AppError({
        code: 'TOO_MANY_FEATURES',
        message: `Principal components of ${d} features need a ${d} × ${d} matrix; at most ${MAX_FEATURES} are supported.`,
        fix: {
          kind: 'setParam',
          label: 'Keep fewer text features',
          args: { name: 'preprocess.textFeatures', value: 256 },
        },
      });
    }
    const { params } = this;
    if (params.nComponents >= 1 && (!Number.isInteger(params.nComponents) || params.nComponents > d)) {
      throw new AppError({
        code: 'PARAM_OUT_OF_RANGE',
        message: `nComponents must be a share below 1 or a whole number up to the ${d} features, got ${params.nComponents}.`,
        fix: { kind: 'setParam', label: `Use ${Math.min(2, d)}`, args: { name: 'nComponents', value: Math.min(2, d) } },
      });
    }
    const { task, sampleWeight: w } = context;
    const mean = new Float64Array(d);
    let total = 0;
    for (let i = 0; i < n; i++) {
      const wi = w ? w[i]! : 1;
      total += wi;
      for (let j = 0; j < d; j++) mean[j]! += wi * data[i * d + j]!;
    }
    for (let j = 0; j < d; j++) mean[j]! /= total;
    if (mean.some((v) => !Number.isFinite(v))) {
      throw new AppError({
        code: 'FEATURE_HAS_MISSING',
        message: 'A feature has missing or infinite values; principal components need numbers.',
        fix: { kind: 'setParam', label: 'Fill missing values', args: { name: 'preprocess.impute', value: 'median' } },
      });
    }
    const offset = params.centre ? mean : new Float64Array(d);
    const covariance = new Float64Array(d * d);
    const row = new Float64Array(d);
    for (let i = 0; i < n; i++) {
      const wi = w ? w[i]! : 1;
      if (wi === 0) continue;
      for (let j = 0; j < d; j++) row[j] = data[i * d + j]! - offset[j]!;
      for (let p = 0; p < d; p++) {
        const v = wi * row[p]!;
        const at = p * d;
        for (let q = p; q < d; q++) covariance[at + q]! += v * row[q]!;
      }
      if (task.isDue()) {
        await task.yield();
        task.signal.throwIfAborted();
        task.report({ fraction: i / n, step: 'Adding up the covariance' });
      }
    }
    const freedom = Math.max(1, total - (params.centre ? 1 : 0));
    for (let p = 0; p < d; p++) {
      for (let q = p; q < d; q++) covariance[q * d + p] = covariance[p * d + q]! /= freedom;
    }
    const { values, vectors } = symmetricEigen(covariance, d);
    const variance = values.map((v) => Math.max(0, v));
    const all = variance.reduce((a, b) => a + b, 0);
    const k = componentsOf(params.nComponents, variance, all);
    const components = vectors.slice(0, k * d);
    for (let c = 0; c < k; c++) fixSign(components.subarray(c * d, c * d + d));
    const scale = Float64Array.from({ length: k }, (_, c) =>
      params.whiten ? 1 / Math.sqrt(Math.max(variance[c]!, 1e-300)) : 1,
    );
    const explained = variance.slice(0, k).map((v) => (all > 0 ? v / all : 0));
    return new FittedPca(d, offset, components, scale, variance.slice(0, k), explained);
  }
}

function componentsOf(wanted: number, variance: Float64Array, total: number): number {
  if (wanted >= 1) return wanted;
  let sum = 0;
  for (let k = 0; k < variance.length; k++) {
    sum += variance[k]!;
    if (sum >= wanted * total) return k + 1;
  }
  return variance.length;
}

/** The entry largest in size is positive, so that the sign does not depend on how the vector was found. */
function fixSign(vector: Float64Array): void {
  let top = 0;
  for (let j = 1; j < vector.length; j++) if (Math.abs(vector[j]!) > Math.abs(vector[top]!)) top = j;
  if (vector[top]! < 0) for (let j = 0; j < vector.length; j++) vector[j] = -vector[j]!;
}

export class FittedPca implements Fitted {
  readonly type = 'pca';
  readonly target: TargetInfo = { task: 'regression' };
  readonly nFeaturesIn: number;
  readonly offset: Float64Array;
  /** Shape (k, d), unit rows. */
  readonly components: Float64Array;
  readonly scale: Float64Array;
  readonly variance: Float64Array;
  /** Share of all variance, shape (k,). */
  readonly explained: Float64Array;

  constructor(
    d: number,
    offset: Float64Array,
    components: Float64Array,
    scale: Float64Array,
    variance: Float64Array,
    explained: Float64Array,
  ) {
    this.nFeaturesIn = d;
    this.offset = offset;
    this.components = components;
    this.scale = scale;
    this.variance = variance;
    this.explained = explained;
  }

  get summary(): Fitted['summary'] {
    return { components: this.scale.length, explainedVariance: this.explained.reduce((a, b) => a + b, 0) };
  }

  /** Scores, shape (nSamples, k). */
  transform({ data, nRows, nCols: d }: Matrix): Matrix {
    if (d !== this.nFeaturesIn) throw new RangeError(`The model was fitted on ${this.nFeaturesIn} features, got ${d}`);
    const k = this.scale.length;
    const out = new Float64Array(nRows * k);
    for (let i = 0; i < nRows; i++) {
      for (let c = 0; c < k; c++) {
        let sum = 0;
        for (let j = 0; j < d; j++) sum += (data[i * d + j]! - this.offset[j]!) * this.components[c * d + j]!;
        out[i * k + c] = sum * this.scale[c]!;
      }
    }
    return matrix(out, nRows, k);
  }

  /** Squared distance of each row to the subspace of the components, shape (nSamples,). */
  rowLoss({ data, nRows, nCols: d }: Matrix): Float64Array {
    const row = new Float64Array(d);
    return Float64Array.from({ length: nRows }, (_, i) => {
      let rest = 0;
      for (let j = 0; j < d; j++) {
        row[j] = data[i * d + j]! - this.offset[j]!;
        rest += row[j]! ** 2;
      }
      for (let c = 0; c < this.scale.length; c++) {
        let sum = 0;
        for (let j = 0; j < d; j++) sum += row[j]! * this.components[c * d + j]!;
        rest -= sum * sum;
      }
      return Math.max(0, rest);
    });
  }

  async predict(X: Matrix): Promise<Float64Array> {
    const { data, nRows, nCols } = this.transform(X);
    return Float64Array.from({ length: nRows }, (_, i) => data[i * nCols]!);
  }

  async predictProba(): Promise<Matrix> {
    throw new AppError({
      code: 'NO_PROBABILITIES',
      message: 'Principal components are scores, not class probabilities.',
    });
  }

  /** Scores, shape (n, k). In float64: columns that were not scaled may be far from 0, and small components would drown. */
  toOnnx(graph: OnnxGraph, x: OnnxValue): OnnxValue {
    const [k, d] = [this.scale.length, this.nFeaturesIn];
    const n = x.shape[0] ?? 'n';
    const columns = new Float64Array(d * k);
    for (let c = 0; c < k; c++)
      for (let j = 0; j < d; j++) columns[j * k + c] = this.components[c * d + j]! * this.scale[c]!;
    const cast = (value: OnnxValue, type: 'float32' | 'float64') =>
      graph.node('Cast', [value], { type, shape: value.shape }, { to: { kind: 'int', value: dataTypeCode[type] } });
    const offset = graph.constant({ type: 'float64', shape: [1, d], data: this.offset }, 'mean');
    const axes = graph.constant({ type: 'float64', shape: [d, k], data: columns }, 'components');
    const centred = graph.node('Sub', [cast(x, 'float64'), offset], { type: 'float64', shape: [n, d] });
    return cast(graph.node('MatMul', [centred, axes], { type: 'float64', shape: [n, k] }), 'float32');
  }

  toState(): FittedState {
    const { offset, components, scale, variance, explained } = this;
    return {
      type: this.type,
      version: 1,
      json: { d: this.nFeaturesIn },
      arrays: { offset, components, scale, variance, explained },
    };
  }
}

function restorePca({ json, arrays }: FittedState): FittedPca {
  const take = (name: string) => arrays[name] as Float64Array;
  return new FittedPca(
    (json as { d: number }).d,
    take('offset'),
    take('components'),
    take('scale'),
    take('variance'),
    take('explained'),
  );
}

export const pca: EstimatorEntry = {
  spec: {
    type: 'pca',
    title: 'Principal components',
    family: 'decomposition',
    tasks: ['unsupervised'],
    description: 'The few directions along which rows differ most. Without centring, the truncated SVD.',
    params: [...paramSpecs],
    coresetService: 'pca',
    suggestedSpace: {},
  },
  make: (params) => new Pca(checkParams('pca', paramSpecs, params) as unknown as PcaParams),
  restore: restorePca,
};
