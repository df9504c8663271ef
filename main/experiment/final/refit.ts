import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../contract/errors.ts';
import type { RunResult } from '../../contract/run.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { EstimatorEntry } from '../../models/entry.ts';
import { FittedPipeline, loadPipeline } from '../../models/pipeline/pipeline.ts';
import type { SettledConfig } from '../coreset/settled.ts';
import { fitOn } from '../fit/fitStep.ts';
import type { ExperimentOutcome } from '../outcome.ts';
import { prepareRows, type SplitRows } from '../rows/prepare.ts';
import type { Tuned } from '../tuned.ts';

export interface Refitted {
  readonly final: NonNullable<RunResult['final']>;
  readonly artefact: ExperimentOutcome['artefacts'][number];
}

const ARTEFACT = 'pipeline-final';

/**
 * The model for use: the chosen parameters fitted again on training and validation rows, never on test rows, with all that is
 * learned from rows learned from these. Nothing measures it; the run's metrics stay those of the model that saw training rows
 * only. Throws AppError KERNEL_TOO_LARGE as any fit does.
 */
export async function refitOnAll(
  rows: SplitRows,
  config: SettledConfig,
  entry: EstimatorEntry,
  params: Tuned['params'],
  { threads, folder }: { readonly threads: number; readonly folder: string },
  task: TaskContext,
): Promise<Refitted> {
  const { split, features } = rows;
  const train = joined(split.train, split.validation);
  const prepared = prepareRows({ ...rows, split: { ...split, train } }, config, entry);
  const { seed } = config.split;
  const options = { seed, threads, provider: config.compute.provider };
  const { fitted, nFitRows } = await fitOn('full', prepared.train, entry, params, prepared, options, task);
  const pipeline = new FittedPipeline(prepared.preprocessor, fitted, config.data.target, prepared.analysis.classes);
  const file = path.join(folder, ARTEFACT);
  await writeFile(file, pipeline.save());
  // What cannot be read back is of no use to anyone: better told now than when a file is to be scored.
  await loadPipeline(await readFile(file));
  return {
    final: { nFitRows, artefact: ARTEFACT, note: noteOf(nFitRows, split.test.length, features.nRows) },
    artefact: { name: ARTEFACT, file },
  };
}

/** Ascending, as the parts of a split are. */
function joined(a: Uint32Array, b: Uint32Array): Uint32Array {
  const all = new Uint32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all.sort();
}

function noteOf(nFitRows: number, nTest: number, nRows: number): string {
  const rows = nFitRows.toLocaleString('en-US');
  const which =
    nTest > 0
      ? `${rows} rows (all but the ${nTest.toLocaleString('en-US')} test rows)`
      : nFitRows === nRows
        ? `all ${rows} rows`
        : `all ${rows} rows that have a target`;
  return `Files are scored, and ONNX is exported, by the model fitted again on ${which}. Metrics and explanations are those of the model that did not see the validation rows.`;
}

/** Where all rows are too many for the model there is no final one; the run goes on and says so. */
export function tooLargeForFinal(cause: unknown): string {
  if (!(cause instanceof AppError && cause.code === 'KERNEL_TOO_LARGE')) throw cause;
  return `The model was not fitted again on training and validation rows. ${cause.message}`;
}
