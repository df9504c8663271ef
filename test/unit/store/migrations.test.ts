import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migrate, openForReading, openForWriting, userVersion } from '../../../main/store/database.ts';
import { migrations, schemaVersion } from '../../../main/store/migrations.ts';
import { createProjectStore, openProjectStore } from '../../../main/store/openStore.ts';
import { tempDir } from '../../helpers/tempDir.ts';

test('a new database has taken every step, in WAL mode with foreign keys', () => {
  const db = openForWriting(join(tempDir(), 'project.db'));
  expect(userVersion(db)).toBe(schemaVersion);
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
  db.close();
});

test('only the steps that are missing are taken, and rows stay', () => {
  const db = new Database(join(tempDir(), 'project.db'));
  migrate(db);
  db.exec(`INSERT INTO config_file VALUES ('a', 'yaml', 'now')`);
  migrate(db, [...migrations, 'ALTER TABLE config_file ADD COLUMN colour TEXT']);
  expect(userVersion(db)).toBe(schemaVersion + 1);
  expect(db.prepare('SELECT name, colour FROM config_file').all()).toEqual([{ name: 'a', colour: null }]);
  db.close();
});

test('a step that fails leaves the database as it was', () => {
  const db = new Database(join(tempDir(), 'project.db'));
  migrate(db);
  const broken = [...migrations, 'CREATE TABLE half (a); CREATE TABLE half (a);'];
  expect(() => migrate(db, broken)).toThrow(/already exists/);
  expect(userVersion(db)).toBe(schemaVersion);
  expect(db.prepare(`SELECT name FROM sqlite_schema WHERE name = 'half'`).all()).toEqual([]);
  db.close();
});

test('a project of a newer Pith is refused and not touched', () => {
  const path = join(tempDir(), 'p');
  createProjectStore(path, 'P').store.close();
  const db = new Database(join(path, 'project.db'));
  db.pragma(`user_version = ${schemaVersion + 1}`);
  db.close();
  expect(() => openProjectStore(path)).toThrow(expect.objectContaining({ code: 'PROJECT_TOO_NEW' }));
  expect(() => openForReading(join(path, 'project.db'))).toThrow(expect.objectContaining({ code: 'PROJECT_TOO_NEW' }));
  // Refusing gave the lock back: a second try is refused for the same reason, not as "open elsewhere".
  expect(() => openProjectStore(path)).toThrow(expect.objectContaining({ code: 'PROJECT_TOO_NEW' }));
});
