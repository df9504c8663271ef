import Database from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RunResult } from '../../../main/contract/run.ts';
import { migrate, userVersion } from '../../../main/store/database.ts';
import { migrations } from '../../../main/store/migrations.ts';
import { createProjectStore, openProjectStore } from '../../../main/store/openStore.ts';
import { ProjectFiles } from '../../../main/store/files.ts';
import { takeLock } from '../../../main/store/lock.ts';
import type { ProjectStore } from '../../../main/store/projectStore.ts';
import { tempDir } from '../../helpers/tempDir.ts';

const newRun = { yaml: '', model: 'ridge', modelTitle: 'Ridge', dataset: 'd', target: 'y', task: 'regression' };
const evaluations = (rmse: number): RunResult['evaluations'] => [
  { rows: 'full', nFitRows: 60, nValidation: 20, metrics: { rmse: { value: rmse, low: 1, high: 3 } } },
];
const result: RunResult = {
  task: 'regression',
  target: 'y',
  classes: [],
  nRows: 100,
  nTrain: 60,
  nValidation: 20,
  nTest: 20,
  nDropped: 0,
  model: 'ridge',
  params: {},
  coreset: null,
  evaluations: evaluations(2),
  fidelity: null,
  trials: [],
  tuneMetric: null,
  timings: { importMs: 0, coresetMs: 0, tuneMs: 0, fitMs: 0, evaluateMs: 0, totalMs: 0 },
  saved: null,
  warnings: [],
  findings: [],
  inputs: [],
  splitNote: '',
  versions: {},
};

function freshStore(): { store: ProjectStore; path: string } {
  const path = join(tempDir(), 'p');
  const { store } = createProjectStore(path, 'P');
  onTestFinished(() => store.close());
  return { store, path };
}

/** A finished run on version `versionHash` whose test rows have this hash. */
function finished(store: ProjectStore, versionHash: string, testRowsHash: string, target = 'y'): string {
  const { id } = store.runs.create({ ...newRun, target, versionHash });
  store.runs.complete(id, { ...result, target, testRowsHash }, 'rmse');
  return id;
}

const looksOf = (store: ProjectStore, id: string) => store.runs.detail(id).testLooks;

test('a look counts for every run on the same rows of the same data and target, also when it comes later', () => {
  const { store } = freshStore();
  const first = finished(store, 'v1', 'rows');
  const second = finished(store, 'v1', 'rows');
  const others = [
    finished(store, 'v2', 'rows'),
    finished(store, 'v1', 'other rows'),
    finished(store, 'v1', 'rows', 'z'),
  ];
  expect(looksOf(store, first)).toBe(0);
  store.runs.openTest(first, 'rows', { evaluations: evaluations(2.1), nTest: 20 });
  expect(store.runs.detail(first).result!.test).toMatchObject({ looks: 1, nTest: 20 });
  expect([looksOf(store, second), store.runs.detail(second).result!.test]).toEqual([1, undefined]);
  store.runs.openTest(second, 'rows', { evaluations: evaluations(2.2), nTest: 20 });
  expect(store.runs.detail(first).result!.test!.looks).toBe(2);
  // Another version of the same data set is no other test set.
  expect(others.map((id) => looksOf(store, id))).toEqual([2, 0, 0]);
});

const rowsOf = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);

/** A finished run that kept its test rows. */
function keeping(store: ProjectStore, rows: Uint32Array, versionHash = 'v1', dataset = 'd'): string {
  const { id } = store.runs.create({ ...newRun, versionHash, dataset });
  store.runs.complete(id, { ...result, testRowsHash: `${rows[0]} to ${rows.at(-1)}` }, 'rmse');
  store.runs.keepTestRows(id, rows);
  return id;
}

const opens = (store: ProjectStore, id: string, rows?: Uint32Array) =>
  store.runs.openTest(
    id,
    store.runs.detail(id).result!.testRowsHash!,
    { evaluations: evaluations(2), nTest: 20 },
    rows,
  );

test('looks are counted by rows: a split that changes a little, and a version with a column more, are looked at too', () => {
  const { store } = freshStore();
  const first = keeping(store, rowsOf(70, 90));
  const [within, wider, beside, newVersion, renamed, otherData] = [
    keeping(store, rowsOf(75, 85)),
    keeping(store, rowsOf(70, 95)),
    keeping(store, rowsOf(90, 100)),
    keeping(store, rowsOf(70, 91), 'v2'),
    keeping(store, rowsOf(70, 92), 'v1', 'other name'),
    keeping(store, rowsOf(70, 90), 'v3', 'other data'),
  ] as const;
  opens(store, first);
  const seen = (id: string) => {
    const { testLooks, testLooksInPart } = store.runs.detail(id);
    return [testLooks, testLooksInPart];
  };
  expect([first, within, wider, beside, newVersion, renamed, otherData].map(seen)).toEqual([
    [1, 0],
    [1, 0],
    [1, 1],
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  opens(store, wider);
  expect(store.runs.detail(wider).result!.test).toMatchObject({ looks: 2, looksInPart: 1 });
  expect(store.runs.detail(first).result!.test).toMatchObject({ looks: 2, looksInPart: 0 });
});

test('rows that were opened and are no test rows any more are known, with the run that opened them', () => {
  const { store } = freshStore();
  const first = keeping(store, rowsOf(60, 80));
  opens(store, first);
  const now = store.runs.create({ ...newRun, versionHash: 'v2' }).id;
  const before = (test: Uint32Array, nRows = 100) => store.runs.openedBefore(now, nRows, test);
  expect(before(rowsOf(60, 80))).toEqual({ nRows: 0, runs: [] });
  expect(before(rowsOf(50, 80))).toEqual({ nRows: 0, runs: [] });
  expect(before(rowsOf(63, 100))).toEqual({ nRows: 3, runs: ['Run 1'] });
  expect(before(rowsOf(0, 0))).toEqual({ nRows: 20, runs: ['Run 1'] });
  // Row numbers of a version of other rows say nothing.
  expect(before(rowsOf(0, 0), 99)).toEqual({ nRows: 0, runs: [] });
  opens(store, keeping(store, rowsOf(70, 85)));
  store.runs.erase(first);
  expect(before(rowsOf(0, 0))).toEqual({ nRows: 25, runs: [null, 'Run 3'] });
});

test('opening again keeps the first numbers and the count', () => {
  const { store } = freshStore();
  const id = finished(store, 'v1', 'rows');
  store.runs.openTest(id, 'rows', { evaluations: evaluations(2.1), nTest: 20 });
  const before = store.runs.detail(id);
  store.runs.openTest(id, 'rows', { evaluations: evaluations(9), nTest: 20 });
  expect(store.runs.detail(id)).toEqual(before);
});

test('a run in the trash and an erased one have looked all the same', () => {
  const { store } = freshStore();
  const ids = [finished(store, 'v1', 'rows'), finished(store, 'v1', 'rows'), finished(store, 'v1', 'rows')];
  for (const id of ids) store.runs.openTest(id, 'rows', { evaluations: evaluations(2), nTest: 20 });
  store.runs.trash(ids[0]!);
  store.runs.erase(ids[1]!);
  expect(store.runs.detail(ids[2]!).result!.test!.looks).toBe(3);
});

test('a run that recorded no row numbers tells no looks, and takes its test set from what was scored', () => {
  const { store } = freshStore();
  const known = finished(store, 'v1', 'rows');
  const { id } = store.runs.create({ ...newRun, versionHash: 'v1' });
  store.runs.complete(id, result, 'rmse');
  expect(looksOf(store, id)).toBeUndefined();
  store.runs.openTest(id, 'rows', { evaluations: evaluations(2), nTest: 20 });
  expect([looksOf(store, id), looksOf(store, known)]).toEqual([1, 1]);
});

/** A project as the released Pith wrote it: its schema had one step. */
function releasedProject(): string {
  const path = join(tempDir(), 'released');
  mkdirSync(path);
  new ProjectFiles(path).makeFolders();
  const db = new Database(join(path, 'project.db'));
  migrate(db, migrations.slice(0, 1));
  db.exec(`INSERT INTO project VALUES ('prj_1', 'Old', 'now');
    INSERT INTO run (id, number, name, status, yaml, model, model_title, dataset, target, task, version_hash, result, created_at)
    VALUES ('run_1', 1, 'Run 1', 'done', '', 'ridge', 'Ridge', 'd', 'y', 'regression', 'v1', '${JSON.stringify(result)}', 'now')`);
  db.close();
  return path;
}

test('a project of the released schema keeps its runs and can have test rows opened', () => {
  const { store } = openProjectStore(releasedProject());
  onTestFinished(() => store.close());
  expect(store.runs.detail('run_1').result).toEqual(result);
  store.runs.openTest('run_1', 'rows', { evaluations: evaluations(2), nTest: 20 });
  expect(store.runs.detail('run_1').result!.test).toMatchObject({ looks: 1, evaluations: evaluations(2) });
});

test('looks that were taken before rows were kept count by their hash', () => {
  const path = releasedProject();
  const db = new Database(join(path, 'project.db'));
  migrate(db, migrations.slice(0, 3));
  db.exec(`UPDATE run SET result = json_set(result, '$.testRowsHash', '70 to 89');
    INSERT INTO test_opening (run_id, test_set, opened_at, result) VALUES ('run_1', 'key', 'then', NULL)`);
  db.close();
  const { store } = openProjectStore(path);
  onTestFinished(() => store.close());
  expect(looksOf(store, keeping(store, rowsOf(70, 90), 'v2'))).toBe(1);
  expect(looksOf(store, keeping(store, rowsOf(70, 91)))).toBe(0);
});

test('one that may only be read is read in the schema of today, and stays as it is', () => {
  const path = releasedProject();
  const lock = takeLock(path);
  const { store, isReadOnly } = openProjectStore(path);
  expect(isReadOnly).toBe(true);
  expect(store.runs.detail('run_1').result).toEqual(result);
  store.close();
  if (lock.isTaken) lock.release();
  const db = new Database(join(path, 'project.db'));
  expect(userVersion(db)).toBe(1);
  db.close();
});
