import { likeliest } from '../../kernels/likeliest.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import type { OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';
import { RowProgram } from '../../tensor/rowProgram.ts';
import type { Fitted, FittedState, TargetInfo } from '../estimator.ts';
import { needsClasses } from '../tree/outputs.ts';
import type { HasCoefficients } from './coefficients.ts';
import { softmaxInPlace } from './logistic/dataTerm.ts';
import { affine, affineToOnnx, marginsOf } from './margins.ts';

interface LogisticJson {
  readonly target: TargetInfo;
  readonly nOut: number;
  readonly summary: Fitted['summary'];
}

/** Values of X above which probabilities come out of the graph. */
const NATIVE_VALUES = 1_000_000;

/** Planes whose margins become probabilities: by σ for two classes, by softmax for more. */
export class FittedLogistic implements Fitted, HasCoefficients {
  readonly type = 'logisticRegression';
  readonly target: TargetInfo;
  readonly nFeaturesIn: number;
  readonly nOut: number;
  /** Shape (nOut, nFeatures + 1), the intercept last. */
  readonly coef: Float64Array;
  readonly summary: Fitted['summary'];
  private program: RowProgram | undefined;

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
    if (
      this.nOut === 1 &&
      X.data instanceof Float32Array &&
      X.data.length > NATIVE_VALUES &&
      X.nCols === this.nFeaturesIn
    )
      return this.nativePairs(X);
    const margins = (await marginsOf(X, this.coef, this.nOut)).data;
    const data = new Float64Array(X.nRows * k);
    if (this.nOut === 1) {
      for (let i = 0; i < X.nRows; i++) {
        // One exponential for both: σ(|z|) = 1 / (1 + e) and σ(−|z|) = e / (1 + e) with e = exp(−|z|).
        const z = margins[i]!;
        const e = Math.exp(z < 0 ? z : -z);
        const larger = 1 / (1 + e);
        data[2 * i] = z > 0 ? e * larger : larger;
        data[2 * i + 1] = z > 0 ? larger : e * larger;
      }
    } else {
      data.set(margins);
      for (let i = 0; i < X.nRows; i++) softmaxInPlace(data.subarray(i * k, (i + 1) * k));
    }
    return { data, nRows: X.nRows, nCols: k };
  }

  /** Both probabilities of many float32 rows in one graph, with float64 inside as where they are few. */
  private async nativePairs(X: Matrix): Promise<Matrix> {
    const d = this.nFeaturesIn;
    const build = (graph: OnnxGraph, x: OnnxValue) => {
      const z = affine(graph, x, this.pairs, 2);
      return graph.node('Sigmoid', [z], z);
    };
    this.program ??= new RowProgram(d, 2, 'float32', build, Math.max(d, 2), 'float64');
    return this.program.run(X);
  }

  /** Coefficients of [−z, z]: [σ(−z), σ(z)] keeps the digits of small probabilities, which 1 − p would lose. */
  private get pairs(): Float64Array {
    const both = new Float64Array(2 * this.coef.length);
    both.set(this.coef.map((v) => -v));
    both.set(this.coef, this.coef.length);
    return both;
  }

  async predict(X: Matrix): Promise<Float64Array> {
    return likeliest(await this.predictProba(X));
  }

  toOnnx(graph: OnnxGraph, x: OnnxValue): OnnxValue {
    if (this.nOut > 1) {
      const z = affineToOnnx(graph, x, this.coef, this.nOut);
      return graph.node('Softmax', [z], z, { axis: { kind: 'int', value: 1 } });
    }
    const z = affineToOnnx(graph, x, this.pairs, 2);
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
