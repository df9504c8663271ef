import type { RunConfig } from '../../../contract/config.ts';
import { AppError } from '../../../contract/errors.ts';
import { importFile } from '../../../data/importFile.ts';
import { profileVersion } from '../../../data/profile.ts';
import { chooseMetric, mainMetric } from '../../../evaluate/metricNames.ts';
import { subtask, type TaskContext } from '../../../kernels/task.ts';
import type { EstimatorEntry } from '../../../models/entry.ts';
import { FittedPipeline } from '../../../models/pipeline/pipeline.ts';
import { estimatorEntry, structureOf } from '../../../models/registry.ts';
import { search } from '../../../tune/search.ts';
import type { JobContext, JobKindHandler } from '../../handlers.ts';
import { keepArtefacts } from './artefacts.ts';
import { drawCoreset, takesEvenDraws, type CoresetStep } from './coresetStep.ts';
import { fitOn, fitRefreshed, type FitOptions, type FittedOn } from './fitStep.ts';
import type { RunInput, RunOutcome } from './input.ts';
import { splitWarnings } from './honest.ts';
import { ResumeFile } from './resume.ts';
import { plainFolds } from './plainFolds.ts';
import { prepareRows, readRows, type Prepared } from './prepare.ts';
import { describeRun } from './result.ts';
import { meanOne, stratifiedSample, uniformSample, type Sample } from './samples.ts';
import { Stopwatch } from './stopwatch.ts';
import { runStructure } from './structure/work.ts';
import { checkRanking, rankingWarning, redrawnFolds } from './rankingCheck.ts';
import type { Tuned } from './tuned.ts';

/** The whole of a run: data in; coreset, search, fitted models, their evaluation and their record out. */
export const work: JobKindHandler<RunInput, RunOutcome> = {
  kind: 'run',
  async work({ config, data }, context) {
    const clock = new Stopwatch();
    const entry = await estimatorEntry(config.model.type);
    entry.make(config.model.params);
    const threads = config.compute.threads ?? context.threads;

    const imported = data.kind === 'file' ? await importInto(data, context) : null;
    const file = imported?.version.file ?? (data.kind === 'version' ? data.file : '');
    if (structureOf(entry.spec) !== null) {
      const outcome = await runStructure(file, config, entry, clock.lap(), context);
      return { ...outcome, imported: imported && { version: imported.version, profile: await imported.profile } };
    }
    context.report({ fraction: 0.1, step: 'Splitting and preparing columns' });
    const rows = await readRows(file, config);
    const prepared = prepareRows(rows, config, entry);
    prepared.warnings.push(...(await splitWarnings(file, config, rows)));
    const { train, target } = prepared;
    for (const warning of prepared.warnings) context.log(warning);
    const importMs = clock.lap();

    const coreset =
      config.coreset === false
        ? null
        : await drawCoreset(
            train,
            target,
            config.coreset,
            entry.spec.coresetService,
            {
              C: pilotC(config),
              threads,
              features: prepared.preprocessor.features,
              isEven: takesEvenDraws(entry.spec),
            },
            subtask(context, 0.15, 0.3, 'Building the coreset'),
          );
    if (coreset?.warning) prepared.warnings.push(coreset.warning);
    const coresetMs = clock.lap();

    const resume = new ResumeFile(context.checkpointFile, config, () => [train, prepared.validation]);
    const found = resume.find();
    const tuned = found?.tuned ?? (await tune(config, entry, prepared, coreset, threads, subtask(context, 0.3, 0.55)));
    addRankingWarning(tuned, prepared);
    const tuneMs = clock.lap();

    const sitting = {
      checkpoints: resume.checkpoints(tuned, found, context.log.bind(context)),
      spentMs: found?.spentMs ?? 0,
    };
    const models = await fitAll(config, entry, tuned.params, prepared, coreset, threads, sitting, context);
    const fitMs = clock.lap();

    context.report({ fraction: 0.9, step: 'Evaluating on the validation rows' });
    const metricName = mainMetric(prepared.analysis.task);
    const result = await describeRun({ config, entry, prepared, coreset, models, tuned, threads });
    const evaluateMs = clock.lap();

    const pipelines = models.map(({ rows, fitted }) => ({
      rows,
      pipeline: () => new FittedPipeline(prepared.preprocessor, fitted, config.data.target, prepared.analysis.classes),
    }));
    const artefacts = await keepArtefacts(pipelines, coreset?.tree ?? null, context.stagingDir);
    const timings = { importMs, coresetMs, tuneMs, fitMs, evaluateMs, totalMs: clock.total() };
    return {
      result: { ...result, timings },
      metricName,
      imported: imported && { version: imported.version, profile: await imported.profile },
      artefacts,
    };
  },
};

async function importInto(data: Extract<RunInput['data'], { kind: 'file' }>, context: JobContext) {
  const version = await importFile(data.path, data.options, context.stagingDir, subtask(context, 0, 0.08, 'Importing'));
  // DuckDB profiles in its own threads while the run goes on; a failure is told where the profile is awaited.
  const profile = profileVersion(version.file, context.signal);
  profile.catch(() => undefined);
  return { version, profile };
}

/** C at which the coreset is calibrated: the model's own, or the middle of the values searched. */
function pilotC({ model, tune: searched }: RunConfig): number {
  const space = searched?.space['C'];
  if (Array.isArray(space)) {
    const sorted = space.filter((v): v is number => typeof v === 'number' && v > 0).toSorted((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 1;
  }
  if (space !== undefined) return space.log ? Math.sqrt(space.min * space.max) : (space.min + space.max) / 2;
  const { C } = model.params;
  return typeof C === 'number' && C > 0 ? C : 1;
}

async function tune(
  config: RunConfig,
  entry: EstimatorEntry,
  prepared: Prepared,
  coreset: CoresetStep | null,
  threads: number,
  task: TaskContext,
): Promise<Tuned> {
  const options = config.tune;
  if (!options || options.method === 'none' || Object.keys(options.space).length === 0) {
    return { params: config.model.params, trials: [], metric: null, nRows: 0 };
  }
  const metric = chooseMetric(options.metric, prepared.analysis.task);
  const isOnCoreset = options.on === 'coreset' && coreset !== null;
  const folds =
    (isOnCoreset ? coreset.folds(options.folds, options.seed) : null) ??
    plainFolds(isOnCoreset ? coreset.sample : prepared.train, options.folds, options.seed, prepared);
  task.report({ fraction: 0, step: 'Tuning' });
  const searching = {
    entry,
    params: config.model.params,
    tune: options,
    metric,
    target: prepared.target,
    features: prepared.preprocessor.features,
    threads,
  };
  const found = await search({ ...searching, folds }, subtask(task, 0, 0.85));
  const nRows = isOnCoreset ? coreset.sample.y.length : prepared.train.y.length;
  const tuned = { ...found, metric, nRows };
  if (!isOnCoreset || coreset.tree === null || config.coreset === false) return tuned;
  const ranking = await checkRanking(
    {
      tuned,
      options: searching,
      allRows: () => plainFolds(prepared.train, options.folds, options.seed, prepared),
      otherDraw: () => redrawnFolds(coreset.tree!, coreset.sample.y.length, options.folds, options.seed),
      nTrain: prepared.train.y.length,
    },
    subtask(task, 0.85, 1),
  );
  return { ...tuned, ranking };
}

function addRankingWarning({ ranking }: Tuned, { warnings }: Prepared): void {
  const warning = ranking && rankingWarning(ranking);
  if (warning) warnings.push(warning);
}

/** The winner on the coreset, on all rows, on a uniform and a stratified sample of the coreset's size; and the baseline. */
async function fitAll(
  config: RunConfig,
  entry: EstimatorEntry,
  params: Tuned['params'],
  prepared: Prepared,
  coreset: CoresetStep | null,
  threads: number,
  sitting: Pick<FitOptions, 'checkpoints' | 'spentMs'>,
  context: JobContext,
): Promise<FittedOn[]> {
  const { train } = prepared;
  const task = subtask(context, 0.55, 0.9);
  const options = { seed: config.split.seed, threads, provider: config.compute.provider };
  const models: FittedOn[] = [];
  const quiet = (at: TaskContext): TaskContext => ({ ...at, point: () => undefined });
  const fit = async (
    rows: FittedOn['rows'],
    sample: Parameters<typeof fitOn>[1],
    from: number,
    to: number,
    step: string,
  ) => {
    const at = subtask(task, from, to, step);
    at.report({ fraction: 0 });
    // Curves, findings and checkpoints are of one fit, the one on all rows.
    const own = rows === 'full' ? { ...options, ...sitting, onFinding: context.finding.bind(context) } : options;
    models.push(await fitOn(rows, sample, entry, params, prepared, own, rows === 'full' ? at : quiet(at)));
  };
  if (coreset) {
    const size = coreset.sample.y.length;
    const seed = config.coreset === false ? 0 : config.coreset.seed;
    if (config.coreset !== false && config.coreset.refresh && entry.spec.family === 'tree')
      models.push(await fitRefreshed(coreset.sample, entry, params, prepared, options, quiet(task)));
    else await fit('coreset', coreset.sample, 0, 0.1, 'Fitting on the coreset');
    if (size < train.y.length) {
      // Trees take weights of mean 1, so that the samples are compared at their best.
      const fair = (sample: Sample) =>
        entry.spec.family === 'tree' ? { ...sample, weight: meanOne(sample.weight) } : sample;
      const uniform = fair(uniformSample(train, size, seed));
      await fit('uniform', uniform, 0.1, 0.15, 'Fitting on a uniform sample').catch(oneClass);
      if (prepared.target.task !== 'regression')
        await fit('stratified', fair(stratifiedSample(train, size, seed)), 0.15, 0.2, 'Fitting on a stratified sample');
    }
  }
  await fit('full', train, 0.2, 0.95, 'Fitting on all rows').catch(coreset ? tooLarge(prepared) : undefined);
  const baseline = await estimatorEntry('baseline');
  models.push(await fitOn('baseline', train, baseline, {}, prepared, options, quiet(task)));
  return models;
}

/** A kernel machine of all rows may be beyond any memory; then the coreset's model is what there is. */
const tooLarge =
  ({ warnings }: Prepared) =>
  (cause: unknown): void => {
    if (!(cause instanceof AppError && cause.code === 'KERNEL_TOO_LARGE')) throw cause;
    warnings.push(`The model was fitted on the coreset only. ${cause.message}`);
  };

/** A small uniform sample may hold one class only; then there is nothing to compare with. */
function oneClass(cause: unknown): void {
  if (!(cause instanceof Error && 'code' in cause && /CLASS/.test(String(cause.code)))) throw cause;
}
