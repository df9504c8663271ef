import { existsSync } from 'node:fs';
import type { JobKind } from '../contract/jobs.ts';
import type { JobCommit } from './handlers.ts';
import { unknownKind } from './workRegistry.ts';

/** A job kind's commit, whatever it takes; the registry does not look inside. */
export type AnyCommit = JobCommit<never, never>;

/**
 * The commit of a kind, the half of a job that runs in the engine: export `commit` of `kinds/<kind>/commit.ts`.
 * Throws AppError JOB_KIND_UNKNOWN.
 */
export async function commitOf(kind: JobKind): Promise<AnyCommit> {
  const own = new URL(`./kinds/${kind}/commit.ts`, import.meta.url);
  if (!existsSync(own)) throw unknownKind(kind);
  const module = (await import(own.href)) as { readonly commit: AnyCommit };
  return module.commit;
}
