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

test('a look counts for every run on the same rows of the same version and target, also when it comes later', () => {
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
  expect(others.map((id) => looksOf(store, id))).toEqual([0, 0, 0]);
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
