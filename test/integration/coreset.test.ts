import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Engine } from '../../main/jobs/engine.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { isOver, stateOf } from '../helpers/engine.ts';
import { tempDir } from '../helpers/tempDir.ts';

const N_ROWS = 4000;

function table(): string {
  const rng = createRng(4);
  const rows = Array.from({ length: N_ROWS }, () => {
    const [a, b] = [rng.normal(), rng.normal() ** 3];
    const group = ['x', 'y', 'z'][rng.int(3)]!;
    const odds = a + 0.3 * b + (group === 'x' ? 0.8 : 0) - 1;
    return `${a.toFixed(4)},${b.toFixed(4)},${group},${rng.uniform() < 1 / (1 + Math.exp(-odds)) ? 'good' : 'bad'}`;
  });
  return `a,b,group,y\n${rows.join('\n')}\n`;
}

async function opened() {
  const folder = tempDir();
  const engine = new Engine({ home: folder, access: { isTrusting: true }, spare: 'none', checksOutput: true });
  onTestFinished(() => engine.close());
  const { id: projectId } = await engine.ask('project.create', { name: 'P', path: join(folder, 'p') });
  const path = join(folder, 'table.csv');
  writeFileSync(path, table());
  const imported = await engine.ask('data.import', { projectId, file: { kind: 'path', path }, options: {} });
  await stateOf(engine, imported.jobId, isOver);
  const versionId = (await engine.ask('data.list', { projectId }))[0]!.versions[0]!.id;
  const built = await engine.ask('coreset.build', { projectId, versionId, target: 'y', size: 300, seed: 1 });
  expect(await stateOf(engine, built.jobId, isOver)).toMatchObject({ status: 'done' });
  const coresetId = (await engine.ask('coreset.list', { projectId }))[0]!.id;
  return { engine, projectId, coresetId };
}

test('a coreset is built, looked at, edited and undone; its gap to all rows is measured', async () => {
  const { engine, projectId, coresetId } = await opened();
  const of = { projectId, coresetId };
  const info = await engine.ask('coreset.info', of);
  expect(info).toMatchObject({ service: 'logistic', target: 'y', nRows: 300, nRowsCovered: N_ROWS });
  expect(info.weights.sum / N_ROWS).toBeCloseTo(1, 2);
  expect(info.excessLoss).toBeLessThan(0.005);
  const deeper = await engine.ask('coreset.get', { ...of, level: 1 });
  expect(deeper.nRows).toBeGreaterThan(400);

  const important = await engine.ask('coreset.important', { ...of, size: 20 });
  expect(important.samples).toHaveLength(20);
  const wrong = important.samples[0]!;
  const flipped = wrong.label === 'good' ? 'bad' : 'good';
  const before = await engine.ask('coreset.get', of);
  await engine.ask('coreset.update', { ...of, targets: { [wrong.rowId]: flipped } });
  expect(await engine.ask('coreset.edits', of)).toHaveLength(1);
  await engine.ask('coreset.removeSamples', { ...of, rowIds: [before.rowIds[0]!, before.rowIds[1]!] });
  expect(await engine.ask('coreset.edits', of)).toHaveLength(2);
  await engine.ask('coreset.undo', of);
  await engine.ask('coreset.undo', of);
  expect(await engine.ask('coreset.edits', of)).toEqual([]);
  expect(await engine.ask('coreset.get', of)).toEqual(before);
  await expect(engine.ask('coreset.update', { ...of, targets: { [wrong.rowId]: 'ugly' } })).rejects.toMatchObject({
    isInput: true,
  });

  expect(await engine.ask('coreset.fidelity', of)).toBeNull();
  const { jobId } = await engine.ask('coreset.measureFidelity', { ...of, sizes: [150, 300], nDraws: 3 });
  expect(await stateOf(engine, jobId, isOver)).toMatchObject({ status: 'done' });
  const curve = (await engine.ask('coreset.fidelity', of))!;
  expect(curve.nValidation).toBe(800);
  const at = (sample: string, size: number) => curve.points.find((p) => p.sample === sample && p.size === size)!;
  expect(at('coreset', 300).excessLoss.median).toBeLessThan(0.1 * at('uniform', 300).excessLoss.median);
  expect(Object.keys(at('coreset', 300).gaps)).toContain('rocAuc');
  expect(curve.advice[0]).toMatch(/300 rows are within .* of all rows/);
});
