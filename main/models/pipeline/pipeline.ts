import { AppError } from '../../contract/errors.ts';
import { strictJson } from '../../contract/strictJson.ts';
import { likeliest, reaches } from '../../kernels/likeliest.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { pack, unpack } from '../../kernels/pack.ts';
import type { Table } from '../../kernels/table.ts';
import { dataTypeCode, encodeOnnx } from '../../tensor/encode.ts';
import { OnnxGraph } from '../../tensor/onnxGraph.ts';
import type { Fitted, FittedState } from '../estimator.ts';
import { inputContract } from '../preprocess/onnx/contract.ts';
import type { PreprocessorState } from '../preprocess/plans.ts';
import { Preprocessor } from '../preprocess/preprocessor.ts';
import { estimatorEntry, takesRawColumns } from '../registry.ts';
import { mendEarlier } from './earlier.ts';
import { labelsToOnnx } from './labels.ts';

/** A model with everything from raw columns on. */
export class FittedPipeline {
  readonly preprocessor: Preprocessor;
  readonly fitted: Fitted;
  /** '' where nothing is predicted. */
  readonly target: string;
  /** In class order, or the names of clusters; empty for regression and components. */
  readonly classes: readonly string[];
  /** Why what it says may be wrong: a sentence for the person; null for a model as it was fitted. */
  readonly doubt: string | null;

  constructor(
    preprocessor: Preprocessor,
    fitted: Fitted,
    target: string,
    classes: readonly string[],
    doubt: string | null = null,
  ) {
    this.preprocessor = preprocessor;
    this.fitted = fitted;
    this.target = target;
    this.classes = classes;
    this.doubt = doubt;
  }

  /** Shape (nRows, nClasses). */
  predictProba(table: Table): Promise<Matrix> {
    return this.fitted.predictProba(this.preprocessor.transform(table));
  }

  /** Class index or value, shape (nRows,). */
  predict(table: Table): Promise<Float64Array> {
    return this.fitted.predict(this.preprocessor.transform(table));
  }

  /**
   * Probabilities, shape (nRows, nClasses), and the labels that go with them: those of `predict`, or by the threshold.
   * @param threshold of two classes, the last is predicted where its probability reaches this
   */
  async classify(table: Table, threshold?: number): Promise<{ readonly proba: Matrix; readonly labels: Float64Array }> {
    const X = this.preprocessor.transform(table);
    const proba = await this.fitted.predictProba(X);
    if (threshold !== undefined) {
      this.refuseThreshold();
      const isLast = (_: unknown, i: number) => Number(reaches(proba.data[2 * i + 1]!, threshold));
      return { proba, labels: Float64Array.from({ length: proba.nRows }, isLast) };
    }
    return { proba, labels: this.fitted.toOnnxLabelled ? await this.fitted.predict(X) : likeliest(proba) };
  }

  /** Throws AppError THRESHOLD_NOT_FOR_MODEL unless the model tells two classes apart. */
  refuseThreshold(): void {
    if (this.target !== '' && this.classes.length === 2) return;
    throw new AppError({
      code: 'THRESHOLD_NOT_FOR_MODEL',
      message: 'A threshold decides between two classes, and this model does not predict two.',
      fix: { kind: 'dropOption', label: 'Leave the threshold out' },
    });
  }

  /** Scores on the components, shape (nRows, nComponents); null for models that have none. */
  scores(table: Table): Matrix | null {
    return hasScores(this.fitted) ? this.fitted.transform(this.preprocessor.transform(table)) : null;
  }

  /**
   * One ONNX file: a graph input per raw column, shape (n, 1), float64 (NaN is missing; times are seconds since 1970)
   * or text ('' is missing): docs/onnx.md, and in the file `inputContract`. Outputs `label` (n,) and `probabilities` (n, nClasses), `prediction` (n, 1), or for
   * components `scores` (n, nComponents).
   * @param threshold of two classes, the last is labelled where its probability is at least this; by the rule of `predict`
   * when left out. Throws AppError THRESHOLD_NOT_FOR_MODEL for models that do not tell two classes apart.
   */
  toOnnx(threshold?: number): Uint8Array<ArrayBuffer> {
    if (threshold !== undefined) this.refuseThreshold();
    const graph = new OnnxGraph();
    const x = this.preprocessor.toOnnx(graph);
    const { proba: out, label } = this.fitted.toOnnxLabelled?.(graph, x) ?? {
      proba: this.fitted.toOnnx(graph, x),
      label: undefined,
    };
    if (this.classes.length === 0) graph.output(hasScores(this.fitted) ? 'scores' : 'prediction', out);
    else {
      const index = threshold === undefined && label ? label : labelsToOnnx(graph, out, threshold);
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
        inputs: strictJson(inputContract(this.preprocessor.state)),
        ...(this.doubt !== null && { doubt: this.doubt }),
        ...(threshold !== undefined && { threshold: String(threshold) }),
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

/**
 * The inverse of `FittedPipeline.save`, to the last bit. Files of the released version are mended where they tell what was
 * lost, and have a `doubt` where they do not. Throws PackError for damaged bytes.
 */
export async function loadPipeline(bytes: Uint8Array): Promise<FittedPipeline> {
  const { json, arrays, version } = unpack(bytes);
  const saved = json as Saved;
  const entry = await estimatorEntry(saved.fitted.type);
  const { preprocessor, doubt } =
    version > 1 ? { ...saved, doubt: null } : mendEarlier(saved, takesRawColumns(entry.spec));
  const fitted = entry.restore({ ...saved.fitted, arrays } as FittedState);
  return new FittedPipeline(new Preprocessor(preprocessor), fitted, saved.target, saved.classes, doubt);
}
