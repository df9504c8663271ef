import { AppError, type AppErrorInit } from '../contract/errors.ts';

/** What a person reads for a failure of the disk or the database, by system or SQLite code. */
const known: Readonly<Record<string, (path: string) => AppErrorInit>> = {
  ENOSPC: diskFull,
  EDQUOT: diskFull,
  SQLITE_FULL: diskFull,
  EFBIG: () => ({
    code: 'FILE_TOO_LARGE',
    message:
      'A file would be larger than this system or disk allows: nothing was changed, what was saved before is safe.',
    fix: { kind: 'raiseLimit', label: 'Raise the limit (ulimit -f), or keep the project on a disk without one' },
    isInput: false,
  }),
  EROFS: notWritable,
  EACCES: noPermission,
  EPERM: noPermission,
  SQLITE_READONLY: notWritable,
  SQLITE_CORRUPT: damaged,
  SQLITE_NOTADB: damaged,
  ENOENT: (path) => ({
    code: 'FILE_NOT_FOUND',
    message: path ? `There is no file or folder "${path}".` : 'A file that was needed is not there.',
    fix: { kind: 'chooseFile', label: 'Check the name, or choose another file' },
  }),
  EMFILE: () => ({
    code: 'TOO_MANY_FILES',
    message: 'The system allows no more open files for this program.',
    fix: { kind: 'retry', label: 'Close other programs or raise the limit (ulimit -n), then try again' },
    isInput: false,
  }),
};

/**
 * `cause` as an AppError when it is a failure of disk or database that a person can do something about
 * (full, read-only, no permission, missing, damaged); anything else is given back as it is.
 */
export function asKnownFailure(cause: unknown): unknown {
  if (cause instanceof AppError || !(cause instanceof Error)) return cause;
  const { code, path } = cause as { code?: unknown; path?: unknown };
  // DuckDB has no codes, only the system's words.
  if (/no space left on device|disk quota exceeded/i.test(cause.message)) return new AppError({ ...diskFull(), cause });
  if (typeof code !== 'string') return cause;
  // SQLite's extended codes (SQLITE_IOERR_WRITE, SQLITE_READONLY_DBMOVED …) start with the plain one.
  const key = code in known ? code : Object.keys(known).find((k) => code.startsWith(`${k}_`));
  if (key === undefined) return cause;
  return new AppError({ ...known[key]!(typeof path === 'string' ? path : ''), cause });
}

function diskFull(): AppErrorInit {
  return {
    code: 'DISK_FULL',
    message: 'The disk is full: nothing was changed, what was saved before is safe.',
    fix: { kind: 'freeSpace', label: 'Free some space on this disk and try again' },
    isInput: false,
  };
}

function notWritable(path: string): AppErrorInit {
  return {
    code: 'READ_ONLY_FOLDER',
    message: path ? `"${path}" is on a read-only disk or in a read-only folder.` : 'This folder cannot be written to.',
    fix: { kind: 'chooseFolder', label: 'Choose a folder you can write to' },
  };
}

function noPermission(path: string): AppErrorInit {
  return {
    code: 'NO_PERMISSION',
    message: path ? `You have no permission for "${path}".` : 'You have no permission for this file.',
    fix: { kind: 'chooseFolder', label: 'Change its permissions or choose another place' },
  };
}

function damaged(): AppErrorInit {
  return {
    code: 'DATABASE_DAMAGED',
    message: 'The project database is damaged.',
    fix: { kind: 'reopen', label: 'Close the project and open it again: the damaged file is kept aside and repaired' },
    isInput: false,
  };
}
