import type { RunConfig } from '../../contract/config.ts';
import type { FitRows } from '../../contract/run.ts';
import { chooseMetric, mainMetric } from '../../evaluate/metricNames.ts';
import { isStructureModel, scoreStructure, structureScorer, type StructureModel } from '../../evaluate/structure.ts';
import { centresOf } from '../../coreset/services/kmeans/pilot.ts';
import { createRng } from '../../kernels/rng.ts';
import { takeTableRows } from '../../kernels/table.ts';
import { subtask, type TaskContext } from '../../kernels/task.ts';
import type { EstimatorEntry } from '../../models/entry.ts';
import type { Fitted } from '../../models/estimator.ts';
import { FittedPipeline } from '../../models/pipeline/pipeline.ts';
import { structureOf } from '../../models/registry.ts';
import type { Fold } from '../../tune/folds.ts';
import { search } from '../../tune/search.ts';
import type { ExperimentContext } from '../context.ts';
import { settleCoreset } from '../coreset/auto.ts';
import type { SettledConfig } from '../coreset/settled.ts';
import { keepArtefacts } from '../result/artefacts.ts';
import type { ExperimentOutcome } from '../outcome.ts';
import { uniformSample, type Sample } from '../rows/samples.ts';
import { RawRows } from '../seal/rawRows.ts';
import { sealAll, type FittedOn } from '../seal/sealed.ts';
import { cpuClock, Stopwatch } from '../stopwatch.ts';
import type { Tuned } from '../tuned.ts';
import { columnMeans } from '../../kernels/columnMeans.ts';
import { drawStructureCoreset, type StructureCoreset } from './coreset.ts';
import { structureFolds } from './folds.ts';
import { NO_TARGET, prepareStructure, type StructureRows } from './prepare.ts';
import { describeStructure, type JudgedStructure } from './result.ts';

/** Rows of one part of the search's silhouettes: every pair of them is looked at. */
const SCORED_ROWS = 1000;

/** A run without a target: coreset, search, models on the coreset and on all rows, and what they leave unexplained. */
export async function runStructure(
  file: string,
  wanted: RunConfig,
  entry: EstimatorEntry,
  importMs: number,
  context: ExperimentContext,
): Promise<ExperimentOutcome> {
  const clock = new Stopwatch();
  const threads = wanted.compute.threads ?? context.threads;
  const task = structureOf(entry.spec) ?? 'clustering';
  context.report({ fraction: 0.1, step: 'Splitting and preparing columns' });
  const rows = await prepareStructure(file, wanted);
  for (const warning of rows.warnings) context.log(warning);
  const { config, choice } = settleCoreset(wanted, entry, {
    nTrain: rows.train.X.nRows,
    nValidation: rows.split.validation.length,
    nFeatures: rows.train.X.nCols,
    nClasses: 0,
  });
  if (choice) context.log(choice.note);
  const preparedMs = importMs + clock.lap();

  const coreset = await drawStructureCoreset(
    rows.train,
    config,
    entry.spec,
    threads,
    subtask(context, 0.15, 0.35, 'Building the coreset'),
  );
  if (coreset?.warning) rows.warnings.push(coreset.warning);
  const coresetMs = clock.lap();

  const tuned = await tuneStructure(config, entry, rows, coreset, threads, subtask(context, 0.35, 0.6));
  const tuneMs = clock.lap();

  const fits = await fitAll(config, entry, tuned.params, rows, coreset, threads, subtask(context, 0.6, 0.9));
  const fitMs = clock.lap();

  context.report({ fraction: 0.9, step: 'Evaluating on the validation rows' });
  const judged = await judge(fits, rows, context.stagingDir);
  const result = await describeStructure({ file, config, entry, task, rows, coreset, judged, tuned, threads });
  const evaluateMs = clock.lap();
  const totalMs = importMs + clock.total();
  return {
    result: {
      ...result,
      ...(choice && { coresetChoice: choice }),
      timings: { importMs: preparedMs, coresetMs, tuneMs, fitMs, evaluateMs, totalMs },
    },
    metricName: mainMetric(task),
    testRows: rows.split.test,
    artefacts: await keepArtefacts(
      judged.map(({ sealed }) => sealed),
      coreset?.drawn?.tree ?? null,
      context.stagingDir,
    ),
  };
}

/** Configurations compared by what they leave unexplained of rows drawn evenly from all training rows. */
async function tuneStructure(
  config: SettledConfig,
  entry: EstimatorEntry,
  rows: StructureRows,
  coreset: StructureCoreset | null,
  threads: number,
  task: TaskContext,
): Promise<Tuned> {
  const options = config.tune;
  if (!options || options.method === 'none' || Object.keys(options.space).length === 0)
    return { params: config.model.params, trials: [], metric: null, nRows: 0 };
  const metric = chooseMetric(options.metric, structureOf(entry.spec) ?? 'clustering');
  const learned = options.on === 'coreset' && coreset ? coreset.sample : rows.train;
  const drawn = options.on === 'coreset' ? (coreset?.drawn ?? null) : null;
  const { folds: nFolds, seed } = options;
  const means = new WeakMap<Fold, Float64Array>();
  const meanOf = (fold: Fold) => {
    const mean = means.get(fold) ?? columnMeans(fold.trainX, fold.trainWeight);
    means.set(fold, mean);
    return mean;
  };
  task.report({ fraction: 0, step: 'Tuning' });
  const { trials, params } = await search(
    {
      entry,
      params: config.model.params,
      tune: options,
      metric,
      folds: structureFolds(rows, drawn, { nFolds, seed, maxScored: 5 * SCORED_ROWS }),
      target: NO_TARGET,
      features: rows.preprocessor.features,
      threads,
      scoreOf: async (fitted, fold) => {
        const scores = await scoreStructure(structureModel(fitted), fold.testX, meanOf(fold), SCORED_ROWS);
        return structureScorer(scores)()[metric];
      },
    },
    task,
  );
  return { params, trials, metric, nRows: learned.rowIds.length };
}

/** The model on the coreset, on a uniform sample of its size, and on all rows. */
async function fitAll(
  config: SettledConfig,
  entry: EstimatorEntry,
  params: Tuned['params'],
  rows: StructureRows,
  coreset: StructureCoreset | null,
  threads: number,
  task: TaskContext,
): Promise<FittedOn[]> {
  const fits: FittedOn[] = [];
  // The tree knows centres that were judged by all rows: a few rows cannot rank optima as well.
  const initialCentres = coreset?.drawn ? centresOf(coreset.drawn.tree) : undefined;
  const fit = async (kind: FitRows, sample: Omit<Sample, 'weight'> & { weight?: Float64Array }, at: TaskContext) => {
    at.report({ fraction: 0 });
    const cpu = cpuClock();
    const fitted = await entry.make(params).fit(sample.X, sample.y, NO_TARGET, {
      ...(sample.weight && { sampleWeight: sample.weight }),
      rng: createRng(config.split.seed).fork('fit'),
      task: at,
      threads,
      features: rows.preprocessor.features,
      ...(kind === 'coreset' && initialCentres && { initialCentres }),
    });
    fits.push({ rows: kind, fitted, nFitRows: sample.rowIds.length, cpuMs: cpu() });
  };
  if (coreset && config.coreset !== false) {
    const size = coreset.sample.rowIds.length;
    await fit('coreset', coreset.sample, subtask(task, 0, 0.15, 'Fitting on the coreset'));
    if (size < rows.train.rowIds.length)
      await fit(
        'uniform',
        uniformSample(rows.train, size, config.coreset.seed),
        subtask(task, 0.15, 0.3, 'Fitting on a uniform sample'),
      );
  }
  await fit('full', rows.train, subtask(task, 0.3, 1, 'Fitting on all rows'));
  return fits;
}

/** Saves the models, and scores what is read back on the raw validation rows. */
async function judge(fits: FittedOn[], rows: StructureRows, folder: string): Promise<JudgedStructure[]> {
  const raw = new RawRows(takeTableRows(rows.features, rows.split.validation));
  const judged: JudgedStructure[] = [];
  for (const sealed of await sealAll(fits, (fitted) => pipelineOf(rows, fitted), folder)) {
    const model = structureModel(sealed.pipeline.fitted);
    const scores = await scoreStructure(model, raw.featuresFor(sealed.pipeline), rows.mean);
    judged.push({ sealed, model, scores });
  }
  return judged;
}

function structureModel(fitted: Fitted): StructureModel {
  if (isStructureModel(fitted)) return fitted;
  throw new TypeError(`${fitted.type} does not say what it leaves unexplained`);
}

function pipelineOf({ preprocessor }: StructureRows, fitted: Fitted): FittedPipeline {
  const classes = fitted.target.task === 'regression' ? [] : (fitted.target.classNames ?? []);
  return new FittedPipeline(preprocessor, fitted, '', classes);
}
