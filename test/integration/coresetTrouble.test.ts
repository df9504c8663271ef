import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Engine } from '../../main/jobs/engine.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { isOver, stateOf } from '../helpers/engine.ts';
import { FULL } from '../helpers/jobs/troubledCoreset.ts';
import { tempDir } from '../helpers/tempDir.ts';

const cli = resolve(import.meta.dirname, '../../main/hosts/cli/pith.mjs');

function table(nRows: number, nColumns: number, seed = 3): string {
  const rng = createRng(seed);
  const names = Array.from({ length: nColumns }, (_, j) => `x${j}`);
  const rows = Array.from({ length: nRows }, () => {
    const x = names.map(() => rng.normal());
    return `${x.map((v) => v.toFixed(4)).join(',')},${rng.uniform() < 1 / (1 + Math.exp(-2 * x[0]!)) ? 'good' : 'bad'}`;
  });
  return `${names.join(',')},y\n${rows.join('\n')}\n`;
}

async function engineAt(home: string, extraWork = {}): Promise<Engine> {
  const engine = new Engine({ home, access: { isTrusting: true }, spare: 'none', checksOutput: true, extraWork });
  onTestFinished(() => engine.close());
  return engine;
}

async function opened() {
  const folder = tempDir();
  const coreset = new URL('../helpers/jobs/troubledCoreset.ts', import.meta.url).href;
  const engine = await engineAt(folder, { coreset });
  const project = join(folder, 'p');
  const { id: projectId } = await engine.ask('project.create', { name: 'P', path: project });
  const imported = async (name: string) => {
    const path = join(folder, `${name}.csv`);
    writeFileSync(path, table(1500, 2));
    const { jobId } = await engine.ask('data.import', { projectId, file: { kind: 'path', path }, options: {}, name });
    await stateOf(engine, jobId, isOver);
    return (await engine.ask('data.list', { projectId })).find((d) => d.name === name)!.versions[0]!.id;
  };
  const versionId = await imported('table');
  const build = async (seed: number) => {
    const { jobId } = await engine.ask('coreset.build', { projectId, versionId, target: 'y', size: 200, seed });
    return stateOf(engine, jobId, isOver);
  };
  expect(await build(1)).toMatchObject({ status: 'done' });
  const coresetId = (await engine.ask('coreset.list', { projectId }))[0]!.id;
  const of = { projectId, coresetId };
  // What a person has; not how its file was last written.
  const state = async () => ({
    nodes: (await engine.ask('coreset.info', of)).nodes,
    rows: await engine.ask('coreset.get', { ...of, limit: 1000 }),
    edits: await engine.ask('coreset.edits', of),
    names: (await engine.ask('coreset.list', { projectId })).map(({ name }) => name),
    nFiles: readdirSync(join(project, 'artifacts')).length,
  });
  return { folder, project, engine, projectId, versionId, of, build, imported, state };
}

describe.skipIf(!existsSync('/dev/full'))('a disk that fills up while a coreset job writes', () => {
  test('fails the job with the way out, leaves the old tree and no other, and the next build is as good as any', async () => {
    const { engine, projectId, versionId, of, build, imported, state } = await opened();
    await engine.ask('coreset.update', { ...of, targets: { 5: 'good', 6: 'bad' } });
    const before = await state();
    const full = { status: 'failed', error: { code: 'DISK_FULL', fix: { kind: 'freeSpace' }, isInput: false } };
    expect(await build(FULL.seed)).toMatchObject(full);
    expect(await state()).toEqual(before);

    const settings = [{ size: 100 }, { size: 150 }];
    const compared = await engine.ask('coreset.compare', {
      projectId,
      versionId,
      target: 'y',
      seed: FULL.seed,
      settings,
    });
    expect(await stateOf(engine, compared.jobId, isOver)).toMatchObject(full);
    expect(await state()).toEqual(before);
    expect(await engine.ask('coreset.comparison', { projectId, comparisonId: compared.comparisonId })).toEqual([]);

    const appended = await engine.ask('coreset.append', { ...of, versionId: await imported(FULL.name) });
    expect(await stateOf(engine, appended.jobId, isOver)).toMatchObject(full);
    expect(await state()).toEqual(before);

    expect(await build(2)).toMatchObject({ status: 'done' });
    expect(await engine.ask('coreset.list', { projectId })).toHaveLength(2);
  });
});

test('a tree file whose bytes went wrong stops the job that reads it, and nothing is appended', async () => {
  const { engine, of, imported, state } = await opened();
  const versionId = await imported(FULL.damaged);
  const before = await state();
  const { jobId } = await engine.ask('coreset.append', { ...of, versionId });
  expect(await stateOf(engine, jobId, isOver)).toMatchObject({ status: 'failed', error: { code: 'TREE_DAMAGED' } });
  expect(await state()).toEqual(before);
});

test('jobs about a coreset whose file is damaged are refused before they are queued', async () => {
  const { folder, project, engine, projectId, versionId, of } = await opened();
  await engine.close();
  const folders = join(project, 'artifacts');
  const file = readdirSync(folders, { recursive: true })
    .map((name) => join(folders, String(name)))
    .find((path) => statSync(path).isFile() && readFileSync(path).includes('coresetTree'))!;
  const bytes = readFileSync(file);
  bytes[bytes.length - 100]! ^= 0xff;
  writeFileSync(file, bytes);
  const second = await engineAt(folder);
  await second.ask('project.open', { path: project });
  const nJobs = (await second.ask('job.list', { projectId })).length;
  for (const call of [
    () => second.ask('coreset.append', { ...of, versionId }),
    () => second.ask('coreset.measureFidelity', of),
    () => second.ask('coreset.removeSamples', { ...of, rowIds: [1] }),
  ])
    await expect(call()).rejects.toMatchObject({ code: 'TREE_DAMAGED' });
  expect(await second.ask('job.list', { projectId })).toHaveLength(nJobs);
});

test.skipIf(process.platform === 'win32')(
  'a system that allows no larger file (ulimit -f) leaves the old coreset to the command line',
  () => {
    const folder = tempDir();
    writeFileSync(join(folder, 'table.csv'), table(24_000, 20));
    const env = { ...process.env, PITH_HOME: join(folder, 'home') };
    const pith = (blocks: number | null, ...args: string[]) => {
      const limit = blocks === null ? '' : `ulimit -f ${blocks}; `;
      const line = `${limit}exec "$0" "$@"`;
      const argv = ['-c', line, process.execPath, cli, 'coreset', ...args];
      return spawnSync('bash', argv, { cwd: folder, encoding: 'utf8', env });
    };
    const small = pith(null, 'build', 'table.csv', '--size', '50', '--target', 'y', '--name', 'small');
    expect({ status: small.status, stderr: small.status === 0 ? '' : small.stderr }).toEqual({ status: 0, stderr: '' });
    const before = pith(null, 'get', 'small', '--limit', '1000').stdout;
    // 1 MB: more than the database needs, less than four leaves of 2,500 rows.
    const large = pith(1024, 'build', 'table', '--size', '2500', '--target', 'y', '--name', 'large');
    expect(large.status).toBe(1);
    expect(large.stderr).toContain('larger than this system or disk allows');
    expect(pith(null, 'get', 'small', '--limit', '1000').stdout).toBe(before);
    expect(JSON.parse(pith(null, 'list').stdout)).toHaveLength(1);
  },
);
