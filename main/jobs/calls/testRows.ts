import { existsSync } from 'node:fs';
import { AppError } from '../../contract/errors.ts';
import type { RunDetail, RunResult } from '../../contract/run.ts';
import type { ProjectStore } from '../../store/projectStore.ts';
import type { CallHandlers } from '../handlers.ts';
import type { TestInput } from '../kinds/test/input.ts';

/** Opening the test rows of a run. */
export const testRowsCalls = {
  'run.openTest': async ({ projectId, runId }, engine) => {
    const { store } = engine.writableProject(projectId);
    const detail = store.runs.detail(runId);
    const result = finishedWithTestRows(detail);
    if (result.test) return { jobId: null };
    const open = store.jobs
      .unfinished()
      .find(({ id, kind }) => kind === 'test' && (store.jobs.input(id) as TestInput).runId === runId);
    if (open) return { jobId: open.id };
    const { requireConfig } = await import('../config/checkConfig.ts');
    const input: TestInput = {
      runId,
      file: dataOf(store, detail),
      config: await requireConfig(detail.yaml, () => null),
      models: modelsOf(store, runId, result),
      recorded: {
        nTrain: result.nTrain,
        nValidation: result.nValidation,
        nTest: result.nTest,
        ...(result.testRowsHash !== undefined && { testRowsHash: result.testRowsHash }),
      },
    };
    const job = engine.submit({ projectId, kind: 'test', title: `Test rows of ${detail.name}`, input });
    return { jobId: job.id };
  },
} satisfies CallHandlers;

function finishedWithTestRows({ name, status, result }: RunDetail): RunResult {
  if (status !== 'done' || result === null) {
    throw new AppError({
      code: 'RUN_NOT_DONE',
      message: `"${name}" has no model to test, because it is ${status}.`,
      fix: { kind: 'openRuns', label: 'Choose a finished run' },
    });
  }
  if (result.nTest > 0) return result;
  throw new AppError({
    code: 'TEST_ROWS_NONE',
    message: `"${name}" kept no test rows back: its split.test is 0.`,
    fix: {
      kind: 'setOption',
      label: 'Set split.test, to 0.2 for instance, and run it again',
      args: { 'split.test': 0.2 },
    },
  });
}

function dataOf(store: ProjectStore, { name, versionHash }: RunDetail): string {
  const file = versionHash === null ? null : store.files.dataPath(versionHash);
  if (file !== null && existsSync(file)) return file;
  throw new AppError({
    code: 'VERSION_NOT_FOUND',
    message: `The data of "${name}" are no longer in the project, and its test rows with them.`,
    fix: { kind: 'importData', label: 'Import the file again and repeat the run' },
  });
}

/** The saved pipelines of the models that the run was judged by; throws AppError ARTEFACT_NOT_FOUND. */
function modelsOf(store: ProjectStore, runId: string, { evaluations }: RunResult): TestInput['models'] {
  return evaluations
    .filter(({ rows }) => rows === 'coreset' || rows === 'full')
    .map(({ rows, nFitRows }) => {
      const pipeline = store.artefacts.path(runId, `pipeline-${rows}`);
      if (existsSync(pipeline)) return { rows, nFitRows, pipeline };
      throw new AppError({
        code: 'ARTEFACT_NOT_FOUND',
        message: 'The file of the saved model is gone.',
        fix: { kind: 'repeat', label: 'Run it again' },
      });
    });
}
