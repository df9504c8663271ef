import { likeliest } from '../../kernels/likeliest.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { concat } from '../../tensor/ops/shape.ts';
import { add, exp, mul, neg, sigmoid } from '../../tensor/ops/elementwise.ts';
import { logSoftmax } from '../../tensor/ops/rows.ts';
import { constant, emit, input, type Tensor } from '../../tensor/program.ts';
import type { OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';
import { RowProgram } from '../../tensor/rowProgram.ts';
import type { Fitted, FittedState, ModelFinding, TargetInfo } from '../estimator.ts';
import { needsClasses } from '../tree/outputs.ts';
import { forward, type Network } from './forward.ts';
import { sizeOf, type Head } from './stepProgram.ts';
import type { TargetScale } from './trainingRows.ts';

interface NetworkJson {
  readonly target: TargetInfo;
  readonly network: Network;
  readonly head: Head;
  readonly scale: TargetScale;
  readonly summary: Fitted['summary'];
  readonly findings: readonly ModelFinding[];
}

/** A trained network: sizes and arrays; what it computes is built from these anew, for prediction as for export. */
export class FittedNetwork implements Fitted {
  readonly type = 'neuralNetwork';
  readonly target: TargetInfo;
  readonly nFeaturesIn: number;
  readonly network: Network;
  readonly head: Head;
  readonly summary: Fitted['summary'];
  readonly findings: readonly ModelFinding[];
  /** Parameters layer by layer, then running statistics. */
  readonly theta: Float32Array;
  readonly running: Float32Array;
  private readonly scale: TargetScale;
  private program: RowProgram | undefined;

  constructor(json: NetworkJson, theta: Float32Array, running: Float32Array) {
    this.target = json.target;
    this.network = json.network;
    this.nFeaturesIn = json.network.nInputs;
    this.head = json.head;
    this.scale = json.scale;
    this.summary = json.summary;
    this.findings = json.findings;
    this.theta = theta;
    this.running = running;
  }

  private get nOut(): number {
    return this.target.task === 'regression' ? 1 : needsClasses(this.target);
  }

  /** Rows (n, nFeatures) to probabilities (n, nClasses) or values (n, 1). */
  private outputs(x: Tensor): Tensor {
    let [at, from] = [0, 0];
    const z = forward(this.network, x, {
      parameter: ({ shape }) => constant(this.theta.subarray(at, (at += sizeOf(shape))), shape),
      running: (_, units) => constant(this.running.subarray(from, (from += units)), [units]),
    });
    if (this.head === 'regression') return add(mul(z, this.scale.scale), this.scale.shift);
    if (this.head === 'multiclass') return exp(logSoftmax(z));
    // σ(−z) keeps the digits of small probabilities, which 1 − σ(z) would lose.
    return concat([sigmoid(neg(z)), sigmoid(z)], 1);
  }

  private run(X: Matrix): Promise<Matrix> {
    const { network, nOut } = this;
    const units = network.layers.map((layer) => ('units' in layer ? (layer.units ?? 0) : 0));
    this.program ??= new RowProgram(
      network.nInputs,
      nOut,
      'float32',
      (graph, x) => this.toOnnx(graph, x),
      Math.max(network.nInputs, nOut, ...units),
    );
    return this.program.run(X);
  }

  async predictProba(X: Matrix): Promise<Matrix> {
    needsClasses(this.target);
    const { data, nRows, nCols } = await this.run(X);
    const proba = new Float64Array(data);
    // Float32 rounding leaves rows of many classes a little off 1.
    const nLoose = nCols > 2 ? nRows : 0;
    for (let i = 0; i < nLoose; i++) {
      let sum = 0;
      for (let k = 0; k < nCols; k++) sum += proba[i * nCols + k]!;
      for (let k = 0; k < nCols; k++) proba[i * nCols + k]! /= sum;
    }
    return { data: proba, nRows, nCols };
  }

  async predict(X: Matrix): Promise<Float64Array> {
    if (this.target.task !== 'regression') return likeliest(await this.predictProba(X));
    return new Float64Array((await this.run(X)).data);
  }

  toOnnx(graph: OnnxGraph, x: OnnxValue): OnnxValue {
    const rows = input('X', ['n', this.nFeaturesIn]);
    return emit(graph, this.outputs(rows), new Map([[rows, x]]), 'float32');
  }

  toState(): FittedState {
    const { target, network, head, scale, summary, findings } = this;
    const json: NetworkJson = { target, network, head, scale, summary, findings };
    return { type: this.type, version: 1, json, arrays: { theta: this.theta, running: this.running } };
  }
}

export function restoreNetwork({ json, arrays }: FittedState): FittedNetwork {
  return new FittedNetwork(json as NetworkJson, arrays['theta'] as Float32Array, arrays['running'] as Float32Array);
}
