import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Engine } from '../../main/jobs/engine.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { isOver, stateOf } from '../helpers/engine.ts';
import { tempDir } from '../helpers/tempDir.ts';

const N_ROWS = 4000;

/** Rows of one day each from `firstDay` on; shuffled when asked. */
function table(seed: number, firstDay: number, isShuffled = false): string {
  const rng = createRng(seed);
  const rows = Array.from({ length: N_ROWS }, (_, i) => {
    const [a, b] = [rng.normal(), rng.normal()];
    const day = new Date((firstDay + i) * 86_400_000).toISOString().slice(0, 10);
    return `${day},${a.toFixed(4)},${b.toFixed(4)},${rng.uniform() < 1 / (1 + Math.exp(-2 * a)) ? 'good' : 'bad'}`;
  });
  if (isShuffled) rows.sort((x, y) => Number(x.slice(-9, -5)) - Number(y.slice(-9, -5)));
  return `day,a,b,y\n${rows.join('\n')}\n`;
}

async function engineAt(folder: string) {
  const engine = new Engine({ home: folder, access: { isTrusting: true }, spare: 'none', checksOutput: true });
  onTestFinished(() => engine.close());
  return engine;
}

async function imported(engine: Engine, projectId: string, folder: string, name: string, text: string) {
  const path = join(folder, `${name}.csv`);
  writeFileSync(path, text);
  const { jobId } = await engine.ask('data.import', { projectId, file: { kind: 'path', path }, options: {}, name });
  expect(await stateOf(engine, jobId, isOver)).toMatchObject({ status: 'done' });
  return (await engine.ask('data.list', { projectId })).find((d) => d.name === name)!.versions[0]!.id;
}

async function opened(more: object = {}, isShuffled = false) {
  const folder = tempDir();
  const engine = await engineAt(folder);
  const { id: projectId } = await engine.ask('project.create', { name: 'P', path: join(folder, 'p') });
  const versionId = await imported(engine, projectId, folder, 'first', table(4, 10_000, isShuffled));
  const built = await engine.ask('coreset.build', {
    projectId,
    versionId,
    target: 'y',
    drop: ['day'],
    size: 300,
    seed: 1,
    ...more,
  });
  expect(await stateOf(engine, built.jobId, isOver)).toMatchObject({ status: 'done' });
  const coresetId = (await engine.ask('coreset.list', { projectId }))[0]!.id;
  return { folder, engine, projectId, of: { projectId, coresetId } };
}

/** The other label of rows as the data has them. */
async function flipsOf(engine: Engine, of: { projectId: string; coresetId: string }, n: number) {
  const { columns, rows, rowIds } = await engine.ask('coreset.get', { ...of, level: 9, limit: n });
  const y = columns.indexOf('y');
  return Object.fromEntries(rowIds.map((id, i) => [id, rows[i]![y] === 'good' ? 'bad' : 'good']));
}

test('edits survive the engine, and come back to the last bit; undo does too', async () => {
  const { folder, engine, projectId, of } = await opened();
  const start = await engine.ask('coreset.get', { ...of, limit: 1000 });
  const flips = await flipsOf(engine, of, 40);
  const ids = Object.keys(flips);
  const states = [start];
  for (const id of ids.slice(0, 5)) {
    const info = await engine.ask('coreset.update', { ...of, targets: { [id]: flips[id]! } });
    expect(info.model!.metrics['logLoss']).toBeGreaterThan(0);
    states.push(await engine.ask('coreset.get', { ...of, limit: 1000 }));
  }
  await engine.ask('coreset.update', { ...of, features: { [ids[7]!]: { a: 5.5 } } });
  await engine.ask('coreset.removeSamples', { ...of, rowIds: [Number(ids[8]), 3999] });
  const end = await engine.ask('coreset.get', { ...of, limit: 1000 });
  const endInfo = await engine.ask('coreset.info', of);

  // A second engine knows only what is on disk: the tree's file is still the one that was built.
  await engine.close();
  const second = await engineAt(folder);
  await second.ask('project.open', { path: join(folder, 'p') });
  expect(await second.ask('coreset.get', { ...of, limit: 1000 })).toEqual(end);
  expect((await second.ask('coreset.info', of)).nRowsCovered).toBe(endInfo.nRowsCovered);
  await second.ask('coreset.undo', of);
  await second.ask('coreset.undo', of);
  for (const state of states.toReversed()) {
    expect(await second.ask('coreset.get', { ...of, limit: 1000 })).toEqual(state);
    if (state !== start) await second.ask('coreset.undo', of);
  }
  await expect(second.ask('coreset.undo', of)).rejects.toMatchObject({ code: 'NOTHING_TO_UNDO' });
  expect(projectId).toBe(of.projectId);
});

test('new rows are appended without reading the old ones, the oldest are dropped, and both are taken back', async () => {
  const { folder, engine, projectId, of } = await opened({ timeColumn: 'day', chunkSize: 500 }, true);
  const start = await engine.ask('coreset.get', { ...of, limit: 1000 });
  const before = await engine.ask('coreset.info', of);
  expect(before.time).toMatchObject({ column: 'day', isTime: true });
  const versionId = await imported(engine, projectId, folder, 'second', table(5, 14_000));
  const { jobId } = await engine.ask('coreset.append', { ...of, versionId });
  expect(await stateOf(engine, jobId, isOver)).toMatchObject({ status: 'done' });
  const after = await engine.ask('coreset.info', of);
  expect(after.nRowsCovered).toBe(2 * N_ROWS);
  expect(after.sources.map(({ offset }) => offset)).toEqual([0, N_ROWS]);
  expect(after.weights.sum / (2 * N_ROWS)).toBeCloseTo(1, 2);
  // Row ids go on behind the old ones, and their cells are those of the new table.
  const rows = await engine.ask('coreset.get', { ...of, limit: 1000 });
  const at = rows.rowIds.findIndex((id) => id >= N_ROWS);
  const lines = table(5, 14_000).split('\n');
  expect(rows.rows[at]![rows.columns.indexOf('a')]).toBe(Number(lines[rows.rowIds[at]! - N_ROWS + 1]!.split(',')[1]));
  // A label of an appended row is corrected like any other.
  await engine.ask('coreset.update', { ...of, targets: { [N_ROWS + 17]: 'good' } });

  // The first table has leaves of 500 days, wherever its rows were in the file; three end before this day.
  const windowed = await engine.ask('coreset.window', { ...of, from: '2002-10-25' });
  expect(windowed.nRowsCovered).toBe(2 * N_ROWS - 1500);
  expect((await engine.ask('coreset.edits', of)).map(({ kind }) => kind)).toEqual([
    'append',
    'updateTargets',
    'window',
  ]);
  await expect(engine.ask('coreset.window', { ...of, from: '2099-01-01' })).rejects.toMatchObject({
    code: 'WINDOW_EMPTY',
  });
  const kept = await engine.ask('coreset.get', { ...of, limit: 1000 });
  const days = kept.rows.map((row) => String(row[kept.columns.indexOf('day')]));
  expect(days.every((day) => day >= '2001-06-27')).toBe(true);
  for (let i = 0; i < 3; i++) await engine.ask('coreset.undo', of);
  expect(await engine.ask('coreset.get', { ...of, limit: 1000 })).toEqual(start);
});

test('a row tells which rows it stands for; growing and comparing', async () => {
  const { engine, projectId, of } = await opened();
  const { rowIds } = await engine.ask('coreset.get', { ...of, limit: 5 });
  const own = await engine.ask('coreset.represents', { ...of, rowId: rowIds[0]!, limit: 10 });
  expect(own).toMatchObject({ keptRowId: rowIds[0], rowId: rowIds[0] });
  expect(own.rows[0]!.rowId).toBe(rowIds[0]);
  const other = own.rows.at(-1)!.rowId;
  const asked = await engine.ask('coreset.represents', { ...of, rowId: other, limit: 10 });
  expect(asked.keptRowId).toBe(rowIds[0]);
  await expect(engine.ask('coreset.represents', { ...of, rowId: 99_999 })).rejects.toMatchObject({
    code: 'ROW_UNKNOWN',
  });

  const grown = await engine.ask('coreset.grow', { ...of, nRows: 100 });
  expect(grown.nRows).toBeGreaterThan(380);
  expect(grown.weights.sum / N_ROWS).toBeCloseTo(1, 2);
  await expect(engine.ask('coreset.grow', { ...of, nRows: 100_000 })).rejects.toMatchObject({ code: 'GROW_NO_ROWS' });
  expect((await engine.ask('coreset.undo', of)).nRows).toBe(300);

  const { versionId } = grown;
  const { jobId, comparisonId } = await engine.ask('coreset.compare', {
    projectId,
    versionId,
    target: 'y',
    drop: ['day'],
    settings: [{ size: 100 }, { size: 300 }, { size: 300, seed: 7 }],
  });
  expect(await stateOf(engine, jobId, isOver)).toMatchObject({ status: 'done' });
  const compared = await engine.ask('coreset.comparison', { projectId, comparisonId });
  expect(compared.map(({ size, seed }) => [size, seed])).toEqual([
    [100, 42],
    [300, 7],
    [300, 42],
  ]);
  for (const { mean, excessLoss } of compared) {
    expect(mean).toBeGreaterThan(0.8);
    expect(excessLoss).toBeLessThan(0.05);
  }
});

test('filters take rows out of every version; seen rows are remembered', async () => {
  const { folder, engine, of } = await opened();
  const filters = [{ column: 'a', op: 'greater' as const, value: 1 }];
  const filtered = await engine.ask('coreset.removeSamples', { ...of, filters });
  const nLeft = readFileSync(join(folder, 'first.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .filter((line) => Number(line.split(',')[1]) <= 1).length;
  expect(filtered.nRowsCovered).toBe(nLeft);
  const { samples } = await engine.ask('coreset.important', { ...of, size: 5 });
  const seen = samples.map(({ rowId }) => rowId);
  await engine.ask('coreset.markSeen', { ...of, rowIds: seen });
  const unseen = await engine.ask('coreset.important', { ...of, size: 5, isUnseenOnly: true });
  expect(unseen.samples.some(({ rowId }) => seen.includes(rowId))).toBe(false);
});
