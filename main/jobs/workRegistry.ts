import { existsSync } from 'node:fs';
import { AppError } from '../contract/errors.ts';
import type { JobKind } from '../contract/jobs.ts';
import type { JobKindHandler } from './handlers.ts';

/** A job kind's work, whatever it takes and gives; the registry does not look inside. */
export type AnyWork = JobKindHandler<never, unknown>;

/**
 * The work of a kind: export `work` of `kinds/<kind>/work.ts`. A kind is registered by having that folder; it is
 * imported on demand, so that a job's process loads only what its kind needs. Throws AppError JOB_KIND_UNKNOWN.
 * @param workModule file URL of a module that exports `work`, instead of the kind's own
 */
export async function workOf(kind: JobKind, workModule: string | null): Promise<AnyWork> {
  const own = new URL(`./kinds/${kind}/work.ts`, import.meta.url);
  if (workModule === null && !existsSync(own)) throw unknownKind(kind);
  const module = (await import(workModule ?? own.href)) as { readonly work: AnyWork };
  return module.work;
}

export function unknownKind(kind: JobKind): AppError {
  return new AppError({ code: 'JOB_KIND_UNKNOWN', message: `This Pith has no "${kind}" jobs.`, isInput: false });
}
