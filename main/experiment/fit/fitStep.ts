import { evaluateClassifier, evaluateRegressor } from '../../evaluate/evaluate.ts';
import type { Predictions } from '../../evaluate/compare.ts';
import type { Evaluation, FitRows } from '../../contract/run.ts';
import { createRng } from '../../kernels/rng.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { EstimatorEntry } from '../../models/entry.ts';
import type { Checkpoints, Fitted, ModelFinding } from '../../models/estimator.ts';
import { refreshLeaves } from '../../models/tree/refresh.ts';
import { structureParams } from '../../models/tree/structureParams.ts';
import type { Prepared } from '../rows/prepare.ts';
import type { Sample } from '../rows/samples.ts';

/** A model fitted on some rows, and what it says of the validation rows. */
export interface FittedOn {
  readonly rows: FitRows;
  readonly fitted: Fitted;
  readonly predictions: Predictions;
  readonly nFitRows: number;
  readonly fitMs: number;
}

export interface FitOptions {
  readonly seed: number;
  readonly threads: number;
  /** Execution provider, for models that run as tensor programs. */
  readonly provider: string;
  readonly onFinding?: (finding: ModelFinding) => void;
  readonly checkpoints?: Checkpoints;
  /** Milliseconds an earlier sitting of this fit took. */
  readonly spentMs?: number;
}

export async function fitOn(
  rows: FitRows,
  sample: Omit<Sample, 'weight'> & { weight?: Float64Array },
  entry: EstimatorEntry,
  params: Readonly<Record<string, unknown>>,
  data: Prepared,
  options: FitOptions,
  task: TaskContext,
): Promise<FittedOn> {
  const started = performance.now();
  const fitted = await entry.make(params).fit(sample.X, sample.y, data.target, {
    ...(sample.weight && { sampleWeight: sample.weight }),
    rng: createRng(options.seed).fork('fit'),
    task,
    threads: options.threads,
    provider: options.provider,
    ...(options.onFinding && { onFinding: options.onFinding }),
    ...(options.checkpoints && { checkpoints: options.checkpoints }),
    features: data.preprocessor.features,
    validation: data.validation,
  });
  const fitMs = performance.now() - started + (options.spentMs ?? 0);
  const predictions = await predictionsOf(fitted, data);
  return { rows, fitted, predictions, nFitRows: sample.y.length, fitMs };
}

async function predictionsOf(fitted: Fitted, { target, validation }: Prepared): Promise<Predictions> {
  return target.task === 'regression'
    ? { predicted: await fitted.predict(validation.X) }
    : { proba: await fitted.predictProba(validation.X) };
}

/**
 * Structure from the coreset, leaf values from all training rows: larger trees than the configuration's are grown on the
 * coreset (see `structureParams`), then their leaves are refitted on all rows.
 */
export async function fitRefreshed(
  sample: Sample,
  entry: EstimatorEntry,
  params: Readonly<Record<string, unknown>>,
  data: Prepared,
  options: FitOptions,
  task: TaskContext,
): Promise<FittedOn> {
  const { train } = data;
  const grown = structureParams(entry.spec.type, params, sample.y.length, train.y.length);
  const model = await fitOn('coreset', sample, entry, grown, data, options, task);
  const started = performance.now();
  const number = (name: string) => (typeof grown[name] === 'number' ? { [name]: grown[name] } : {});
  const fitted = await refreshLeaves(model.fitted, train.X, train.y, {
    task,
    threads: options.threads,
    quantile: grown['loss'] === 'quantile' ? Number(grown['quantile'] ?? 0.5) : medianOf(grown['loss']),
    ...number('learningRate'),
    ...number('l2Regularization'),
    ...number('maxDeltaStep'),
  });
  const fitMs = model.fitMs + performance.now() - started;
  data.warnings.push('The coreset model was refreshed: structure from the coreset, leaf values from all rows.');
  return { ...model, fitted, predictions: await predictionsOf(fitted, data), fitMs };
}

const medianOf = (loss: unknown): number | undefined => (loss === 'absoluteError' ? 0.5 : undefined);

/** Resamples for intervals: fewer on many rows, where intervals are narrow anyway. */
const resamplesFor = (nRows: number): number => Math.round(Math.min(200, Math.max(40, 1_000_000 / nRows)));

export function evaluateOn({ rows, predictions, nFitRows }: FittedOn, data: Prepared, isDetailed: boolean): Evaluation {
  const context = {
    rows,
    nFitRows,
    rng: createRng(7).fork(rows),
    nResamples: isDetailed ? resamplesFor(data.validation.y.length) : 0,
    ...(isDetailed && { sliceTable: data.validationTable }),
  };
  return 'proba' in predictions
    ? evaluateClassifier(predictions.proba, data.validation.y, data.analysis.classes, context)
    : evaluateRegressor(predictions.predicted, data.validation.y, context);
}
