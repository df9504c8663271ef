import { likeliest } from '../../../kernels/likeliest.ts';
import type { Matrix } from '../../../kernels/matrix.ts';
import type { Ensemble } from '../../../kernels/trees/ensemble.ts';
import { predictEnsemble } from '../../../kernels/trees/predictor.ts';
import type { OnnxGraph, OnnxValue } from '../../../tensor/onnxGraph.ts';
import type { Fitted, FittedState, TargetInfo } from '../../estimator.ts';
import { ensembleState, restoreEnsemble } from '../ensembleState.ts';
import { ensembleToOnnx } from '../onnx.ts';
import { needsClasses } from '../outputs.ts';

interface ForestJson {
  readonly target: TargetInfo;
  readonly offset: number;
  readonly ensemble: unknown;
  readonly summary: Fitted['summary'];
}

/** Mean of trees: class shares, the share of class 1 alone for two classes with gini, or offset + the mean target. */
export class FittedForest implements Fitted {
  readonly type: string;
  readonly target: TargetInfo;
  /** Added to the mean of the trees (regression: the targets were centred on it). */
  readonly offset: number;
  readonly ensemble: Ensemble;
  readonly summary: Fitted['summary'];

  constructor(type: string, target: TargetInfo, offset: number, ensemble: Ensemble, summary: Fitted['summary']) {
    this.type = type;
    this.target = target;
    this.offset = offset;
    this.ensemble = ensemble;
    this.summary = summary;
  }

  get nFeaturesIn(): number {
    return this.ensemble.nFeatures;
  }

  get nTrees(): number {
    return this.ensemble.roots.length - 1;
  }

  async predictProba(X: Matrix): Promise<Matrix> {
    const nClasses = needsClasses(this.target);
    const mean = await predictEnsemble(this.ensemble, X, 1 / this.nTrees);
    if (this.ensemble.nOut > 1) return { data: mean, nRows: X.nRows, nCols: nClasses };
    const data = new Float64Array(2 * X.nRows);
    for (let i = 0; i < X.nRows; i++) {
      data[2 * i] = 1 - mean[i]!;
      data[2 * i + 1] = mean[i]!;
    }
    return { data, nRows: X.nRows, nCols: 2 };
  }

  async predict(X: Matrix): Promise<Float64Array> {
    if (this.target.task !== 'regression') return likeliest(await this.predictProba(X));
    const mean = await predictEnsemble(this.ensemble, X, 1 / this.nTrees);
    return mean.map((v) => v + this.offset);
  }

  toOnnx(graph: OnnxGraph, x: OnnxValue): OnnxValue {
    const raw = ensembleToOnnx(this.ensemble, graph, x, 1 / this.nTrees);
    const n = x.shape[0] ?? 'n';
    if (this.target.task === 'regression') {
      const offset = graph.constant({ type: 'float32', shape: [1, 1], data: [this.offset] }, 'offset');
      return graph.node('Add', [raw, offset], { type: 'float32', shape: [n, 1] });
    }
    if (this.ensemble.nOut > 1) return raw;
    const one = graph.constant({ type: 'float32', shape: [1, 1], data: [1] }, 'one');
    const other = graph.node('Sub', [one, raw], { type: 'float32', shape: [n, 1] });
    return graph.node('Concat', [other, raw], { type: 'float32', shape: [n, 2] }, { axis: { kind: 'int', value: 1 } });
  }

  toState(): FittedState {
    const { json, arrays } = ensembleState(this.ensemble);
    const { type, target, offset, summary } = this;
    const state: ForestJson = { target, offset, ensemble: json, summary };
    return { type, version: 1, json: state, arrays };
  }
}

export function restoreForest({ type, json, arrays }: FittedState): FittedForest {
  const { target, offset, ensemble, summary } = json as ForestJson;
  return new FittedForest(type, target, offset, restoreEnsemble(ensemble, arrays), summary);
}
