import { likeliest } from '../../../kernels/likeliest.ts';
import type { Matrix } from '../../../kernels/matrix.ts';
import type { Ensemble } from '../../../kernels/trees/ensemble.ts';
import { predictEnsemble } from '../../../kernels/trees/predictor.ts';
import type { OnnxGraph, OnnxValue } from '../../../tensor/onnxGraph.ts';
import type { Fitted, FittedState, ModelFinding, TargetInfo } from '../../estimator.ts';
import { ensembleState, restoreEnsemble } from '../ensembleState.ts';
import { ensembleToOnnx } from '../onnx.ts';
import { needsClasses } from '../outputs.ts';
import { linked, type Link } from './link.ts';

interface BoostingJson {
  readonly target: TargetInfo;
  readonly link: Link;
  readonly baseline: readonly number[];
  readonly ensemble: unknown;
  readonly summary: Fitted['summary'];
  readonly findings?: readonly ModelFinding[];
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
  readonly findings: readonly ModelFinding[];

  constructor(
    target: TargetInfo,
    link: Link,
    baseline: Float64Array,
    ensemble: Ensemble,
    summary: Fitted['summary'],
    findings: readonly ModelFinding[] = [],
  ) {
    this.target = target;
    this.link = link;
    this.baseline = baseline;
    this.ensemble = ensemble;
    this.summary = summary;
    this.findings = findings;
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
    needsClasses(this.target);
    return linked(this.link, await this.rawScores(X), X.nRows);
  }

  async predict(X: Matrix): Promise<Float64Array> {
    if (this.target.task !== 'regression') return likeliest(await this.predictProba(X));
    return linked(this.link, await this.rawScores(X), X.nRows).data;
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
    const { target, link, baseline, summary, findings } = this;
    const state: BoostingJson = { target, link, baseline: [...baseline], ensemble: json, summary, findings };
    return { type: this.type, version: 1, json: state, arrays };
  }
}

export function restoreBoosting({ json, arrays }: FittedState): FittedBoosting {
  const { target, link, baseline, ensemble, summary, findings } = json as BoostingJson;
  const trees = restoreEnsemble(ensemble, arrays);
  return new FittedBoosting(target, link, Float64Array.from(baseline), trees, summary, findings);
}
