import Database from 'better-sqlite3';
import { AppError } from '../contract/errors.ts';
import { migrations, schemaVersion } from './migrations.ts';

export type Db = Database.Database;

/** Marks a SQLite file as a Pith project ("Pith" in ASCII). */
const applicationId = 0x50697468;

/** Opens (or makes) a project database for writing: WAL, foreign keys, migrated to `schemaVersion`. */
export function openForWriting(path: string): Db {
  const db = new Database(path, { timeout: 5000 });
  return closedOnThrow(db, () => {
    checkIntegrity(db);
    refuseNewer(db);
    db.pragma('journal_mode = WAL');
    // FULL: a finished trial or a label edit survives a power cut too, not only a crash.
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    migrate(db);
    return db;
  });
}

/** Opens an existing project database to look at only. */
export function openForReading(path: string): Db {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 });
  return closedOnThrow(db, () => {
    checkIntegrity(db);
    refuseNewer(db);
    return db;
  });
}

/** True when `cause` says that the file is no (sound) SQLite database. */
export function isDamage(cause: unknown): boolean {
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === 'string' && (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB'));
}

/** Takes the steps of `migrations` that `db` has not taken yet, each with its version in one transaction. */
export function migrate(db: Db, steps: readonly string[] = migrations): void {
  const done = userVersion(db);
  for (let version = done + 1; version <= steps.length; version++) {
    db.transaction(() => {
      db.exec(steps[version - 1]!);
      db.pragma(`user_version = ${version}`);
      db.pragma(`application_id = ${applicationId}`);
    }).immediate();
  }
}

export function userVersion(db: Db): number {
  return db.pragma('user_version', { simple: true }) as number;
}

function checkIntegrity(db: Db): void {
  const found = db.pragma('quick_check(1)', { simple: true });
  if (found !== 'ok') throw new Database.SqliteError(String(found), 'SQLITE_CORRUPT');
}

function refuseNewer(db: Db): void {
  const version = userVersion(db);
  if (version <= schemaVersion) return;
  throw new AppError({
    code: 'PROJECT_TOO_NEW',
    message: `This project was written by a newer Pith (its format is ${version}, this Pith knows ${schemaVersion}).`,
    fix: { kind: 'update', label: 'Update Pith and open it again; nothing was changed' },
  });
}

function closedOnThrow<T>(db: Db, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    db.close();
    throw cause;
  }
}
