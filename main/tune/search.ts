import type { TuneConfig } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import type { MetricName } from '../contract/metrics.ts';
import type { Trial } from '../contract/run.ts';
import { isDefinedOn } from '../evaluate/definedOn.ts';
import { isLessBetter } from '../evaluate/metricNames.ts';
import { scoreOn } from '../evaluate/scorer.ts';
import { createRng } from '../kernels/rng.ts';
import { subtask, type TaskContext } from '../kernels/task.ts';
import type { EstimatorEntry } from '../models/entry.ts';
import type { Feature, Fitted, TargetInfo } from '../models/estimator.ts';
import type { Fold, Folds } from './folds.ts';
import { drawParams, expandGrid, type Params } from './space.ts';
import { WarmStarts } from './warmStarts.ts';
import { suggest, type Observation } from './tpe.ts';

export interface SearchOptions {
  readonly entry: EstimatorEntry;
  /** Parameters that are not searched. */
  readonly params: Params;
  readonly tune: TuneConfig;
  readonly metric: MetricName;
  readonly folds: Folds;
  readonly target: TargetInfo;
  /** What the columns are, for folds that do not say it. */
  readonly features: readonly Feature[];
  readonly threads: number;
  /** Configurations to try before those of the space. */
  readonly first?: readonly Params[];
  /** The metric of a fitted model on the test rows of a fold; that of its target when left out. */
  readonly scoreOf?: (fitted: Fitted, fold: Fold) => Promise<number | undefined>;
}

export interface SearchResult {
  readonly trials: Trial[];
  /** All parameters of the best trial. */
  readonly params: Params;
}

/**
 * Tries configurations on the same folds; best by mean score. Throws TUNE_ALL_FAILED with the first reason, at once where
 * the rows of a fold give a number to none.
 */
export async function search(options: SearchOptions, task: TaskContext): Promise<SearchResult> {
  const { tune, metric } = options;
  const rng = createRng(tune.seed).fork('search');
  const grid = tune.method === 'grid' ? expandGrid(tune.space) : null;
  const first = options.first ?? [];
  const nTrials = grid ? first.length + grid.length : tune.trials;
  const trials: Trial[] = [];
  const seen: Observation[] = [];
  let failedByFold = 0;
  let hopeless: Trial | undefined;
  const starts = options.entry.takesStart ? new WarmStarts() : undefined;
  const started = performance.now();
  for (let number = 0; number < nTrials; number++) {
    const isLate = tune.timeBudgetS !== undefined && (performance.now() - started) / 1000 > tune.timeBudgetS;
    if (isLate && trials.some((t) => t.mean !== null)) {
      task.log(`Time budget of ${tune.timeBudgetS} s used after ${number} of ${nTrials} configurations.`);
      break;
    }
    const drawn =
      first[number] ??
      grid?.[number - first.length] ??
      (tune.method === 'bayesian' ? suggest(tune.space, seen, rng) : drawParams(tune.space, rng));
    const { trial, fault } = await tryOut(
      number,
      drawn,
      options,
      subtask(task, number / nTrials, (number + 1) / nTrials, `Trial ${number + 1} of ${nTrials}`),
      starts,
    );
    trials.push(trial);
    failedByFold += Number(fault === 'fold' || fault === 'rows');
    if (trial.mean !== null) {
      task.point('trial.mean', number, trial.mean);
      seen.push({ params: drawn, loss: isLessBetter(metric) ? trial.mean : -trial.mean });
    }
    task.log(
      `trial ${number + 1}: ${JSON.stringify(drawn)} ${metric} ${trial.mean?.toFixed(5) ?? trial.error ?? trial.state}`,
    );
    if (fault === 'rows') {
      hopeless = trial;
      break;
    }
  }
  const best = seen.toSorted((a, b) => a.loss - b.loss)[0];
  if (!best) {
    const isByFolds = hopeless !== undefined || failedByFold === trials.length;
    throw new AppError({
      code: 'TUNE_ALL_FAILED',
      message: hopeless
        ? `No configuration can be scored on every fold. ${hopeless.error}`
        : `None of the ${trials.length} configurations could be ${isByFolds ? 'scored on every fold' : 'fitted'}. The first failed with: ${trials[0]?.error ?? 'unknown'}`,
      fix: isByFolds
        ? {
            kind: 'editConfig',
            label:
              'Use fewer folds (tune.folds), another metric (tune.metric), a stratified split, or a larger coreset (coreset.size)',
          }
        : { kind: 'editConfig', label: 'Change the search space' },
    });
  }
  return { trials, params: { ...options.params, ...best.params } };
}

/** Values of the features up to which one thread is faster than two. */
const SMALL = 500_000;
const isSmall = ({ trainX }: Fold) => trainX.data.length < SMALL;

/** One configuration on all folds; a failure is an outcome. */
export async function scoreTrial(
  number: number,
  drawn: Params,
  options: SearchOptions,
  task: TaskContext,
  starts?: WarmStarts,
): Promise<Trial> {
  return (await tryOut(number, drawn, options, task, starts)).trial;
}

/**
 * What a trial failed by: its parameters; a fold, on which others may do better; or the rows of a fold, which give no
 * number to any configuration.
 */
type Fault = 'parameters' | 'fold' | 'rows';

/**
 * One configuration on all folds. A fold that cannot be fitted or gives no number fails the trial: a mean over other folds
 * could not be compared.
 */
async function tryOut(
  number: number,
  drawn: Params,
  options: SearchOptions,
  task: TaskContext,
  starts?: WarmStarts,
): Promise<{ readonly trial: Trial; readonly fault?: Fault }> {
  const started = performance.now();
  const foldScores: number[] = [];
  const done = (rest: Pick<Trial, 'state' | 'mean' | 'standardError'> & { error?: string }): Trial => ({
    number,
    params: drawn,
    foldScores,
    seconds: (performance.now() - started) / 1000,
    ...rest,
  });
  const failed = (error: string) => done({ state: 'failed', mean: null, standardError: null, error });
  const nFolds = options.folds.length;
  let isFitting = false;
  try {
    const estimator = options.entry.make({ ...options.params, ...drawn });
    isFitting = true;
    for (const fold of options.folds) {
      const k = foldScores.length;
      task.signal.throwIfAborted();
      const fitted = await estimator.fit(fold.trainX, fold.trainY, options.target, {
        ...(fold.trainWeight && { sampleWeight: fold.trainWeight }),
        ...(fold.holdOut && { holdOut: fold.holdOut }),
        rng: createRng(options.tune.seed).fork(`fold ${k}`),
        task: {
          ...subtask(task, k / nFolds, (k + 1) / nFolds),
          point: () => undefined,
          log: () => undefined,
        },
        ...(starts && isSmall(fold) && { start: starts.nearest(drawn, k) }),
        // Handing so little work from thread to thread costs more than it saves.
        threads: isSmall(fold) ? 1 : options.threads,
        features: fold.features ?? options.features,
      });
      if (isSmall(fold)) starts?.keep(drawn, k, fitted);
      const score = await (options.scoreOf?.(fitted, fold) ??
        scoreOn(fitted, fold.testX, fold.testY, options.metric, fold.testWeight));
      if (score === undefined || !Number.isFinite(score))
        return { trial: failed(noNumber(k, fold, options)), fault: isScorable(fold, options) ? 'fold' : 'rows' };
      foldScores.push(score);
    }
    const mean = foldScores.reduce((a, b) => a + b, 0) / nFolds;
    const variance = foldScores.reduce((s, v) => s + (v - mean) ** 2, 0) / Math.max(1, nFolds - 1);
    const standardError = Math.sqrt(variance / nFolds);
    return { trial: done({ state: 'done', mean, standardError }) };
  } catch (cause) {
    if (task.signal.aborted) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    if (!isFitting) return { trial: failed(message), fault: 'parameters' };
    const k = foldScores.length;
    const trial = failed(`Fold ${k + 1} of ${nFolds}: ${message}`);
    // No parameters make up for a class that the rows to learn from lack.
    if (cause instanceof AppError && cause.code === 'TARGET_ONE_CLASS') return { trial, fault: 'rows' };
    // What fails after other folds were fitted fails by the fold and not by the parameters.
    return { trial, fault: k > 0 ? 'fold' : 'parameters' };
  }
}

/** Whether the held-out rows of a fold could give a number to some model; of structures only the model can tell. */
const isScorable = ({ testY, testWeight }: Fold, { scoreOf, metric, target }: SearchOptions): boolean =>
  scoreOf !== undefined || isDefinedOn(metric, target, testY, testWeight);

/** Why a fold has no score, one sentence. */
function noNumber(k: number, { testY, testWeight }: Fold, { target, metric, folds }: SearchOptions): string {
  const name = `Fold ${k + 1} of ${folds.length}`;
  if (target.task !== 'regression') {
    const held = new Set(testY.filter((_, i) => testWeight?.[i] !== 0));
    const missing = Array.from({ length: target.nClasses }, (_, c) => c).filter((c) => !held.has(c));
    if (missing.length > 0) {
      const names = missing.slice(0, 3).map((c) => `"${target.classNames?.[c] ?? c}"`);
      const more = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
      return `${name} holds no row of class ${names.join(', ')}${more}, so ${metric} cannot be computed on it.`;
    }
  }
  return `${metric} cannot be computed on ${name.toLowerCase()} (${testY.length} rows).`;
}
