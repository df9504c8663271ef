import type { Matrix } from '../../../kernels/matrix.ts';
import type { Ensemble } from '../../../kernels/trees/ensemble.ts';
import { predictEnsemble } from '../../../kernels/trees/predictor.ts';
import type { OnnxGraph, OnnxValue } from '../../../tensor/onnxGraph.ts';
import type { Fitted, FittedState, TargetInfo } from '../../estimator.ts';
import { ensembleState, restoreEnsemble } from '../ensembleState.ts';
import { ensembleToOnnx } from '../onnx.ts';
import { argmaxRows, needsClasses } from '../outputs.ts';

/** How raw scores become predictions. */
export type Link = 'sigmoid' | 'softmax' | 'exp' | 'identity';

interface BoostingJson {
  readonly target: TargetInfo;
  readonly link: Link;
  readonly baseline: readonly number[];
  readonly ensemble: unknown;
  readonly summary: Fitted['summary'];
}

/** Boosted trees: link(baseline + Σ leaf values). */
export class FittedBoosting implements Fitted {
  readonly type = 'gradientBoosting';
  readonly target: TargetInfo;
  readonly link: Link;
  /** Raw scores before the first tree, shape (nScores,). */
  readonly baseline: Float64Array;
  readonly ensemble: Ensemble;
  readonly summary: Fitted['summary'];

  constructor(target: TargetInfo, link: Link, baseline: Float64Array, ensemble: Ensemble, summary: Fitted['summary']) {
    this.target = target;
    this.link = link;
    this.baseline = baseline;
    this.ensemble = ensemble;
    this.summary = summary;
  }

  get nFeaturesIn(): number {
    return this.ensemble.nFeatures;
  }

  /** Raw scores (log odds, log counts …), shape (nSamples, nScores). */
  async rawScores(X: Matrix): Promise<Float64Array> {
    const raw = await predictEnsemble(this.ensemble, X);
    const { width } = this.ensemble;
    for (let i = 0; i < raw.length; i++) raw[i]! += this.baseline[i % width]!;
    return raw;
  }

  async predictProba(X: Matrix): Promise<Matrix> {
    const nClasses = needsClasses(this.target);
    const raw = await this.rawScores(X);
    if (this.link === 'softmax') return { data: softmaxRows(raw, nClasses), nRows: X.nRows, nCols: nClasses };
    const data = new Float64Array(X.nRows * nClasses);
    for (let i = 0; i < X.nRows; i++) {
      const p = 1 / (1 + Math.exp(-raw[i]!));
      data[i * nClasses] = 1 - p;
      data[i * nClasses + 1] = p;
    }
    return { data, nRows: X.nRows, nCols: nClasses };
  }

  async predict(X: Matrix): Promise<Float64Array> {
    if (this.target.task !== 'regression') return argmaxRows(await this.predictProba(X));
    const raw = await this.rawScores(X);
    return this.link === 'exp' ? raw.map(Math.exp) : raw;
  }

  toOnnx(graph: OnnxGraph, x: OnnxValue): OnnxValue {
    const { width } = this.ensemble;
    const shape = [x.shape[0] ?? 'n', width];
    const node = (op: string, ...inputs: OnnxValue[]) => graph.node(op, inputs, { type: 'float32', shape });
    const base = graph.constant({ type: 'float32', shape: [1, width], data: this.baseline }, 'baseline');
    const raw = node('Add', ensembleToOnnx(this.ensemble, graph, x), base);
    switch (this.link) {
      case 'identity':
        return raw;
      case 'exp':
        return node('Exp', raw);
      case 'softmax':
        return graph.node('Softmax', [raw], { type: 'float32', shape }, { axis: { kind: 'int', value: 1 } });
      case 'sigmoid': {
        const both = { type: 'float32', shape: [shape[0]!, 2] } as const;
        // 1 − σ(s) = σ(−s), which stays exact for large s
        const sides = graph.constant({ type: 'float32', shape: [1, 2], data: [-1, 1] }, 'sides');
        return graph.node('Sigmoid', [graph.node('Mul', [raw, sides], both)], both);
      }
    }
  }

  toState(): FittedState {
    const { json, arrays } = ensembleState(this.ensemble);
    const { target, link, baseline, summary } = this;
    const state: BoostingJson = { target, link, baseline: [...baseline], ensemble: json, summary };
    return { type: this.type, version: 1, json: state, arrays };
  }
}

export function restoreBoosting({ json, arrays }: FittedState): FittedBoosting {
  const { target, link, baseline, ensemble, summary } = json as BoostingJson;
  return new FittedBoosting(target, link, Float64Array.from(baseline), restoreEnsemble(ensemble, arrays), summary);
}

function softmaxRows(raw: Float64Array, k: number): Float64Array {
  const out = new Float64Array(raw.length);
  for (let at = 0; at < raw.length; at += k) {
    let top = -Infinity;
    for (let j = 0; j < k; j++) top = Math.max(top, raw[at + j]!);
    let sum = 0;
    for (let j = 0; j < k; j++) sum += out[at + j] = Math.exp(raw[at + j]! - top);
    for (let j = 0; j < k; j++) out[at + j]! /= sum;
  }
  return out;
}
