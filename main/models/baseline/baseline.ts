import type { ParamSpec } from '../../contract/config.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { dataTypeCode } from '../../tensor/encode.ts';
import type { OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';
import type { EstimatorEntry } from '../entry.ts';
import type { Estimator, Fitted, FitContext, FittedState, TargetInfo } from '../estimator.ts';
import { checkFitInput } from '../tree/checks.ts';
import { needsClasses } from '../tree/outputs.ts';
import { checkParams } from '../checkParams.ts';

type Strategy = 'auto' | 'prior' | 'mean' | 'median';

const paramSpecs: readonly ParamSpec[] = [
  {
    name: 'strategy',
    kind: 'choice',
    label: 'Strategy',
    default: 'auto',
    choices: ['auto', 'prior', 'mean', 'median'],
    help: 'auto: class shares (so the majority is predicted), or the mean of a number.',
  },
];

/** Looks at no feature: predicts the class shares, or the mean or median of the target. */
export class Baseline implements Estimator {
  readonly type = 'baseline';
  private readonly strategy: Strategy;

  constructor(strategy: Strategy) {
    this.strategy = strategy;
  }

  async fit(X: Matrix, y: Float64Array, target: TargetInfo, { sampleWeight }: FitContext): Promise<FittedBaseline> {
    checkFitInput(X, y, target, sampleWeight);
    const weightOf = (i: number) => sampleWeight?.[i] ?? 1;
    if (target.task !== 'regression') {
      const shares = new Float64Array(needsClasses(target));
      let total = 0;
      for (let i = 0; i < y.length; i++) {
        if (weightOf(i) === 0) continue;
        shares[y[i]!]! += weightOf(i);
        total += weightOf(i);
      }
      return new FittedBaseline(
        target,
        X.nCols,
        shares.map((v) => v / total),
        { strategy: 'prior' },
      );
    }
    const isMedian = this.strategy === 'median';
    const value = isMedian ? median(y, weightOf) : mean(y, weightOf);
    return new FittedBaseline(target, X.nCols, Float64Array.of(value), { strategy: isMedian ? 'median' : 'mean' });
  }
}

function mean(y: Float64Array, weightOf: (i: number) => number): number {
  let [value, total] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    const w = weightOf(i);
    if (w === 0) continue;
    total += w;
    value += (w / total) * (y[i]! - value);
  }
  return value;
}

/** The value with half of the weight below it; between two, their middle. */
function median(y: Float64Array, weightOf: (i: number) => number): number {
  const order = Array.from(y.keys())
    .filter((i) => weightOf(i) > 0)
    .sort((a, b) => y[a]! - y[b]!);
  const half = order.reduce((sum, i) => sum + weightOf(i), 0) / 2;
  let seen = 0;
  for (let k = 0; k < order.length; k++) {
    seen += weightOf(order[k]!);
    if (seen === half) return (y[order[k]!]! + y[order[k + 1]!]!) / 2;
    if (seen > half) return y[order[k]!]!;
  }
  return y[order.at(-1)!]!;
}

interface BaselineJson {
  readonly target: TargetInfo;
  readonly nFeatures: number;
  readonly summary: Fitted['summary'];
}

export class FittedBaseline implements Fitted {
  readonly type = 'baseline';
  readonly target: TargetInfo;
  readonly nFeaturesIn: number;
  /** Class shares, or the one value. */
  readonly values: Float64Array;
  readonly summary: Fitted['summary'];

  constructor(target: TargetInfo, nFeatures: number, values: Float64Array, summary: Fitted['summary']) {
    this.target = target;
    this.nFeaturesIn = nFeatures;
    this.values = values;
    this.summary = summary;
  }

  private repeat(X: Matrix): Matrix {
    if (X.nCols !== this.nFeaturesIn) {
      throw new RangeError(`The model was fitted on ${this.nFeaturesIn} features, got ${X.nCols}`);
    }
    const k = this.values.length;
    const data = new Float64Array(X.nRows * k);
    for (let i = 0; i < X.nRows; i++) data.set(this.values, i * k);
    return { data, nRows: X.nRows, nCols: k };
  }

  async predictProba(X: Matrix): Promise<Matrix> {
    needsClasses(this.target);
    return this.repeat(X);
  }

  async predict(X: Matrix): Promise<Float64Array> {
    const rows = this.repeat(X);
    if (this.target.task === 'regression') return rows.data as Float64Array;
    return new Float64Array(X.nRows).fill(this.values.indexOf(Math.max(...this.values)));
  }

  toOnnx(graph: OnnxGraph, x: OnnxValue): OnnxValue {
    const n = x.shape[0] ?? 'n';
    const k = this.values.length;
    const size = graph.node('Shape', [x], { type: 'int64', shape: [1] }, { end: { kind: 'int', value: 1 } });
    const width = graph.constant({ type: 'int64', shape: [1], data: [k] }, 'width');
    const shape = graph.node(
      'Concat',
      [size, width],
      { type: 'int64', shape: [2] },
      { axis: { kind: 'int', value: 0 } },
    );
    const values = graph.constant({ type: 'float64', shape: [1, k], data: this.values }, 'values');
    const wide = graph.node('Expand', [values, shape], { type: 'float64', shape: [n, k] });
    const to = { to: { kind: 'int', value: dataTypeCode.float32 } } as const;
    return graph.node('Cast', [wide], { type: 'float32', shape: [n, k] }, to);
  }

  toState(): FittedState {
    const json: BaselineJson = { target: this.target, nFeatures: this.nFeaturesIn, summary: this.summary };
    return { type: this.type, version: 1, json, arrays: { values: this.values } };
  }
}

export const baseline: EstimatorEntry = {
  spec: {
    type: 'baseline',
    title: 'Baseline',
    family: 'baseline',
    tasks: ['binary', 'multiclass', 'regression'],
    description:
      'Predicts the most common class, or the mean. A model that is not better than this has learnt nothing.',
    params: [...paramSpecs],
    coresetService: 'generic',
    suggestedSpace: {},
  },
  make: (params) => new Baseline(checkParams('baseline', paramSpecs, params)['strategy'] as Strategy),
  restore: ({ json, arrays }) => {
    const { target, nFeatures, summary } = json as BaselineJson;
    return new FittedBaseline(target, nFeatures, arrays['values'] as Float64Array, summary);
  },
};
