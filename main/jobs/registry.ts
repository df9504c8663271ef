import { AppError } from '../contract/errors.ts';
import type { JobKind } from '../contract/jobs.ts';
import type { JobCommit } from './handlers.ts';

/** A job kind's commit, whatever it takes; the registry does not look inside. */
export type AnyCommit = JobCommit<never, never>;

/** Where each kind's commit is: the half of a job that runs in the engine. */
const modules: Partial<Readonly<Record<JobKind, () => Promise<{ readonly commit: AnyCommit }>>>> = {};

/** Throws AppError JOB_KIND_UNKNOWN. */
export async function commitOf(kind: JobKind): Promise<AnyCommit> {
  const load = modules[kind];
  if (!load)
    throw new AppError({ code: 'JOB_KIND_UNKNOWN', message: `This Pith has no "${kind}" jobs.`, isInput: false });
  return (await load()).commit;
}
