import { AppError } from '../contract/errors.ts';
import type { JobKind } from '../contract/jobs.ts';
import type { JobKindHandler } from './handlers.ts';

/** A job kind's work, whatever it takes and gives; the registry does not look inside. */
export type AnyWork = JobKindHandler<never, unknown>;

/** Where each kind's work is. Imported on demand, so that a job's process loads only what its kind needs. */
const modules: Partial<Readonly<Record<JobKind, () => Promise<{ readonly work: AnyWork }>>>> = {};

/**
 * @param workModule file URL of a module that exports `work`, instead of the registry's own
 */
export async function workOf(kind: JobKind, workModule: string | null): Promise<AnyWork> {
  if (workModule !== null) return ((await import(workModule)) as { work: AnyWork }).work;
  const load = modules[kind];
  if (!load)
    throw new AppError({ code: 'JOB_KIND_UNKNOWN', message: `This Pith has no "${kind}" jobs.`, isInput: false });
  return (await load()).work;
}
