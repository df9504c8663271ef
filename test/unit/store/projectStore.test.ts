import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { RunDetail, type RunResult, RunSummary } from '../../../main/contract/run.ts';
import { Dataset } from '../../../main/contract/data.ts';
import { Job } from '../../../main/contract/jobs.ts';
import { createProjectStore, openProjectStore } from '../../../main/store/openStore.ts';
import type { ProjectStore } from '../../../main/store/projectStore.ts';
import { tempDir } from '../../helpers/tempDir.ts';

let store: ProjectStore;
let path: string;

beforeEach(() => {
  path = join(tempDir(), 'p');
  store = createProjectStore(path, 'P').store;
  onTestFinished(() => store.close());
});

const version = (hash: string) => ({
  hash,
  nRows: 3,
  columns: [{ name: 'a', type: 'integer' as const }],
  bytes: 9,
  note: 'as loaded',
});
const newRun = { yaml: 'a: 1', model: 'ridge', modelTitle: 'Ridge', dataset: 'd', target: 'y', task: 'auto' };

function staged(name: string, content: string): string {
  const file = join(path, 'staging', name);
  writeFileSync(file, content);
  return file;
}

describe('data sets', () => {
  test('the same content again is the same version; newest first', () => {
    const { id } = store.datasets.insert({ name: 'd', source: 'd.csv', importOptions: { delimiter: ';' } });
    const a = store.datasets.insertVersion(id, version('aa11'));
    const b = store.datasets.insertVersion(id, version('bb22'));
    expect(store.datasets.insertVersion(id, version('aa11')).id).toBe(a.id);
    const [dataset] = store.datasets.list();
    expect(Dataset.parse(dataset).versions.map((v) => v.id)).toEqual([b.id, a.id]);
    expect(store.datasets.find('d')?.id).toBe(id);
    expect(store.datasets.versionByHash('bb')?.id).toBe(b.id);
    expect(store.datasets.ofVersion(a.id).name).toBe('d');
  });

  test('removing one keeps the file that another still has', () => {
    const one = store.datasets.insert({ name: 'one', source: '', importOptions: {} });
    const two = store.datasets.insert({ name: 'two', source: '', importOptions: {} });
    for (const { id } of [one, two]) store.datasets.insertVersion(id, version('aaaaaaaa'));
    const file = store.files.adoptData(staged('x', 'data'), 'aaaaaaaa');
    store.datasets.remove(one.id);
    expect(existsSync(file)).toBe(true);
    store.datasets.remove(two.id);
    expect(existsSync(file)).toBe(false);
  });

  test('profiles are kept per version and go with it', () => {
    const { id } = store.datasets.insert({ name: 'd', source: '', importOptions: {} });
    const { id: versionId } = store.datasets.insertVersion(id, version('cc'));
    expect(store.datasets.profile(versionId)).toBeNull();
    store.datasets.saveProfile(versionId, []);
    expect(store.datasets.profile(versionId)).toEqual([]);
    store.datasets.remove(id);
    expect(store.datasets.profile(versionId)).toBeNull();
  });
});

describe('runs', () => {
  test('numbers run on, also after the newest was erased', () => {
    const first = store.runs.create(newRun);
    const second = store.runs.create({ ...newRun, name: 'mine' });
    expect([first.name, second.name, second.number]).toEqual(['Run 1', 'mine', 2]);
    store.runs.erase(second.id);
    expect(store.runs.create(newRun).number).toBe(3);
  });

  test('a result becomes parameters, metrics and a summary that fits the contract', () => {
    const { id } = store.runs.create(newRun);
    store.runs.complete(id, result, 'rmse');
    const summary = RunSummary.parse(store.runs.summary(id));
    expect(summary).toMatchObject({
      status: 'done',
      coresetRows: 40,
      nTrain: 80,
      gap: 0.5,
      seconds: 1.5,
      metrics: { rmse: 2, r2: 0.9 },
      coresetMetric: { value: 2.5, low: 2, high: 3 },
      fullMetric: { value: 2 },
    });
    expect(store.runs.params(id)).toEqual({ alpha: 1, solver: null });
    expect(RunDetail.parse(store.runs.detail(id)).result?.task).toBe('regression');
  });

  test('a metric that is not a number is left out rather than stored as something else', () => {
    const { id } = store.runs.create(newRun);
    const [full] = result.evaluations;
    const odd = { ...full!, metrics: { rmse: { value: NaN }, mae: { value: Infinity }, r2: { value: 0 } } };
    store.runs.complete(id, { ...result, evaluations: [odd] }, 'rmse');
    expect(store.runs.summary(id)).toMatchObject({ metrics: { r2: 0 }, fullMetric: null });
    expect(store.runs.detail(id).result?.evaluations[0]?.metrics).toEqual({ r2: { value: 0 } });
  });

  test('curve points: replaced by step, in order, without the infinite', () => {
    const { id } = store.runs.create(newRun);
    store.runs.addPoints(id, [
      { series: 'loss', step: 2, value: 0.5 },
      { series: 'loss', step: 1, value: 0.9 },
      { series: 'loss', step: 2, value: 0.4 },
      { series: 'loss', step: 3, value: Infinity },
    ]);
    expect(store.runs.points(id)).toEqual([
      { series: 'loss', step: 1, value: 0.9 },
      { series: 'loss', step: 2, value: 0.4 },
    ]);
  });

  test('trash, restore, erase', () => {
    const { id } = store.runs.create(newRun);
    store.runs.setTags(id, ['b', 'a', 'a']);
    store.artefacts.add(id, 'model', staged('m', 'model'));
    const file = store.artefacts.path(id, 'model');
    store.runs.trash(id);
    expect(store.runs.list()).toEqual([]);
    expect(store.runs.list(true)).toMatchObject([{ id, isTrashed: true, tags: ['a', 'b'] }]);
    store.runs.restore(id);
    expect(store.runs.list()).toHaveLength(1);
    store.runs.erase(id);
    expect(existsSync(file)).toBe(false);
    expect(() => store.runs.summary(id)).toThrow(expect.objectContaining({ code: 'RUN_NOT_FOUND' }));
  });
});

describe('artefacts', () => {
  test('one file per content, gone with its last owner', () => {
    const a = store.artefacts.add('run_a', 'model', staged('1', 'same'));
    const b = store.artefacts.add('run_b', 'model', staged('2', 'same'));
    expect(a.hash).toBe(b.hash);
    const file = store.artefacts.path('run_a', 'model');
    store.artefacts.removeAll('run_a');
    expect(existsSync(file)).toBe(true);
    store.artefacts.removeAll('run_b');
    expect(existsSync(file)).toBe(false);
  });

  test('a name given again replaces the former content', () => {
    store.artefacts.add('cor_a', 'tree', staged('1', 'old'));
    const old = store.artefacts.path('cor_a', 'tree');
    store.artefacts.add('cor_a', 'tree', staged('2', 'new'));
    expect(store.artefacts.list('cor_a')).toHaveLength(1);
    expect(existsSync(old)).toBe(false);
  });
});

test('opening removes artefact files that no row names, and no other', () => {
  store.artefacts.add('run_a', 'model', staged('1', 'content'));
  const kept = store.artefacts.path('run_a', 'model');
  const [orphan, other] = [store.files.artefactPath('ab'.repeat(32)), store.files.artefactPath('notes.txt')];
  for (const file of [orphan, other]) writeFileSync(file, 'x');
  store.close();
  openProjectStore(path).store.close();
  expect([kept, orphan, other].map((file) => existsSync(file))).toEqual([true, false, true]);
});

describe('transactions', () => {
  test('rows and moved files go together when it fails', () => {
    let moved = '';
    expect(() =>
      store.transaction(() => {
        store.artefacts.add('run_a', 'model', staged('1', 'content'));
        moved = store.artefacts.path('run_a', 'model');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(store.artefacts.list('run_a')).toEqual([]);
    expect(existsSync(moved)).toBe(false);
  });

  test('removed files stay when it fails', () => {
    store.artefacts.add('run_a', 'model', staged('1', 'content'));
    const file = store.artefacts.path('run_a', 'model');
    expect(() =>
      store.transaction(() => {
        store.artefacts.removeAll('run_a');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(existsSync(file)).toBe(true);
    expect(store.artefacts.path('run_a', 'model')).toBe(file);
  });

  test('content removed and added again in one transaction is there', () => {
    store.artefacts.add('run_a', 'model', staged('1', 'content'));
    store.transaction(() => {
      store.artefacts.removeAll('run_a');
      store.artefacts.add('run_b', 'model', staged('2', 'content'));
    });
    expect(existsSync(store.artefacts.path('run_b', 'model'))).toBe(true);
  });
});

describe('jobs', () => {
  test('times follow the states', () => {
    const job = store.jobs.insert({ kind: 'run', title: 'Run 1', input: { a: [1] } });
    expect(Job.parse(job)).toMatchObject({ state: { status: 'queued' }, startedAt: null, finishedAt: null });
    expect(store.jobs.input(job.id)).toEqual({ a: [1] });
    const running = { status: 'running', fraction: null, step: '', secondsLeft: null, isCancelling: false } as const;
    expect(store.jobs.setState(job.id, running).startedAt).not.toBeNull();
    expect(store.jobs.unfinished().map(({ id }) => id)).toEqual([job.id]);
    expect(store.jobs.setState(job.id, { status: 'cancelled' }).finishedAt).not.toBeNull();
    expect(store.jobs.unfinished()).toEqual([]);
    store.jobs.addLog(job.id, [{ at: 'now', text: 'one' }]);
    expect(store.jobs.log(job.id)).toEqual([{ at: 'now', text: 'one' }]);
    store.jobs.clearFinished();
    expect(store.jobs.list()).toEqual([]);
  });
});

describe('coresets', () => {
  test('meta is patched by key, edits count, erase takes artefacts along', () => {
    const meta = {
      service: 'logistic',
      target: 'y',
      size: 100,
      nRows: 100,
      nRowsCovered: 1000,
      nLevels: 2,
      seed: 0,
      buildMs: 5,
      bytes: 10,
      excessLoss: null,
    };
    const { id } = store.coresets.insert({ versionId: 'ver_x', name: 'C', meta });
    store.coresets.patchMeta(id, { excessLoss: 0.01 });
    const editId = store.coresets.addEdit(id, {
      kind: 'updateTargets',
      description: '1 label',
      nRows: 1,
      edit: { 3: 'b' },
    });
    expect(store.coresets.get(id)).toMatchObject({ nEdits: 1, meta: { excessLoss: 0.01, size: 100 } });
    expect(store.coresets.edits(id)).toMatchObject([{ id: editId, edit: { 3: 'b' } }]);
    store.coresets.removeEdit(editId);
    store.artefacts.add(id, 'tree', staged('t', 'tree'));
    store.coresets.erase(id);
    expect(store.artefacts.list(id)).toEqual([]);
    expect(store.coresets.list()).toEqual([]);
  });
});

const result: RunResult = {
  task: 'regression',
  target: 'y',
  classes: [],
  nRows: 100,
  nTrain: 80,
  nValidation: 20,
  nTest: 0,
  nDropped: 0,
  model: 'ridge',
  params: { alpha: 1, solver: null },
  coreset: { size: 40, level: 0, nRows: 40, service: 'linear', seed: 0, artefact: null },
  evaluations: [
    { rows: 'full', nFitRows: 80, nValidation: 20, metrics: { rmse: { value: 2 }, r2: { value: 0.9 } } },
    { rows: 'coreset', nFitRows: 40, nValidation: 20, metrics: { rmse: { value: 2.5, low: 2, high: 3 } } },
  ],
  fidelity: { excessLoss: 0.01, gaps: { rmse: { gap: 0.5 } }, nValidation: 20 },
  trials: [],
  tuneMetric: null,
  timings: { importMs: 0, coresetMs: 0, tuneMs: 0, fitMs: 0, evaluateMs: 0, totalMs: 1500 },
  saved: null,
  warnings: [],
  findings: [],
  inputs: [],
  splitNote: '',
  versions: {},
};
