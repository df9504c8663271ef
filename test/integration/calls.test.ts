import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { drillEngine } from '../helpers/engine.ts';
import { tempDir } from '../helpers/tempDir.ts';

test.each<{ name: string; channel: unknown; payload: unknown; code: string }>([
  { name: 'an unknown channel', channel: 'data.steal', payload: {}, code: 'UNKNOWN_CALL' },
  { name: 'no text as channel', channel: { toString: () => 'app.info' }, payload: {}, code: 'UNKNOWN_CALL' },
  { name: 'a key of every object', channel: 'constructor', payload: {}, code: 'UNKNOWN_CALL' },
  { name: 'input of the wrong type', channel: 'project.open', payload: { path: 7 }, code: 'INVALID_INPUT' },
  { name: 'input that is missing', channel: 'project.open', payload: undefined, code: 'INVALID_INPUT' },
  {
    name: 'a project that is not open',
    channel: 'run.list',
    payload: { projectId: 'prj_x' },
    code: 'PROJECT_NOT_OPEN',
  },
  { name: 'a folder nobody opened', channel: 'project.open', payload: { path: '/' }, code: 'FILE_NOT_ALLOWED' },
  {
    name: 'a project where nobody chose',
    channel: 'project.create',
    payload: { name: 'x', path: '/x' },
    code: 'FILE_NOT_ALLOWED',
  },
  {
    name: 'a sample by a path',
    channel: 'project.openSample',
    payload: { sampleId: '../../etc' },
    code: 'SAMPLE_NOT_FOUND',
  },
])('$name is refused with $code', async ({ channel, payload, code }) => {
  expect(await drillEngine().call(channel, payload)).toMatchObject({ ok: false, error: { code } });
});

test('a project is made, listed, closed, opened from the list, forgotten', async () => {
  const engine = drillEngine();
  const project = await engine.ask('project.create', { name: 'Mine: a/b' });
  expect(project).toMatchObject({ name: 'Mine: a/b', isReadOnly: false, notices: [] });
  expect(project.path).toBe(join(engine.home.path, 'Mine_ a_b'));
  expect((await engine.ask('project.create', { name: 'Mine: a/b' })).path).toBe(`${project.path} 2`);
  expect(await engine.ask('project.opened', {})).toHaveLength(2);
  await engine.ask('project.close', { projectId: project.id });
  expect(await engine.ask('project.open', { path: project.path })).toMatchObject({ id: project.id });
  expect(await engine.ask('project.open', { path: `${project.path}/.` })).toMatchObject({ id: project.id });
  await engine.ask('project.forget', { path: project.path });
  expect(await engine.ask('project.recent', {})).toHaveLength(1);
});

test('a second engine gets an open project read-only and may not change it', async () => {
  const first = drillEngine();
  const { path, id: projectId } = await first.ask('project.create', { name: 'Shared' });
  const second = drillEngine({ home: first.home.path });
  expect(await second.ask('project.open', { path })).toMatchObject({
    isReadOnly: true,
    readOnlyReason: expect.stringMatching(/Another Pith/),
  });
  expect(() => second.submit({ projectId, kind: 'explain', title: 'x', input: {} })).toThrow(/looked at/);
  await expect(second.ask('job.clearFinished', { projectId })).rejects.toMatchObject({ code: 'PROJECT_READ_ONLY' });
});

test('runs are tagged, noted, named, put in the trash and back, erased', async () => {
  const engine = drillEngine();
  const { path, id: projectId } = await engine.ask('project.create', { name: 'Runs' });
  const { store } = engine.openOrCreate(path, '');
  const { id: runId } = store.runs.create({
    yaml: '',
    model: 'ridge',
    modelTitle: 'Ridge',
    dataset: 'd',
    target: 'y',
    task: 'auto',
  });
  const ofRun = { projectId, runId };
  await expect(engine.ask('run.trash', ofRun)).rejects.toMatchObject({ code: 'RUN_RUNNING' });
  store.runs.setStatus(runId, 'failed', { code: 'X', message: 'x', isInput: false });
  const told: string[] = [];
  engine.onEvent((event) => told.push(event.type === 'changed' ? event.what : event.type));
  await engine.ask('run.tag', { ...ofRun, tags: ['best'] });
  await engine.ask('run.note', { ...ofRun, note: '<b>note</b>' });
  await engine.ask('run.rename', { ...ofRun, name: 'First' });
  expect(await engine.ask('run.get', ofRun)).toMatchObject({
    tags: ['best'],
    note: '<b>note</b>',
    name: 'First',
    error: { code: 'X' },
  });
  await engine.ask('run.trash', ofRun);
  expect(await engine.ask('run.list', { projectId })).toEqual([]);
  expect(await engine.ask('run.list', { projectId, isTrashed: true })).toHaveLength(1);
  await engine.ask('run.restore', ofRun);
  await engine.ask('run.erase', ofRun);
  expect(await engine.ask('run.list', { projectId })).toEqual([]);
  expect(told).toEqual(Array(6).fill('runs'));
});

test('data files of a lost database are listed again with their columns', async () => {
  const engine = drillEngine();
  const { path, id } = await engine.ask('project.create', { name: 'Lost' });
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const file = join(path, 'data', `${'ab'.repeat(32)}.parquet`);
  await connection.run(
    `COPY (SELECT i::INTEGER AS a, 'x' AS b, i > 1 AS c, i / 2 AS d FROM range(5) t(i)) TO '${file}'`,
  );
  connection.closeSync();
  writeFileSync(join(path, 'data', `${'cd'.repeat(32)}.parquet`), 'no parquet');
  await engine.ask('project.close', { projectId: id });
  writeFileSync(join(path, 'project.db'), 'damaged '.repeat(40));
  const project = await engine.ask('project.open', { path });
  expect(project.notices.join('\n')).toMatch(/damaged[\s\S]*cdcdcd[\s\S]*1 data set was found again/);
  const { store } = engine.openOrCreate(path, '');
  expect(store.datasets.list()).toMatchObject([
    {
      versions: [
        {
          nRows: 5,
          columns: [
            { name: 'a', type: 'integer' },
            { name: 'b', type: 'text' },
            { name: 'c', type: 'boolean' },
            { name: 'd', type: 'number' },
          ],
        },
      ],
    },
  ]);
});

test('the studio tells about itself', async () => {
  const engine = drillEngine({ home: tempDir() });
  const info = await engine.ask('app.info', {});
  expect(info.nodeVersion).toMatch(/^24\./);
  expect(info.executionProviders[0]).toBe('cpu');
  const samples = await engine.ask('app.samples', {});
  expect(samples.map(({ id }) => id)).toEqual(['flights-3m', 'movies', 'penguins', 'iris']);
  for (const { bytes } of samples) expect(bytes).toBeGreaterThan(1000);
});
