import type { Matrix } from '../../kernels/matrix.ts';
import { pack, unpack } from '../../kernels/pack.ts';
import type { Table } from '../../kernels/table.ts';
import { dataTypeCode, encodeOnnx } from '../../tensor/encode.ts';
import { OnnxGraph } from '../../tensor/onnxGraph.ts';
import type { Fitted, FittedState } from '../estimator.ts';
import type { PreprocessorState } from '../preprocess/plans.ts';
import { Preprocessor } from '../preprocess/preprocessor.ts';
import { estimatorEntry } from '../registry.ts';

/** A model with everything from raw columns on. */
export class FittedPipeline {
  readonly preprocessor: Preprocessor;
  readonly fitted: Fitted;
  /** '' where nothing is predicted. */
  readonly target: string;
  /** In class order, or the names of clusters; empty for regression and components. */
  readonly classes: readonly string[];

  constructor(preprocessor: Preprocessor, fitted: Fitted, target: string, classes: readonly string[]) {
    this.preprocessor = preprocessor;
    this.fitted = fitted;
    this.target = target;
    this.classes = classes;
  }

  /** Shape (nRows, nClasses). */
  predictProba(table: Table): Promise<Matrix> {
    return this.fitted.predictProba(this.preprocessor.transform(table));
  }

  /** Class index or value, shape (nRows,). */
  predict(table: Table): Promise<Float64Array> {
    return this.fitted.predict(this.preprocessor.transform(table));
  }

  /** Scores on the components, shape (nRows, nComponents); null for models that have none. */
  scores(table: Table): Matrix | null {
    return hasScores(this.fitted) ? this.fitted.transform(this.preprocessor.transform(table)) : null;
  }

  /**
   * One ONNX file: a graph input per raw column, shape (n, 1), float64 (NaN is missing; times are seconds since 1970)
   * or text ('' is missing). Outputs `label` (n,) and `probabilities` (n, nClasses), `prediction` (n, 1), or for
   * components `scores` (n, nComponents).
   */
  toOnnx(): Uint8Array<ArrayBuffer> {
    const graph = new OnnxGraph();
    const out = this.fitted.toOnnx(graph, this.preprocessor.toOnnx(graph));
    if (this.classes.length === 0) graph.output(hasScores(this.fitted) ? 'scores' : 'prediction', out);
    else {
      const index = graph.node(
        'ArgMax',
        [out],
        { type: 'int64', shape: ['n'] },
        { axis: { kind: 'int', value: 1 }, keepdims: { kind: 'int', value: 0 } },
      );
      const names = graph.constant({ type: 'string', shape: [this.classes.length], data: [...this.classes] });
      graph.output(
        'label',
        graph.node('Gather', [names, index], { type: 'string', shape: ['n'] }, { axis: { kind: 'int', value: 0 } }),
      );
      const float = graph.node(
        'Cast',
        [out],
        { type: 'float32', shape: ['n', this.classes.length] },
        { to: { kind: 'int', value: dataTypeCode.float32 } },
      );
      graph.output('probabilities', float);
    }
    return encodeOnnx(graph, {
      metadata: {
        target: this.target,
        classes: JSON.stringify(this.classes),
        inputs: JSON.stringify(this.preprocessor.inputs),
      },
    });
  }

  save(): Uint8Array<ArrayBuffer> {
    const { arrays, ...fitted } = this.fitted.toState();
    const kept: Saved = {
      kind: 'pipeline',
      version: 1,
      preprocessor: this.preprocessor.state,
      fitted,
      target: this.target,
      classes: this.classes,
    };
    return pack(kept, arrays);
  }
}

/** Models whose answer is a row of numbers. */
const hasScores = (fitted: Fitted): fitted is Fitted & { transform(X: Matrix): Matrix } => 'transform' in fitted;

interface Saved {
  readonly kind: 'pipeline';
  readonly version: 1;
  readonly preprocessor: PreprocessorState;
  readonly fitted: Omit<FittedState, 'arrays'>;
  readonly target: string;
  readonly classes: readonly string[];
}

/** The inverse of `FittedPipeline.save`; throws PackError for damaged bytes. */
export async function loadPipeline(bytes: Uint8Array): Promise<FittedPipeline> {
  const { json, arrays } = unpack(bytes);
  const saved = json as Saved;
  const entry = await estimatorEntry(saved.fitted.type);
  const fitted = entry.restore({ ...saved.fitted, arrays } as FittedState);
  return new FittedPipeline(new Preprocessor(saved.preprocessor), fitted, saved.target, saved.classes);
}
