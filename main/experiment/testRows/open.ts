import { readFile } from 'node:fs/promises';
import type { RunConfig } from '../../contract/config.ts';
import { AppError } from '../../contract/errors.ts';
import type { FitRows, RunResult, TestResult } from '../../contract/run.ts';
import type { Split } from '../../data/split.ts';
import { subtask, type TaskContext } from '../../kernels/task.ts';
import { estimatorEntry, structureOf } from '../../models/registry.ts';
import { loadPipeline } from '../../models/pipeline/pipeline.ts';
import { rowsHash } from './hash.ts';
import { scorePredictions, scoreStructures, type SavedModel } from './score.ts';

/** A finished run as its record and its files have it. */
export interface TestRowsInput {
  /** Path of the data version the run split. */
  readonly file: string;
  readonly config: RunConfig;
  readonly models: readonly {
    readonly rows: FitRows;
    readonly nFitRows: number;
    /** Path of the saved pipeline. */
    readonly pipeline: string;
  }[];
  readonly recorded: Pick<RunResult, 'nTrain' | 'nValidation' | 'nTest' | 'testRowsHash'>;
}

export interface TestRowsOutcome extends Pick<TestResult, 'evaluations' | 'nTest'> {
  readonly testRowsHash: string;
  readonly testRows: Uint32Array;
}

/**
 * Splits the version as the run did and scores its saved models, as read from disk, on the test rows.
 * Throws AppError TEST_ROWS_CHANGED where the split no longer gives the rows that the run kept back.
 */
export async function openTestRows(input: TestRowsInput, task: TaskContext): Promise<TestRowsOutcome> {
  const { file, config, recorded } = input;
  task.report({ fraction: 0, step: 'Reading the models' });
  const models: SavedModel[] = [];
  for (const { rows, nFitRows, pipeline } of input.models)
    models.push({ rows, nFitRows, pipeline: await loadPipeline(await readFile(pipeline)) });
  task.report({ fraction: 0.1, step: 'Reading the rows' });
  const { spec } = await estimatorEntry(config.model.type);
  const scored = { file, config, models, check: (split: Split) => refuseOthers(split, config, recorded) };
  const scoring = subtask(task, 0.4, 1, 'Scoring the test rows');
  const { split, evaluations } =
    structureOf(spec) === null ? await scorePredictions(scored, scoring) : await scoreStructures(scored, scoring);
  const { test } = split;
  return { evaluations: [...evaluations], nTest: test.length, testRowsHash: rowsHash(test), testRows: test };
}

/** Rows that the models may have learned from would give numbers that say nothing. */
function refuseOthers(
  { train, validation, test }: Split,
  config: RunConfig,
  recorded: TestRowsInput['recorded'],
): void {
  const isSame =
    train.length === recorded.nTrain &&
    validation.length === recorded.nValidation &&
    test.length === recorded.nTest &&
    // Runs of an earlier Pith recorded only how many; since then groups are dealt otherwise.
    (recorded.testRowsHash === undefined
      ? config.split.group === undefined || config.split.time !== undefined
      : recorded.testRowsHash === rowsHash(test));
  if (isSame) return;
  throw new AppError({
    code: 'TEST_ROWS_CHANGED',
    message: 'This Pith would split the data otherwise than the run did, so its test rows can no longer be told.',
    fix: { kind: 'repeat', label: 'Run its configuration again' },
  });
}
