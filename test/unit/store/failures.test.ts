import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { AppError } from '../../../main/contract/errors.ts';
import { asKnownFailure } from '../../../main/store/failures.ts';
import { createProjectStore } from '../../../main/store/openStore.ts';
import { tempDir } from '../../helpers/tempDir.ts';

test('a full database rolls back and says that the disk is full', () => {
  const path = join(tempDir(), 'p');
  const { store } = createProjectStore(path, 'P');
  store.configs.save('before', 'yaml');
  // The page limit of the very connection the store uses: SQLite answers as it does when the disk is full.
  const db = (store as unknown as { db: Database.Database }).db;
  db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + 2}`);
  expect(() =>
    store.transaction(() => {
      store.configs.save('small', 'yaml');
      store.configs.save('big', 'x'.repeat(1e6));
    }),
  ).toThrow(expect.objectContaining({ code: 'DISK_FULL', isInput: false }));
  expect(store.configs.list().map(({ name }) => name)).toEqual(['before']);
  store.close();
});

test.skipIf(process.platform !== 'linux')('writing to a full device is told in the same words', () => {
  const handle = openSync('/dev/full', 'w');
  let cause: unknown;
  try {
    writeSync(handle, 'x');
  } catch (thrown) {
    cause = thrown;
  }
  expect(asKnownFailure(cause)).toMatchObject({ code: 'DISK_FULL' });
});

test.each([
  ['SQLITE_READONLY_DBMOVED', 'READ_ONLY_FOLDER'],
  ['SQLITE_CORRUPT_VTAB', 'DATABASE_DAMAGED'],
  ['EROFS', 'READ_ONLY_FOLDER'],
  ['EACCES', 'NO_PERMISSION'],
  ['ENOENT', 'FILE_NOT_FOUND'],
])('%s is told as %s with a way out', (code, known) => {
  const cause = Object.assign(new Error('x'), { code });
  expect(asKnownFailure(cause)).toMatchObject({ code: known, fix: expect.anything() });
});

test("DuckDB's words for a full disk are known too", () => {
  const cause = new Error('IO Error: Could not write all bytes to file "x": wrote=0 wanted=9: No space left on device');
  expect(asKnownFailure(cause)).toMatchObject({ code: 'DISK_FULL' });
});

test('what is already told, or is no error of the system, is left alone', () => {
  const told = new AppError({ code: 'X', message: 'x' });
  expect(asKnownFailure(told)).toBe(told);
  expect(asKnownFailure('text')).toBe('text');
  const other = Object.assign(new Error('x'), { code: 'SQLITE_IOERR_NOMEM' });
  expect(asKnownFailure(other)).toBe(other);
});
