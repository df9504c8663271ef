import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Who has a project open for writing. */
interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

export type LockResult =
  | { readonly isTaken: true; readonly release: () => void }
  | { readonly isTaken: false; readonly holder: LockHolder | null };

/** Locks held: without a reference the garbage collector would close the connection, and the lock would go with it. */
const held = new Set<Database.Database>();

/**
 * Takes the project's write lock. It is the operating system's lock on the empty file `project.lock` (by way of
 * SQLite, which does it right on every system), so it goes with the process that holds it: after `kill -9` there
 * is no stale lock to detect and no process id to mistake for another's. `project.lock.json` only says who has it.
 */
export function takeLock(projectPath: string): LockResult {
  const lockPath = join(projectPath, 'project.lock');
  const holderPath = `${lockPath}.json`;
  const db = new Database(lockPath, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db.close();
    if (!isBusy(cause)) throw cause;
    return { isTaken: false, holder: readHolder(holderPath) };
  }
  const holder: LockHolder = { pid: process.pid, host: hostname(), startedAt: new Date().toISOString() };
  writeFileSync(holderPath, JSON.stringify(holder));
  held.add(db);
  return {
    isTaken: true,
    release: () => {
      rmSync(holderPath, { force: true });
      held.delete(db);
      db.close();
    },
  };
}

function isBusy(cause: unknown): boolean {
  const code = (cause as { code?: unknown }).code;
  return typeof code === 'string' && (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'));
}

function readHolder(path: string): LockHolder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LockHolder;
  } catch {
    return null; // the holder is just writing it, or an older Pith that did not
  }
}
