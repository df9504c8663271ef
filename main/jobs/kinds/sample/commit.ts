import type { JobCommit } from '../../handlers.ts';
import { commitOf } from '../../registry.ts';
import type { SampleInput } from './input.ts';

const importing = await commitOf('import');

/** What an import commits. */
export const commit: JobCommit<SampleInput, unknown> = {
  kind: 'sample',
  commit: (outcome, { importInput }, project, job, stagingDir) =>
    importing.commit(outcome as never, importInput as never, project, job, stagingDir),
  settle: ({ importInput }, project, job) => importing.settle?.(importInput as never, project, job),
};
