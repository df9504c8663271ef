import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Engine } from '../../main/jobs/engine.ts';
import { work } from '../../main/jobs/kinds/coreset/work.ts';
import { pack, unpack } from '../../main/kernels/pack.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { quietTask } from '../../main/kernels/task.ts';
import { isOver, stateOf } from '../helpers/engine.ts';
import { tempDir } from '../helpers/tempDir.ts';

function table(): string {
  const rng = createRng(3);
  const rows = Array.from({ length: 1500 }, () => {
    const a = rng.normal();
    return `${a.toFixed(4)},${rng.normal().toFixed(4)},${rng.uniform() < 1 / (1 + Math.exp(-2 * a)) ? 'good' : 'bad'}`;
  });
  return `a,b,y\n${rows.join('\n')}\n`;
}

async function engineAt(folder: string) {
  const engine = new Engine({ home: folder, access: { isTrusting: true }, spare: 'none', checksOutput: true });
  onTestFinished(() => engine.close());
  return engine;
}

async function opened() {
  const folder = tempDir();
  const engine = await engineAt(folder);
  const project = join(folder, 'p');
  const { id: projectId } = await engine.ask('project.create', { name: 'P', path: project });
  const path = join(folder, 'table.csv');
  writeFileSync(path, table());
  const { jobId } = await engine.ask('data.import', { projectId, file: { kind: 'path', path }, options: {} });
  await stateOf(engine, jobId, isOver);
  const versionId = (await engine.ask('data.list', { projectId }))[0]!.versions[0]!.id;
  const build = async () => {
    const built = await engine.ask('coreset.build', { projectId, versionId, target: 'y', size: 200, seed: 1 });
    return stateOf(engine, built.jobId, isOver);
  };
  expect(await build()).toMatchObject({ status: 'done' });
  const coresetId = (await engine.ask('coreset.list', { projectId }))[0]!.id;
  return { folder, project, engine, versionId, projectId, of: { projectId, coresetId } };
}

test('an edit that names what there is not changes nothing, and says which', async () => {
  const { engine, of } = await opened();
  const before = await engine.ask('coreset.get', { ...of, limit: 1000 });
  const edits = [
    { call: { targets: { 5: 'good', 99_999: 'bad' } }, code: 'EDIT_ROWS_UNKNOWN', says: '99999' },
    { call: { targets: { 5: 'good', 6: 'ugly' } }, code: 'EDIT_LABELS_UNKNOWN', says: '"ugly" (row 6)' },
    { call: { targets: { six: 'good' } }, code: 'EDIT_ROWS_UNKNOWN', says: '"six"' },
    { call: { features: { 5: { c: 1 } } }, code: 'EDIT_COLUMNS_UNKNOWN', says: '"c"' },
    { call: {}, code: 'EDIT_EMPTY', says: 'no rows' },
    // The first of two edits is possible, the second is not: neither is made.
    { call: { targets: { 5: 'good' }, features: { 99_999: { a: 1 } } }, code: 'EDIT_ROWS_UNKNOWN', says: '99999' },
  ];
  for (const { call, code, says } of edits) {
    await expect(engine.ask('coreset.update', { ...of, ...call })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(says) as string,
    });
  }
  await expect(engine.ask('coreset.removeSamples', { ...of, rowIds: [1, 77_777] })).rejects.toMatchObject({
    code: 'EDIT_ROWS_UNKNOWN',
    message: expect.stringContaining('77777') as string,
  });
  await expect(engine.ask('coreset.window', { ...of, keep: 1 })).rejects.toMatchObject({ code: 'WINDOW_NEEDS_TIME' });
  expect(await engine.ask('coreset.edits', of)).toEqual([]);
  expect(await engine.ask('coreset.get', { ...of, limit: 1000 })).toEqual(before);
});

test('rows that do not fit are not appended', async () => {
  const { folder, engine, projectId, of } = await opened();
  const before = await engine.ask('coreset.get', { ...of, limit: 1000 });
  const tables = [
    { name: 'lacks', text: 'a,y\n1,good\n2,bad\n', code: 'APPEND_DIFFERS', says: 'b' },
    { name: 'strange', text: 'a,b,y\n1,2,good\n2,1,ugly\n', code: 'APPEND_CLASS_UNKNOWN', says: '"ugly"' },
  ];
  for (const { name, text, code, says } of tables) {
    const path = join(folder, `${name}.csv`);
    writeFileSync(path, text);
    const imported = await engine.ask('data.import', { projectId, file: { kind: 'path', path }, options: {}, name });
    await stateOf(engine, imported.jobId, isOver);
    const versionId = (await engine.ask('data.list', { projectId })).find((d) => d.name === name)!.versions[0]!.id;
    const { jobId } = await engine.ask('coreset.append', { ...of, versionId });
    expect(await stateOf(engine, jobId, isOver)).toMatchObject({
      status: 'failed',
      error: { code, message: expect.stringContaining(says) as string },
    });
  }
  expect(await engine.ask('coreset.get', { ...of, limit: 1000 })).toEqual(before);
});

/** The file of the tree among the artefacts: the only pack that says it is one. */
function treeFile(project: string): string {
  const folder = join(project, 'artifacts');
  const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  return files.filter((file) => statSync(file).isFile()).find((file) => readFileSync(file).includes('coresetTree'))!;
}

test.each([
  {
    name: 'damaged',
    code: 'TREE_DAMAGED',
    spoil: (bytes: Buffer) => {
      bytes[bytes.length - 100]! ^= 0xff;
      return bytes;
    },
  },
  { name: 'cut short', code: 'TREE_DAMAGED', spoil: (bytes: Buffer) => bytes.subarray(0, bytes.length / 2) },
  {
    name: 'of another version',
    code: 'TREE_VERSION',
    spoil: (bytes: Buffer) => {
      const { json, arrays } = unpack(bytes);
      return pack({ ...(json as object), version: 99 }, arrays);
    },
  },
])('a tree file that is $name is said to be', async ({ code, spoil }) => {
  const { folder, project, engine, of } = await opened();
  await engine.close();
  const file = treeFile(project);
  writeFileSync(file, spoil(readFileSync(file)));
  const second = await engineAt(folder);
  await second.ask('project.open', { path: project });
  await expect(second.ask('coreset.info', of)).rejects.toMatchObject({ code });
  // The list and the rest of the project go on.
  expect(await second.ask('coreset.list', { projectId: of.projectId })).toHaveLength(1);
});

test.skipIf(!existsSync('/dev/full'))(
  'a disk that fills up in the middle of a build leaves the old tree as it was',
  async () => {
    const { folder, project, engine, of } = await opened();
    const before = await engine.ask('coreset.get', { ...of, limit: 1000 });
    const stagingDir = join(folder, 'staging');
    mkdirSync(stagingDir);
    // Writing to this device fails as a full disk does.
    symlinkSync('/dev/full', join(stagingDir, 'tree.pith'));
    const data = join(project, 'data');
    const file = join(
      data,
      readdirSync(data).find((name) => name.endsWith('.parquet'))!,
    );
    const context = {
      ...quietTask,
      jobId: 'job_full',
      projectPath: project,
      dataDir: data,
      artefactsDir: join(project, 'artifacts'),
      stagingDir,
      checkpointFile: join(folder, 'full.checkpoint'),
      threads: 1,
      finding: () => {},
    };
    const input = {
      what: 'build',
      versionId: 'ver',
      file,
      name: 'n',
      service: 'auto',
      target: 'y',
      drop: [],
      size: 100,
      seed: 2,
    } as const;
    await expect(work.work(input, context)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await engine.ask('coreset.get', { ...of, limit: 1000 })).toEqual(before);
    expect(await engine.ask('coreset.list', { projectId: of.projectId })).toHaveLength(1);
  },
);
