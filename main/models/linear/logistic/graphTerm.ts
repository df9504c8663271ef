import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { f32, f64, openSession } from '../../../tensor/session.ts';
import type { DataTerm, Evaluation, Structure } from './dataTerm.ts';
import { graphHessian } from './graphHessian.ts';
import { lossGraph } from './graphs.ts';
import type { LabelledRows } from './rows.ts';

type Real = Float32Array | Float64Array;

// Rows a product handles: long enough for the kernels, short enough to stay in the caches and to give every thread some.
const CHUNK = 2048;

/** The rows in one ONNX Runtime graph, all threads, in the type the rows have. */
export class GraphTerm implements DataTerm {
  readonly nOut: number;
  readonly q: number;
  readonly nRows: number;
  readonly noise: number;
  private readonly X: Real;
  /** Class index, or for one output 1 − 2 · class: the sign that makes margins of wrong rows positive. */
  private readonly y: Real;
  private readonly s: Real | undefined;
  private readonly threads: number;
  private session: Promise<InferenceSession> | undefined;

  constructor({ X, y, weights }: LabelledRows, nOut: number, threads: number) {
    this.nOut = nOut;
    this.q = X.nCols + 1;
    this.nRows = X.nRows;
    this.X = X.data;
    const isSingle = X.data instanceof Float32Array;
    this.noise = isSingle ? 1e-7 : 1e-13;
    this.y = isSingle ? new Float32Array(y.length) : new Float64Array(y.length);
    for (let i = 0; i < y.length; i++) this.y[i] = nOut === 1 ? 1 - 2 * y[i]! : y[i]!;
    this.s = weights && isSingle ? Float32Array.from(weights) : weights;
    this.threads = threads;
  }

  private tensor(data: Real, dims: readonly number[]): Tensor {
    return data instanceof Float32Array ? f32(data, dims) : f64(data, dims);
  }

  private like(values: ArrayLike<number>): Real {
    return this.X instanceof Float32Array ? Float32Array.from(values) : Float64Array.from(values);
  }

  async evaluate(coef: Float64Array): Promise<Evaluation> {
    const { nOut, q, nRows } = this;
    const d = q - 1;
    const type = this.X instanceof Float32Array ? 'float32' : 'float64';
    this.session ??= openSession(lossGraph(d, nOut, type, this.s !== undefined), {
      threads: this.threads,
      isAwake: true,
    });
    const session = await this.session;
    const W = new Float64Array(d * nOut);
    const bias = new Float64Array(nOut);
    for (let k = 0; k < nOut; k++) {
      for (let j = 0; j < d; j++) W[j * nOut + k] = coef[k * q + j]!;
      bias[k] = coef[k * q + d]!;
    }
    const fixed = { W: this.tensor(this.like(W), [d, nOut]), bias: this.tensor(this.like(bias), [1, nOut]) };
    const gradient = new Float64Array(nOut * q);
    let loss = 0;
    const run = async (from: number, b: number, c: number) => {
      const to = from + b * c;
      const out = await session.run({
        X: this.tensor(this.X.subarray(from * d, to * d), [b, c, d]),
        y: this.tensor(this.y.subarray(from, to), [b, c, 1]),
        ...(this.s && { s: this.tensor(this.s.subarray(from, to), [b, c, 1]) }),
        ...fixed,
      });
      const [losses, gW, gb] = [out['loss']!.data as Real, out['gW']!.data as Real, out['gb']!.data as Real];
      for (let i = 0; i < b; i++) {
        loss += losses[i]!;
        for (let k = 0; k < nOut; k++) {
          const at = (i * nOut + k) * d;
          for (let j = 0; j < d; j++) gradient[k * q + j]! += gW[at + j]!;
          gradient[k * q + d]! += gb[i * nOut + k]!;
        }
      }
    };
    // Small data get shorter chunks so that all threads have one.
    const c = Math.min(CHUNK, Math.max(128, Math.ceil(nRows / 8)));
    const b = Math.floor(nRows / c);
    if (b > 0) await run(0, b, c);
    if (b * c < nRows) await run(b * c, 1, nRows - b * c);
    return { loss, gradient };
  }

  hessian(coef: Float64Array, structure: Structure, maxRows: number): Promise<Float64Array> {
    const rows = { data: this.X, weights: this.s, nRows: this.nRows };
    return graphHessian(rows, coef, this.nOut, this.q, structure, maxRows, this.threads);
  }
}
