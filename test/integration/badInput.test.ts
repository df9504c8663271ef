import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Engine } from '../../main/jobs/engine.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { isOver, stateOf } from '../helpers/engine.ts';
import { tempDir } from '../helpers/tempDir.ts';

/** Rows of a feature that drifts and a class that comes in stretches of 60 rows; in order, or shuffled. */
function drifting(isShuffled: boolean): string {
  const rng = createRng(3);
  const rows: string[] = [];
  for (let i = 0, kind = 0; i < 1800; i++) {
    if (i % 60 === 0) kind = rng.int(2);
    rows.push(`${(isShuffled ? kind + 2 * rng.uniform() : i / 30 + rng.uniform()).toFixed(3)},${kind ? 'up' : 'down'}`);
  }
  if (isShuffled) rows.sort(() => rng.uniform() - 0.5);
  return `level,class\n${rows.join('\n')}\n`;
}

async function warningsOf(csv: string, split: string): Promise<string> {
  const folder = tempDir();
  const engine = new Engine({ home: folder, access: { isTrusting: true }, spare: 'none', checksOutput: true });
  onTestFinished(() => engine.close());
  const { id: projectId } = await engine.ask('project.create', { name: 'Drift', path: join(folder, 'drift') });
  const file = join(folder, 'drift.csv');
  writeFileSync(file, csv);
  const yaml = `data: {path: ${JSON.stringify(file)}, target: class}\ncoreset: false\nmodel: {type: decisionTree}\n${split}`;
  const { runId, jobId } = await engine.ask('run.start', { projectId, yaml });
  expect(await stateOf(engine, jobId, isOver)).toMatchObject({ status: 'done' });
  return JSON.stringify(await engine.ask('run.get', { projectId, runId }));
}

test('a run says when a random split flatters, and which split is honest', async () => {
  expect(await warningsOf(drifting(false), '')).toMatch(/random split would flatter.*rowOrder/);
});

test('a split in time and rows in no order raise no such alarm', async () => {
  expect(await warningsOf(drifting(false), 'split: {time: rowOrder}\n')).not.toMatch(/would flatter/);
  expect(await warningsOf(drifting(true), '')).not.toMatch(/would flatter/);
});
