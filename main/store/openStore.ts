import { accessSync, constants, copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { AppError } from '../contract/errors.ts';
import { type Db, isDamage, openForReading, openForWriting, userVersion } from './database.ts';
import { asKnownFailure } from './failures.ts';
import { ProjectFiles } from './files.ts';
import { takeLock } from './lock.ts';
import { ProjectStore } from './projectStore.ts';
import { schemaVersion } from './migrations.ts';
import { salvage } from './salvage.ts';

export interface OpenedStore {
  readonly store: ProjectStore;
  readonly isReadOnly: boolean;
  readonly readOnlyReason: string | null;
  /** What opening found and did, for the person. */
  readonly notices: readonly string[];
  /** Data files no version row names: after a damaged database, whoever can read Parquet may list them again. */
  readonly orphanHashes: readonly string[];
}

export const databaseName = 'project.db';

/** True when `path` is a folder with a project in it. */
export function isProject(path: string): boolean {
  return existsSync(join(path, databaseName));
}

/** Makes a project in `path` (an empty or new folder); throws AppError PROJECT_EXISTS, READ_ONLY_FOLDER, DISK_FULL. */
export function createProjectStore(path: string, name: string): OpenedStore {
  if (isProject(path)) {
    throw new AppError({
      code: 'PROJECT_EXISTS',
      message: `There is a project in "${path}" already.`,
      fix: { kind: 'openProject', label: 'Open it, or choose another folder', args: { path } },
    });
  }
  const isNewFolder = !existsSync(path);
  try {
    mkdirSync(path, { recursive: true });
    return openWritable(path, name);
  } catch (cause) {
    if (isNewFolder) rmSync(path, { recursive: true, force: true });
    throw asKnownFailure(cause);
  }
}

/**
 * Opens the project in `path`: for writing where possible, else read-only with the reason said.
 * A damaged database is kept aside and what can be read of it goes into a new one.
 * Throws AppError PROJECT_NOT_FOUND or PROJECT_TOO_NEW.
 */
export function openProjectStore(path: string): OpenedStore {
  if (!isProject(path) && new ProjectFiles(path).dataHashes().length === 0) {
    throw new AppError({
      code: 'PROJECT_NOT_FOUND',
      message: `There is no Pith project in "${path}".`,
      fix: { kind: 'chooseFolder', label: 'Choose a folder that holds a project.db, or make a new project' },
    });
  }
  try {
    return isWritable(path) ? openWritable(path, basename(path)) : openCopy(path);
  } catch (cause) {
    throw asKnownFailure(cause);
  }
}

function openWritable(path: string, name: string): OpenedStore {
  const lock = takeLock(path);
  if (!lock.isTaken) {
    const who = lock.holder ? ` (process ${lock.holder.pid} on ${lock.holder.host})` : '';
    const readOnlyReason = `Another Pith has this project open${who}, so here it can only be looked at.`;
    return readOnly(path, join(path, databaseName), readOnlyReason, () => {});
  }
  try {
    return openLocked(path, name, lock.release);
  } catch (cause) {
    lock.release();
    throw cause;
  }
}

function openLocked(path: string, name: string, release: () => void): OpenedStore {
  const dbPath = join(path, databaseName);
  const files = new ProjectFiles(path);
  files.makeFolders();
  files.sweepStaging();
  const notices: string[] = [];
  const isLost = !existsSync(dbPath) && files.dataHashes().length > 0;
  let aside: string | undefined;
  let db;
  try {
    db = openForWriting(dbPath);
  } catch (cause) {
    if (!isDamage(cause)) throw cause;
    aside = keepAside(dbPath);
    db = openForWriting(dbPath);
  }
  if (aside !== undefined) {
    const saved = salvage(aside, db);
    notices.push(
      `The project database was damaged. It is kept as ${basename(aside)}; ` +
        `${saved.nRows} entries could be read from it${saved.isComplete ? '' : ', some are lost'}.`,
    );
  } else if (isLost) {
    notices.push('The project database was missing. A new one was made; the data files are still here.');
  }
  const store = new ProjectStore(db, files, release);
  if (!store.isInitialised) store.initialise(name);
  const isRebuilt = aside !== undefined || isLost;
  // A rebuilt database may have forgotten files that somebody wants back.
  if (!isRebuilt) store.artefacts.sweep();
  if (!isRebuilt) files.sweepCheckpoints((id) => store.jobs.isResumable(id));
  const orphanHashes = isRebuilt
    ? files.dataHashes().filter((hash) => store.datasets.versionByHash(hash) === undefined)
    : [];
  return { store, isReadOnly: false, readOnlyReason: null, notices, orphanHashes };
}

/** SQLite cannot read a WAL database where it may not write beside it, so it reads a copy in the temp folder. */
function openCopy(path: string): OpenedStore {
  const copyDir = mkdtempSync(join(tmpdir(), 'pith-readonly-'));
  const removeCopy = () => rmSync(copyDir, { recursive: true, force: true });
  try {
    for (const suffix of ['', '-wal']) {
      const from = join(path, databaseName + suffix);
      if (existsSync(from)) copyFileSync(from, join(copyDir, databaseName + suffix));
    }
    const reason = 'This folder cannot be written to, so the project can only be looked at.';
    return readOnly(path, join(copyDir, databaseName), reason, removeCopy);
  } catch (cause) {
    removeCopy();
    throw cause;
  }
}

function readOnly(path: string, dbPath: string, readOnlyReason: string, onClose: () => void): OpenedStore {
  const { db, remove } = readable(dbPath);
  const store = new ProjectStore(db, new ProjectFiles(path), () => {
    remove();
    onClose();
  });
  return { store, isReadOnly: true, readOnlyReason, notices: [], orphanHashes: [] };
}

/** The database in today's schema: one of an earlier Pith, which may not be written to, is read as a copy that may. */
function readable(dbPath: string): { db: Db; remove: () => void } {
  const db = openForReading(dbPath);
  if (userVersion(db) === schemaVersion) return { db, remove: () => {} };
  const copyDir = mkdtempSync(join(tmpdir(), 'pith-migrated-'));
  const remove = () => rmSync(copyDir, { recursive: true, force: true });
  const copy = join(copyDir, databaseName);
  try {
    db.prepare('VACUUM INTO ?').run(copy);
    openForWriting(copy).close();
    return { db: openForReading(copy), remove };
  } catch (cause) {
    remove();
    throw cause;
  } finally {
    db.close();
  }
}

function keepAside(dbPath: string): string {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const aside = `${dbPath}.damaged-${stamp}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(dbPath + suffix)) renameSync(dbPath + suffix, aside + suffix);
  }
  return aside;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    if (isProject(path)) accessSync(join(path, databaseName), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
