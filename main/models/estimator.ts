import type { RunFinding } from '../contract/run.ts';
import type { Matrix } from '../kernels/matrix.ts';
import type { Rng } from '../kernels/rng.ts';
import type { TaskContext } from '../kernels/task.ts';
import type { OnnxGraph, OnnxValue } from '../tensor/onnxGraph.ts';

/** What one column of X is, after preprocessing. */
export interface Feature {
  /** Name a person knows, e.g. `age` or `workclass = Private`. */
  readonly name: string;
  /** Raw column it came from. */
  readonly source: string;
  /** `category`: the column holds codes 0 … nLevels-1 (NaN missing) for models that take categories natively. */
  readonly kind: 'number' | 'indicator' | 'category';
  readonly nLevels?: number;
  /** X = (raw − offset) / scale, so that coefficients can be told in the raw column's units. */
  readonly offset?: number;
  readonly scale?: number;
}

/** Rows of a fit set apart for what chooses while fitting (early stopping, best epoch, plateau schedules). Positions are rows of X. */
export interface HoldOut {
  readonly train: Uint32Array;
  readonly held: Uint32Array;
  /** Weights of those rows; absent means those the fit was given (or ones). */
  readonly trainWeight?: Float64Array;
  readonly heldWeight?: Float64Array;
}

/** Rows whose predictions are told while a fit goes on, for curves. A fit is given no targets of theirs, so that it cannot choose by them. */
export interface Watch {
  readonly X: Matrix;
  /** @param said probabilities (n, nClasses), or predictions (n, 1) in the target's own units, after step (epoch, round) `step` */
  told(step: number, said: Matrix): void;
}

export interface FitContext {
  /** Shape (nSamples,), not negative; undefined means all ones. A row of weight 0 counts as absent. */
  readonly sampleWeight?: Float64Array;
  readonly rng: Rng;
  readonly task: TaskContext;
  /** Threads this fit may use. Results do not depend on it. */
  readonly threads: number;
  /** One per column of X; absent means plain numbers. */
  readonly features?: readonly Feature[];
  /** Shape (k, nFeatures): where k-means starts, and only there; other models and other numbers of clusters do not use it. */
  readonly initialCentres?: Float64Array;
  /**
   * A model of the same kind fitted on about the same rows: where a fit that goes on until it converges may begin. The answer is
   * the same within its tolerance.
   */
  readonly start?: Fitted | undefined;
  /** How rows are held out of the training rows, by the rule of the split; stratified at random where left out. null: too few rows. */
  readonly holdOut?: (share: number) => HoldOut | null;
  readonly watch?: Watch;
  /** Execution provider for models that run as tensor programs (see `listProviders`); the CPU when left out. */
  readonly provider?: string;
  /** Told of what a long fit notices while it goes on, once for each code. */
  readonly onFinding?: (finding: ModelFinding) => void;
  /** Where a long fit keeps what it needs to go on later; models that fit at once do not use it. */
  readonly checkpoints?: Checkpoints;
}

export interface Checkpoints {
  /** What an interrupted fit of the same configuration and rows saved last: the fit goes on from there to the same numbers. */
  readonly resumeFrom?: FittedState;
  /** False while the last one saved is recent enough; absent means always due. */
  isDue?(): boolean;
  /** Called between epochs when due; the arrays belong to the receiver. */
  save(state: FittedState): Promise<void> | void;
}

/** Something a fit noticed that a person should know, as the run's record shows it. */
export type ModelFinding = RunFinding;

/** A checked configuration; `fit` learns and returns a separate fitted object. */
export interface Estimator {
  readonly type: string;
  /**
   * @param X shape (nSamples, nFeatures), finite unless the estimator says it takes missing values
   * @param y shape (nSamples,): class index 0 … nClasses-1, or the regression target
   */
  fit(X: Matrix, y: Float64Array, target: TargetInfo, context: FitContext): Promise<Fitted>;
}

export type TargetInfo =
  | { readonly task: 'binary' | 'multiclass'; readonly nClasses: number; readonly classNames?: readonly string[] }
  | { readonly task: 'regression' };

export interface Fitted {
  readonly type: string;
  readonly target: TargetInfo;
  readonly nFeaturesIn: number;
  /** Class probabilities, shape (nSamples, nClasses); throws for regression. */
  predictProba(X: Matrix): Promise<Matrix>;
  /** Class index or value, shape (nSamples,). */
  predict(X: Matrix): Promise<Float64Array>;
  /**
   * Adds this model's nodes to `graph`.
   * @param x float32 value of shape (n, nFeaturesIn)
   * @returns probabilities (n, nClasses) float32, or for regression the prediction (n, 1) float32
   */
  toOnnx(graph: OnnxGraph, x: OnnxValue): OnnxValue;
  /** As `toOnnx`, with int64 labels (n,): models of classes whose `predict` is not the likeliest by their probabilities. */
  toOnnxLabelled?(graph: OnnxGraph, x: OnnxValue): { readonly proba: OnnxValue; readonly label: OnnxValue };
  /** Everything `restore` needs. */
  toState(): FittedState;
  /** What a person may want to know: iterations, converged, final loss … */
  readonly summary: Readonly<Record<string, number | string | boolean>>;
  /** What went wrong or looks wrong, with remedies as changes of the configuration. */
  readonly findings?: readonly ModelFinding[];
}

/** A fitted model as data: JSON plus named typed arrays (see kernels/pack.ts). */
export interface FittedState {
  readonly type: string;
  readonly version: number;
  readonly json: unknown;
  readonly arrays: Readonly<Record<string, Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array>>;
}
