import Database from 'better-sqlite3';
import type { Db } from './database.ts';

const tables = [
  'project',
  'counter',
  'dataset',
  'version',
  'profile',
  'run',
  'param',
  'metric',
  'series_point',
  'tag',
  'coreset',
  'coreset_edit',
  'artefact',
  'config_file',
  'job',
  'job_log',
  'test_opening',
  'run_test_rows',
] as const;

/** Copies every row that can still be read of a damaged database into `target`. Never throws for damage. */
export function salvage(damagedPath: string, target: Db): { nRows: number; isComplete: boolean } {
  let nRows = 0;
  let isComplete = true;
  let source: Db;
  try {
    source = new Database(damagedPath, { readonly: true, fileMustExist: true });
  } catch {
    return { nRows: 0, isComplete: false };
  }
  // Rows whose parent row is lost are let in and removed at the end, so that order does not matter.
  target.pragma('foreign_keys = OFF');
  try {
    for (const table of tables) {
      const copied = copyTable(source, target, table);
      nRows += copied.nRows;
      isComplete &&= copied.isComplete;
    }
    removeOrphans(target);
  } finally {
    source.close();
    target.pragma('foreign_keys = ON');
  }
  return { nRows, isComplete };
}

function copyTable(source: Db, target: Db, table: string): { nRows: number; isComplete: boolean } {
  let nRows = 0;
  let isComplete = true;
  const columns = target.pragma(`table_info(${table})`) as { name: string; pk: number }[];
  const known = new Set(columns.map(({ name }) => name));
  // Forwards until damage stops it, then backwards from the end: only what lies between is lost.
  for (const direction of ['ASC', 'DESC']) {
    try {
      const key = columns
        .filter(({ pk }) => pk > 0)
        .map(({ name }) => `${name} ${direction}`)
        .join(', ');
      for (const row of source
        .prepare<[], Record<string, unknown>>(`SELECT * FROM ${table} ORDER BY ${key}`)
        .iterate()) {
        const names = Object.keys(row).filter((name) => known.has(name));
        const values = names.map((name) => `@${name}`).join(', ');
        const { changes } = target
          .prepare(`INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${values})`)
          .run(row);
        nRows += changes;
      }
      if (direction === 'ASC') break;
    } catch {
      isComplete = false;
    }
  }
  return { nRows, isComplete };
}

function removeOrphans(target: Db): void {
  for (;;) {
    const broken = target.pragma('foreign_key_check') as { table: string; rowid: number | null; parent: string }[];
    const rows = broken.filter(({ rowid }) => rowid !== null);
    for (const { table, rowid } of rows) target.prepare(`DELETE FROM ${table} WHERE rowid = ?`).run(rowid);
    // Tables without row ids are all children of `run`.
    const keyed = new Set(broken.filter(({ rowid }) => rowid === null).map(({ table }) => table));
    for (const table of keyed) target.exec(`DELETE FROM ${table} WHERE run_id NOT IN (SELECT id FROM run)`);
    if (broken.length === 0) return;
  }
}
