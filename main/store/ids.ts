import { randomBytes } from 'node:crypto';

export type IdPrefix = 'prj' | 'ds' | 'ver' | 'run' | 'job' | 'cor' | 'art';

/** A fresh opaque id such as `run_3fa94c1b7d20`: 48 random bits, enough for one project's rows. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${randomBytes(6).toString('hex')}`;
}

/** Now, ISO 8601 UTC with milliseconds. */
export function now(): string {
  return new Date().toISOString();
}
