import path from 'node:path';
import type { RunConfig } from '../contract/config.ts';
import { mainMetric } from '../evaluate/metricNames.ts';
import { subtask } from '../kernels/task.ts';
import type { EstimatorEntry } from '../models/entry.ts';
import type { Fitted } from '../models/estimator.ts';
import { FittedPipeline } from '../models/pipeline/pipeline.ts';
import { structureOf } from '../models/registry.ts';
import type { ExperimentContext } from './context.ts';
import { settleCoreset } from './coreset/auto.ts';
import { shapeOf } from './coreset/cost.ts';
import { drawCoreset, takesEvenDraws } from './coreset/coresetStep.ts';
import { splitWarnings } from './dependence/findings.ts';
import { refitOnAll, tooLargeForFinal, type Refitted } from './final/refit.ts';
import { fitAll } from './fit/fitAll.ts';
import { ResumeFile } from './fit/resume.ts';
import type { ExperimentOutcome } from './outcome.ts';
import { writePredictions } from './predictions/write.ts';
import { keepArtefacts } from './result/artefacts.ts';
import { describeRun } from './result/result.ts';
import { prepareRows, readRows } from './rows/prepare.ts';
import { judge } from './seal/judged.ts';
import { RawRows } from './seal/rawRows.ts';
import { sealAll } from './seal/sealed.ts';
import { addRankingWarning, searchParams } from './search.ts';
import { Stopwatch } from './stopwatch.ts';
import { runStructure } from './structure/run.ts';

/**
 * The whole of a run on a version: split, coreset, search, fitted models, their evaluation and their record.
 * @param importMs milliseconds the import of the file took, for the record
 */
export async function runExperiment(
  file: string,
  wanted: RunConfig,
  entry: EstimatorEntry,
  importedMs: number,
  context: ExperimentContext,
): Promise<ExperimentOutcome> {
  if (structureOf(entry.spec) !== null) return runStructure(file, wanted, entry, importedMs, context);
  const clock = new Stopwatch();
  const threads = wanted.compute.threads ?? context.threads;
  context.report({ fraction: 0.1, step: 'Splitting and preparing columns' });
  const rows = await readRows(file, wanted);
  const prepared = prepareRows(rows, wanted, entry);
  prepared.warnings.push(...(await splitWarnings(file, wanted, rows.analysis, rows.split.test, context.stagingDir)));
  const { train, target } = prepared;
  for (const warning of prepared.warnings) context.log(warning);
  const { config, choice } = settleCoreset(wanted, entry, shapeOf(prepared));
  if (choice) context.log(choice.note);
  const importMs = importedMs + clock.lap();

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
  const tuned =
    found?.tuned ?? (await searchParams(config, entry, prepared, coreset, threads, subtask(context, 0.3, 0.55)));
  addRankingWarning(tuned, prepared);
  const tuneMs = clock.lap();

  const curve = [...(found?.curve ?? [])];
  const sitting = {
    checkpoints: resume.checkpoints(tuned, found, curve, context.log.bind(context)),
    spentMs: found?.spentMs ?? 0,
    curve,
  };
  const fits = await fitAll(config, entry, tuned.params, prepared, coreset, threads, sitting, context);
  const fitMs = clock.lap();

  context.report({ fraction: 0.9, step: 'Evaluating on the validation rows' });
  const metricName = mainMetric(prepared.analysis.task);
  const pipelineOf = (fitted: Fitted) =>
    new FittedPipeline(prepared.preprocessor, fitted, config.data.target, prepared.analysis.classes);
  const sealed = await sealAll(fits, pipelineOf, context.stagingDir);
  const models = await judge(sealed, new RawRows(prepared.validationTable));
  const predictionsFile = path.join(context.stagingDir, 'predictions');
  // DuckDB writes in its own threads while the metrics are computed.
  const written = writePredictions(
    prepared.validation,
    models,
    config.data.target,
    prepared.analysis.classes,
    predictionsFile,
    context.signal,
  );
  written.catch(() => undefined);
  const result = await describeRun({ file, config, entry, prepared, coreset, models, tuned, threads });
  const evaluateMs = clock.lap();

  let refitted: Refitted | null = null;
  if (config.fit.final === 'all') {
    const settings = { threads, folder: context.stagingDir };
    const task = {
      ...subtask(context, 0.93, 1, 'Fitting again on training and validation rows'),
      point: () => undefined,
    };
    refitted = await refitOnAll(rows, config, entry, tuned.params, settings, task).catch((cause: unknown) => {
      result.warnings.push(tooLargeForFinal(cause));
      return null;
    });
  }

  await written;
  const artefacts = [
    ...(await keepArtefacts(sealed, coreset?.tree ?? null, context.stagingDir)),
    { name: 'predictions', file: predictionsFile },
    ...(refitted ? [refitted.artefact] : []),
  ];
  const timings = { importMs, coresetMs, tuneMs, fitMs, evaluateMs, totalMs: importedMs + clock.total() };
  return {
    result: {
      ...result,
      ...(choice && { coresetChoice: choice }),
      ...(refitted && { final: refitted.final }),
      timings,
    },
    metricName,
    testRows: rows.split.test,
    artefacts,
  };
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
