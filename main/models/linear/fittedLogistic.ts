import type { Matrix } from '../../kernels/matrix.ts';
import type { OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';
import type { Fitted, FittedState, TargetInfo } from '../estimator.ts';
import { argmaxRows, needsClasses } from '../tree/outputs.ts';
import type { HasCoefficients } from './coefficients.ts';
import { sigmoid, softmaxInPlace } from './logistic/dataTerm.ts';
import { affineToOnnx, marginsOf } from './margins.ts';

interface LogisticJson {
  readonly target: TargetInfo;
  readonly nOut: number;
  readonly summary: Fitted['summary'];
}

/** Planes whose margins become probabilities: by σ for two classes, by softmax for more. */
export class FittedLogistic implements Fitted, HasCoefficients {
  readonly type = 'logisticRegression';
  readonly target: TargetInfo;
  readonly nFeaturesIn: number;
  readonly nOut: number;
  /** Shape (nOut, nFeatures + 1), the intercept last. */
  readonly coef: Float64Array;
  readonly summary: Fitted['summary'];

  constructor(target: TargetInfo, nOut: number, coef: Float64Array, summary: Fitted['summary']) {
    this.target = target;
    this.nFeaturesIn = coef.length / nOut - 1;
    this.nOut = nOut;
    this.coef = coef;
    this.summary = summary;
  }

  get coefficients(): Matrix {
    const [d, q] = [this.nFeaturesIn, this.nFeaturesIn + 1];
    const data = new Float64Array(this.nOut * d);
    for (let k = 0; k < this.nOut; k++) data.set(this.coef.subarray(k * q, k * q + d), k * d);
    return { data, nRows: this.nOut, nCols: d };
  }

  get intercepts(): Float64Array {
    const q = this.nFeaturesIn + 1;
    return Float64Array.from({ length: this.nOut }, (_, k) => this.coef[k * q + q - 1]!);
  }

  async predictProba(X: Matrix): Promise<Matrix> {
    const k = needsClasses(this.target);
    const margins = (await marginsOf(X, this.coef, this.nOut)).data;
    const data = new Float64Array(X.nRows * k);
    if (this.nOut === 1) {
      for (let i = 0; i < X.nRows; i++) {
        data[2 * i] = sigmoid(-margins[i]!);
        data[2 * i + 1] = sigmoid(margins[i]!);
      }
    } else {
      data.set(margins);
      for (let i = 0; i < X.nRows; i++) softmaxInPlace(data.subarray(i * k, (i + 1) * k));
    }
    return { data, nRows: X.nRows, nCols: k };
  }

  async predict(X: Matrix): Promise<Float64Array> {
    const margins = await marginsOf(X, this.coef, this.nOut);
    return this.nOut === 1 ? Float64Array.from(margins.data, (z) => Number(z > 0)) : argmaxRows(margins);
  }

  toOnnx(graph: OnnxGraph, x: OnnxValue): OnnxValue {
    if (this.nOut > 1) {
      const z = affineToOnnx(graph, x, this.coef, this.nOut);
      return graph.node('Softmax', [z], z, { axis: { kind: 'int', value: 1 } });
    }
    // [σ(−z), σ(z)] keeps the digits of small probabilities, which 1 − p would lose.
    const both = new Float64Array(2 * this.coef.length);
    both.set(this.coef.map((v) => -v));
    both.set(this.coef, this.coef.length);
    const z = affineToOnnx(graph, x, both, 2);
    return graph.node('Sigmoid', [z], z);
  }

  toState(): FittedState {
    const json: LogisticJson = { target: this.target, nOut: this.nOut, summary: this.summary };
    return { type: this.type, version: 1, json, arrays: { coef: this.coef } };
  }
}

export function restoreLogistic({ json, arrays }: FittedState): FittedLogistic {
  const { target, nOut, summary } = json as LogisticJson;
  return new FittedLogistic(target, nOut, arrays['coef'] as Float64Array, summary);
}
