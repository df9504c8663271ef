import { createHash } from 'node:crypto';
import type { RunDetail, TestResult } from '../contract/run.ts';
import { strictJson } from '../contract/strictJson.ts';
import type { Db } from './database.ts';
import { now } from './ids.ts';
import { countShared, packRows, unionOf, unpackRows } from './rowSet.ts';

/** What a run is tested on. */
export interface TestSet {
  readonly dataset: string;
  readonly versionHash: string;
  readonly target: string;
  readonly rowsHash: string;
  /** Rows of the version. */
  readonly nRows: number | null;
}

/** Runs that have looked at a test set. */
export interface Looks {
  readonly looks: number;
  /** Those of them that saw only some of its rows. */
  readonly looksInPart: number;
}

interface OpeningRow {
  readonly run_id: string;
  readonly test_set: string;
  readonly opened_at: string;
  readonly result: string | null;
  readonly dataset: string | null;
  readonly version_hash: string | null;
  readonly target: string | null;
  readonly rows_hash: string | null;
  readonly n_rows: number | null;
  readonly rows: Uint8Array | null;
}

/** Names a test set exactly; openings of earlier versions may know no more. */
function keyOf({ versionHash, target, rowsHash }: TestSet): string {
  return createHash('sha256')
    .update(JSON.stringify([versionHash, target, rowsHash]))
    .digest('hex');
}

/** The test set of a finished run; null where it has none, or did not record which rows they are. */
export function testSetOf({
  versionHash,
  dataset,
  result,
}: Pick<RunDetail, 'versionHash' | 'dataset' | 'result'>): TestSet | null {
  if (versionHash === null || result?.testRowsHash === undefined) return null;
  return { dataset, versionHash, target: result.target, rowsHash: result.testRowsHash, nRows: result.nRows };
}

/** Test rows that were opened: by which run, when, and what was measured. A look counts also when its run is gone. */
export class TestOpenings {
  private readonly db: Db;

  constructor(db: Db) {
    this.db = db;
  }

  /** Keeps which rows a run is tested on, before anything looks at them. */
  keep(runId: string, rows: Uint32Array): void {
    this.db.prepare('INSERT OR REPLACE INTO run_test_rows (run_id, rows) VALUES (?, ?)').run(runId, packRows(rows));
  }

  /**
   * A run that has opened its test rows before keeps its first numbers.
   * @param rows that were scored; those that the run kept where it is left out
   */
  add(
    runId: string,
    set: TestSet,
    measured: Pick<TestResult, 'evaluations' | 'nTest'>,
    rows: Uint32Array | undefined,
  ): void {
    this.db
      .prepare(
        `INSERT OR IGNORE INTO test_opening
           (run_id, test_set, opened_at, result, dataset, target, version_hash, rows_hash, n_rows, rows)
         VALUES (@runId, @key, @openedAt, @result, @dataset, @target, @versionHash, @rowsHash, @nRows, @rows)`,
      )
      .run({
        ...set,
        runId,
        key: keyOf(set),
        openedAt: now(),
        result: strictJson(measured),
        rows: rows ? packRows(rows) : this.keptBy(runId),
      });
  }

  /** What a run measured on its test rows; undefined while they are locked. */
  of(runId: string): TestResult | undefined {
    const row = this.db.prepare<[string], OpeningRow>('SELECT * FROM test_opening WHERE run_id = ?').get(runId);
    if (!row || row.result === null) return undefined;
    const measured = JSON.parse(row.result) as Pick<TestResult, 'evaluations' | 'nTest'>;
    return { ...measured, openedAt: row.opened_at, ...this.count(row, row.test_set, row.rows) };
  }

  /** Runs that have looked at rows of a run's test set, trashed and erased ones too. */
  looks(runId: string, set: TestSet): Looks {
    const asked = { dataset: set.dataset, version_hash: set.versionHash, target: set.target, rows_hash: set.rowsHash };
    return this.count(asked, keyOf(set), this.keptBy(runId));
  }

  /**
   * Rows that were opened as test rows by runs on the same data and target, and are no test rows of a set now; with the
   * runs, the first first. Row numbers mean the same only in versions of as many rows.
   */
  nowUsed(set: Omit<TestSet, 'rowsHash'>, test: Uint32Array): { readonly nRows: number; readonly runIds: string[] } {
    const own = unpackRows(packRows(test));
    const used = this.about({ dataset: set.dataset, version_hash: set.versionHash, target: set.target }, '')
      .filter(({ n_rows: nRows }) => nRows === set.nRows)
      .flatMap(({ run_id: runId, rows }) => (rows ? [{ runId, rows: unpackRows(rows) }] : []))
      .filter(({ rows }) => countShared(rows, own).others > 0);
    return { nRows: countShared(unionOf(used.map(({ rows }) => rows)), own).others, runIds: used.map((u) => u.runId) };
  }

  /** Drops a run's numbers; that it looked stays known. */
  forget(runId: string): void {
    this.db.prepare('UPDATE test_opening SET result = NULL WHERE run_id = ?').run(runId);
  }

  private keptBy(runId: string): Uint8Array | null {
    const kept = this.db.prepare<[string], Uint8Array>('SELECT rows FROM run_test_rows WHERE run_id = ?').pluck();
    return (kept.get(runId) as Uint8Array | undefined) ?? null;
  }

  /** Openings on the same data set, in any version, or on the same content under another name; and those of the same key. */
  private about(set: Pick<OpeningRow, 'dataset' | 'version_hash' | 'target'>, key: string): OpeningRow[] {
    return this.db
      .prepare<[object], OpeningRow>(
        `SELECT * FROM test_opening
         WHERE test_set = @key OR (target = @target AND (dataset = @dataset OR version_hash = @version_hash))
         ORDER BY sequence`,
      )
      .all({ dataset: set.dataset, version_hash: set.version_hash, target: set.target, key });
  }

  /** @param packed rows of the set; null where they are known by hash only */
  private count(
    set: Pick<OpeningRow, 'dataset' | 'version_hash' | 'target' | 'rows_hash'>,
    key: string,
    packed: Uint8Array | null,
  ): Looks {
    let looks = 0;
    let looksInPart = 0;
    const own = packed && unpackRows(packed);
    for (const row of this.about(set, key)) {
      const isSame = row.test_set === key || (set.rows_hash !== null && row.rows_hash === set.rows_hash);
      if (isSame) looks++;
      if (isSame || own === null || row.rows === null) continue;
      const { shared, others } = countShared(own, unpackRows(row.rows));
      if (shared === 0) continue;
      looks++;
      if (others > 0) looksInPart++;
    }
    return { looks, looksInPart };
  }
}
