import { createHash } from 'node:crypto';
import type { RunDetail, TestResult } from '../contract/run.ts';
import { strictJson } from '../contract/strictJson.ts';
import type { Db } from './database.ts';
import { now } from './ids.ts';

interface OpeningRow {
  readonly test_set: string;
  readonly opened_at: string;
  readonly result: string | null;
}

/** Which rows of which version a target is tested on: runs with the same key look at the same test set. */
export function testSetKey(versionHash: string, target: string, testRowsHash: string): string {
  return createHash('sha256')
    .update(JSON.stringify([versionHash, target, testRowsHash]))
    .digest('hex');
}

/** The test set of a finished run; null where it has none, or did not record which rows they are. */
export function testSetOf({ versionHash, result }: Pick<RunDetail, 'versionHash' | 'result'>): string | null {
  if (versionHash === null || result?.testRowsHash === undefined) return null;
  return testSetKey(versionHash, result.target, result.testRowsHash);
}

/** Test rows that were opened: by which run, when, and what was measured. A look counts also when its run is gone. */
export class TestOpenings {
  private readonly db: Db;

  constructor(db: Db) {
    this.db = db;
  }

  /** A run that has opened its test rows before keeps its first numbers. */
  add(runId: string, testSet: string, measured: Pick<TestResult, 'evaluations' | 'nTest'>): void {
    this.db
      .prepare('INSERT OR IGNORE INTO test_opening (run_id, test_set, opened_at, result) VALUES (?, ?, ?, ?)')
      .run(runId, testSet, now(), strictJson(measured));
  }

  /** What a run measured on its test rows; undefined while they are locked. */
  of(runId: string): TestResult | undefined {
    const row = this.db
      .prepare<[string], OpeningRow>('SELECT test_set, opened_at, result FROM test_opening WHERE run_id = ?')
      .get(runId);
    if (!row || row.result === null) return undefined;
    const measured = JSON.parse(row.result) as Pick<TestResult, 'evaluations' | 'nTest'>;
    return { ...measured, openedAt: row.opened_at, looks: this.looks(row.test_set) };
  }

  /** Runs that have looked at a test set, trashed and erased ones too. */
  looks(testSet: string): number {
    return this.db
      .prepare<[string], number>('SELECT count(*) FROM test_opening WHERE test_set = ?')
      .pluck()
      .get(testSet) as number;
  }

  /** Drops a run's numbers; that it looked stays known. */
  forget(runId: string): void {
    this.db.prepare('UPDATE test_opening SET result = NULL WHERE run_id = ?').run(runId);
  }
}
