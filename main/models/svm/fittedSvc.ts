import type { Matrix } from '../../kernels/matrix.ts';
import { dataTypeCode } from '../../tensor/encode.ts';
import type { OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';
import type { Fitted, FittedState, TargetInfo } from '../estimator.ts';
import { needsClasses } from '../tree/outputs.ts';
import { expandKernel } from './expand.ts';
import { decisionToOnnx } from './onnx.ts';
import { KernelSpec } from './kernel.ts';
import { coupleProbabilities, sigmoidAt, type Sigmoid } from './platt.ts';
import { padRows, type PaddedRows } from './rows.ts';

interface Pairs {
  readonly coefs: readonly { readonly row: number; readonly pair: number; readonly value: number }[];
  readonly rho: readonly number[];
  readonly sigmoids: readonly Sigmoid[];
}

interface SvcJson {
  readonly target: TargetInfo;
  readonly nFeatures: number;
  readonly stride: number;
  readonly kernel: Pick<KernelSpec, 'name' | 'gamma' | 'coef0' | 'degree'>;
  readonly summary: Fitted['summary'];
}

/** One decision value per pair (i, j), i < j: positive speaks for class i. */
export class FittedSvc implements Fitted {
  readonly type = 'svc';
  readonly target: TargetInfo;
  readonly nFeaturesIn: number;
  readonly kernel: KernelSpec;
  /** Support vectors, ordered by class. */
  readonly vectors: PaddedRows;
  /** Shape (nClasses,). */
  readonly perClass: Int32Array;
  /** Shape (nPairs, nVectors); 0 where a vector has no part in a pair. */
  readonly coef: Float64Array;
  readonly rho: Float64Array;
  /** Shape (nPairs, 2): Platt's A and B. */
  readonly platt: Float64Array;
  readonly summary: Fitted['summary'];

  constructor(
    init: Omit<FittedSvc, 'type' | 'decisions' | 'predictProba' | 'predict' | 'toOnnx' | 'toOnnxLabelled' | 'toState'>,
  ) {
    this.target = init.target;
    this.nFeaturesIn = init.nFeaturesIn;
    this.kernel = init.kernel;
    this.vectors = init.vectors;
    this.perClass = init.perClass;
    this.coef = init.coef;
    this.rho = init.rho;
    this.platt = init.platt;
    this.summary = init.summary;
  }

  static assemble(
    X: Matrix,
    y: Float64Array,
    target: TargetInfo,
    kernel: KernelSpec,
    pairs: Pairs,
    summary: Fitted['summary'],
  ): FittedSvc {
    const nClasses = needsClasses(target);
    const rows = [...new Set(pairs.coefs.map((c) => c.row))].sort((a, b) => y[a]! - y[b]! || a - b);
    const place = new Map(rows.map((row, at) => [row, at]));
    const coef = new Float64Array(pairs.rho.length * rows.length);
    for (const { row, pair, value } of pairs.coefs) coef[pair * rows.length + place.get(row)!] = value;
    const perClass = new Int32Array(nClasses);
    for (const row of rows) perClass[y[row]!]!++;
    return new FittedSvc({
      target,
      nFeaturesIn: X.nCols,
      kernel,
      vectors: padRows(X, rows),
      perClass,
      coef,
      rho: Float64Array.from(pairs.rho),
      platt: Float64Array.from(pairs.sigmoids.flatMap(({ a, b }) => [a, b])),
      summary,
    });
  }

  /** Decision values, shape (nSamples, nPairs). */
  async decisions(X: Matrix): Promise<Float64Array> {
    if (X.nCols !== this.nFeaturesIn)
      throw new RangeError(`The model was fitted on ${this.nFeaturesIn} features, got ${X.nCols}`);
    const nPairs = this.rho.length;
    const out = await expandKernel(X, this.vectors, this.kernel, this.coef, nPairs);
    for (let i = 0; i < out.length; i++) out[i]! -= this.rho[i % nPairs]!;
    return out;
  }

  async predictProba(X: Matrix): Promise<Matrix> {
    const k = needsClasses(this.target);
    const decisions = await this.decisions(X);
    const nPairs = this.rho.length;
    const data = new Float64Array(X.nRows * k);
    const r = new Float64Array(k * k);
    for (let row = 0; row < X.nRows; row++) {
      let pair = 0;
      for (let i = 0; i < k; i++) {
        for (let j = i + 1; j < k; j++, pair++) {
          const sigmoid = { a: this.platt[2 * pair]!, b: this.platt[2 * pair + 1]! };
          const p = sigmoidAt(sigmoid, decisions[row * nPairs + pair]!);
          r[i * k + j] = p;
          r[j * k + i] = 1 - p;
        }
      }
      if (k === 2) data.set([r[1]!, r[2]!], row * 2);
      else coupleProbabilities(r, k, data.subarray(row * k, row * k + k));
    }
    return { data, nRows: X.nRows, nCols: k };
  }

  /** Class with the most pairs won, ties to the first (libsvm). */
  async predict(X: Matrix): Promise<Float64Array> {
    const k = needsClasses(this.target);
    const decisions = await this.decisions(X);
    const nPairs = this.rho.length;
    const out = new Float64Array(X.nRows);
    const votes = new Uint32Array(k);
    for (let row = 0; row < X.nRows; row++) {
      votes.fill(0);
      let pair = 0;
      for (let i = 0; i < k; i++)
        for (let j = i + 1; j < k; j++) votes[decisions[row * nPairs + pair++]! > 0 ? i : j]!++;
      out[row] = votes.indexOf(Math.max(...votes));
    }
    return out;
  }

  toOnnx(graph: OnnxGraph, x: OnnxValue): OnnxValue {
    return this.toOnnxLabelled(graph, x).proba;
  }

  /** The labels are those of `predict`: the operator too counts the pairs won. */
  toOnnxLabelled(graph: OnnxGraph, x: OnnxValue): { proba: OnnxValue; label: OnnxValue } {
    const k = needsClasses(this.target);
    const { kernel, vectors, nFeaturesIn: d } = this;
    const floats = (value: ArrayLike<number>) => ({ kind: 'floats', value }) as const;
    const n = x.shape[0] ?? 'n';
    const outs = [
      { type: 'int64', shape: [n] },
      { type: 'float32', shape: [n, k] },
    ] as const;
    const plain = new Float32Array(vectors.n * d);
    for (let i = 0; i < vectors.n; i++)
      plain.set(vectors.data.subarray(i * vectors.stride, i * vectors.stride + d), i * d);
    if (k === 2) return this.binaryToOnnx(graph, x);
    const [label, proba] = graph.nodeMany(
      'SVMClassifier',
      [x],
      outs,
      {
        classlabels_ints: { kind: 'ints', value: Array.from({ length: k }, (_, i) => i) },
        kernel_type: { kind: 'string', value: kernel.onnxName },
        kernel_params: floats([kernel.gamma, kernel.coef0, kernel.degree]),
        support_vectors: floats(plain),
        vectors_per_class: { kind: 'ints', value: this.perClass },
        coefficients: floats(this.libsvmCoefficients(k)),
        rho: floats(this.rho.map((v) => -v)),
        prob_a: floats(this.platt.filter((_, i) => i % 2 === 0)),
        prob_b: floats(this.platt.filter((_, i) => i % 2 === 1)),
        post_transform: { kind: 'string', value: 'NONE' },
      },
      'ai.onnx.ml',
    );
    return { label: label!, proba: proba! };
  }

  /** The decision value through Platt's sigmoid; the operator for classes would couple even two of them iteratively. */
  private binaryToOnnx(graph: OnnxGraph, x: OnnxValue): { proba: OnnxValue; label: OnnxValue } {
    const n = x.shape[0] ?? 'n';
    const { vectors, kernel, coef, nFeaturesIn: d } = this;
    const decision = decisionToOnnx(graph, x, { vectors, d, kernel, coef, rho: this.rho[0]! });
    const both = { type: 'float32', shape: [n, 2] } as const;
    const [a, b] = [this.platt[0]!, this.platt[1]!];
    const slopes = graph.constant({ type: 'float32', shape: [1, 2], data: [-a, a] }, 'slopes');
    const shifts = graph.constant({ type: 'float32', shape: [1, 2], data: [-b, b] }, 'shifts');
    const scaled = graph.node('Mul', [decision, slopes], both);
    const proba = graph.node('Sigmoid', [graph.node('Add', [scaled, shifts], both)], both);
    const zero = graph.constant({ type: 'float32', shape: [1], data: [0] }, 'zero');
    const isSecond = graph.node('LessOrEqual', [decision, zero], { type: 'bool', shape: [n, 1] });
    const flat = graph.constant({ type: 'int64', shape: [1], data: [-1] }, 'flat');
    const column = graph.node('Reshape', [isSecond, flat], { type: 'bool', shape: [n] });
    const to = { kind: 'int', value: dataTypeCode.int64 } as const;
    return { proba, label: graph.node('Cast', [column], { type: 'int64', shape: [n] }, { to }) };
  }

  /** Shape (nClasses − 1, nVectors): row j − 1 for the vectors of i < j, row i for those of j, as libsvm stores them. */
  private libsvmCoefficients(k: number): Float64Array {
    const nSv = this.vectors.n;
    const out = new Float64Array((k - 1) * nSv);
    const classOf: number[] = [];
    this.perClass.forEach((count, c) => classOf.push(...Array.from({ length: count }, () => c)));
    let pair = 0;
    for (let i = 0; i < k; i++) {
      for (let j = i + 1; j < k; j++, pair++) {
        for (let s = 0; s < nSv; s++) {
          if (classOf[s] === i) out[(j - 1) * nSv + s] = this.coef[pair * nSv + s]!;
          else if (classOf[s] === j) out[i * nSv + s] = this.coef[pair * nSv + s]!;
        }
      }
    }
    return out;
  }

  toState(): FittedState {
    const { target, nFeaturesIn, vectors, kernel, summary, perClass, coef, rho, platt } = this;
    const { name, gamma, coef0, degree } = kernel;
    const json: SvcJson = {
      target,
      nFeatures: nFeaturesIn,
      stride: vectors.stride,
      kernel: { name, gamma, coef0, degree },
      summary,
    };
    return {
      type: this.type,
      version: 1,
      json,
      arrays: { vectors: vectors.data, norms: vectors.norms, perClass, coef, rho, platt },
    };
  }
}

export function restoreSvc({ json, arrays }: FittedState): FittedSvc {
  const { target, nFeatures, stride, kernel, summary } = json as SvcJson;
  const norms = arrays['norms'] as Float64Array;
  return new FittedSvc({
    target,
    nFeaturesIn: nFeatures,
    summary,
    kernel: new KernelSpec(kernel.name, kernel.gamma, kernel.coef0, kernel.degree),
    vectors: { n: norms.length, stride, data: arrays['vectors'] as Float32Array, norms },
    perClass: arrays['perClass'] as Int32Array,
    coef: arrays['coef'] as Float64Array,
    rho: arrays['rho'] as Float64Array,
    platt: arrays['platt'] as Float64Array,
  });
}
