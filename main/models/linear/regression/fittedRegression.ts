import type { Matrix } from '../../../kernels/matrix.ts';
import type { OnnxGraph, OnnxValue } from '../../../tensor/onnxGraph.ts';
import type { Fitted, FittedState, TargetInfo } from '../../estimator.ts';
import { needsClasses } from '../../tree/outputs.ts';
import type { HasCoefficients } from '../coefficients.ts';
import { affineToOnnx, marginsOf } from '../margins.ts';

/** A plane: ordinary least squares, ridge, lasso, elastic net and Huber all end as one. */
export class FittedRegression implements Fitted, HasCoefficients {
  readonly type: string;
  readonly target: TargetInfo = { task: 'regression' };
  readonly nFeaturesIn: number;
  /** Shape (nFeatures + 1,), the intercept last. */
  readonly coef: Float64Array;
  readonly summary: Fitted['summary'];

  constructor(type: string, coef: Float64Array, summary: Fitted['summary']) {
    this.type = type;
    this.nFeaturesIn = coef.length - 1;
    this.coef = coef;
    this.summary = summary;
  }

  get coefficients(): Matrix {
    return { data: this.coef.slice(0, -1), nRows: 1, nCols: this.nFeaturesIn };
  }

  get intercepts(): Float64Array {
    return this.coef.slice(-1);
  }

  async predictProba(): Promise<Matrix> {
    needsClasses(this.target);
    throw new TypeError('unreachable');
  }

  async predict(X: Matrix): Promise<Float64Array> {
    return Float64Array.from((await marginsOf(X, this.coef, 1)).data);
  }

  toOnnx(graph: OnnxGraph, x: OnnxValue): OnnxValue {
    return affineToOnnx(graph, x, this.coef, 1);
  }

  toState(): FittedState {
    return { type: this.type, version: 1, json: { summary: this.summary }, arrays: { coef: this.coef } };
  }
}

export function restoreRegression({ type, json, arrays }: FittedState): FittedRegression {
  const { summary } = json as { readonly summary: Fitted['summary'] };
  return new FittedRegression(type, arrays['coef'] as Float64Array, summary);
}
