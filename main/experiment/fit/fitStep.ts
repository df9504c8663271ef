import type { FitRows, SeriesPoint } from '../../contract/run.ts';
import { createRng } from '../../kernels/rng.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { EstimatorEntry } from '../../models/entry.ts';
import type { Checkpoints, ModelFinding } from '../../models/estimator.ts';
import { refreshLeaves } from '../../models/tree/refresh.ts';
import { structureParams } from '../../models/tree/structureParams.ts';
import { holdOutBy, type HoldsOut } from '../folds/holdOut.ts';
import { positionsOf } from '../folds/positions.ts';
import type { Prepared } from '../rows/prepare.ts';
import type { Sample } from '../rows/samples.ts';
import type { FittedOn } from '../seal/sealed.ts';
import { cpuClock } from '../stopwatch.ts';
import { validationCurve } from './validationCurve.ts';

export interface FitOptions {
  readonly seed: number;
  readonly threads: number;
  /** Execution provider, for models that run as tensor programs. */
  readonly provider: string;
  readonly onFinding?: (finding: ModelFinding) => void;
  readonly checkpoints?: Checkpoints;
  /** Milliseconds an earlier sitting of this fit took. */
  readonly spentMs?: number;
  /** Takes the points of the validation curves, which are drawn only where it is given. */
  readonly curve?: SeriesPoint[];
}

/** Rows to fit on, and how rows are held out of them: by the rule of the split when left out. */
export type FitSample = Omit<Sample, 'weight'> & { readonly weight?: Float64Array; readonly holdOut?: HoldsOut };

/** Fits; what the model says of any row is asked of its saved file (see `seal`). */
export async function fitOn(
  rows: FitRows,
  sample: FitSample,
  entry: EstimatorEntry,
  params: Readonly<Record<string, unknown>>,
  data: Prepared,
  options: FitOptions,
  task: TaskContext,
): Promise<FittedOn> {
  const started = performance.now();
  const cpu = cpuClock();
  const { rule, train, target } = data;
  const classes = target.task === 'regression' ? null : sample.y;
  const holdOut = sample.holdOut ?? holdOutBy(rule, () => positionsOf(sample.rowIds, train.rowIds), classes);
  const fitted = await entry.make(params).fit(sample.X, sample.y, data.target, {
    ...(sample.weight && { sampleWeight: sample.weight }),
    ...(holdOut && { holdOut }),
    rng: createRng(options.seed).fork('fit'),
    task,
    threads: options.threads,
    provider: options.provider,
    ...(options.onFinding && { onFinding: options.onFinding }),
    ...(options.checkpoints && { checkpoints: options.checkpoints }),
    features: data.preprocessor.features,
    ...(options.curve && { watch: validationCurve(data.validation, data.target, params, options.curve, task) }),
  });
  const sittingMs = performance.now() - started;
  // What earlier sittings took of the processor is told from what this one did.
  const cpuMs = cpu() * (1 + (options.spentMs ?? 0) / Math.max(1, sittingMs));
  return { rows, fitted, nFitRows: sample.y.length, cpuMs };
}

/**
 * Structure from the coreset, leaf values from all training rows: larger trees than the configuration's are grown on the
 * coreset (see `structureParams`), then their leaves are refitted on all rows.
 */
export async function fitRefreshed(
  sample: FitSample,
  entry: EstimatorEntry,
  params: Readonly<Record<string, unknown>>,
  data: Prepared,
  options: FitOptions,
  task: TaskContext,
): Promise<FittedOn> {
  const { train } = data;
  const grown = structureParams(entry.spec.type, params, sample.y.length, train.y.length);
  const model = await fitOn('coreset', sample, entry, grown, data, options, task);
  const cpu = cpuClock();
  const number = (name: string) => (typeof grown[name] === 'number' ? { [name]: grown[name] } : {});
  const fitted = await refreshLeaves(model.fitted, train.X, train.y, {
    task,
    threads: options.threads,
    quantile: grown['loss'] === 'quantile' ? Number(grown['quantile'] ?? 0.5) : medianOf(grown['loss']),
    ...number('learningRate'),
    ...number('l2Regularization'),
    ...number('maxDeltaStep'),
  });
  data.warnings.push('The coreset model was refreshed: structure from the coreset, leaf values from all rows.');
  return { ...model, fitted, cpuMs: model.cpuMs + cpu() };
}

const medianOf = (loss: unknown): number | undefined => (loss === 'absoluteError' ? 0.5 : undefined);
