import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
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

test('a year that many rows share is passed over for the order of the file', async () => {
  const [header, ...rows] = drifting(false).trim().split('\n');
  const dated = rows.map((row, i) => `${2010 + Math.floor((5 * i) / rows.length)},${row}`);
  expect(await warningsOf(`year,${header}\n${dated.join('\n')}\n`, '')).toMatch(/would flatter.*rowOrder/);
});

test('a split in time and rows in no order raise no such alarm', async () => {
  expect(await warningsOf(drifting(false), 'split: {time: rowOrder}\n')).not.toMatch(/would flatter/);
  expect(await warningsOf(drifting(true), '')).not.toMatch(/would flatter/);
});

/** `n` rows of a number, a category of `nLevels` levels and a label. */
function labelled(n: number, nLevels: number, labelOf: (i: number) => string): string {
  const rng = createRng(5);
  const rows = Array.from({ length: n }, (_, i) => `${rng.normal().toFixed(3)},level${i % nLevels},${labelOf(i)}`);
  return `size,kind,label\n${rows.join('\n')}\n`;
}

const twoLabels = (i: number): string => (i % 3 === 0 ? 'yes' : 'no');

describe('a run on input it cannot learn from says what, and a way out', () => {
  test.each([
    {
      name: 'a target with one class',
      csv: labelled(60, 3, () => 'yes'),
      yaml: 'model: {type: gradientBoosting}',
      error: { code: 'TARGET_CONSTANT', message: /"label" has one value only/ },
    },
    {
      name: 'a monotone constraint on a category',
      csv: labelled(120, 3, twoLabels),
      yaml: 'model: {type: gradientBoosting, params: {monotonicConstraints: {kind: 1}}}',
      error: { code: 'MONOTONE_ON_CATEGORY', message: /"kind" is a category/ },
    },
    {
      name: 'a monotone constraint on a column there is not',
      csv: labelled(120, 3, twoLabels),
      yaml: 'model: {type: gradientBoosting, params: {monotonicConstraints: {sise: 1}}}',
      error: { code: 'PARAM_OUT_OF_RANGE', message: /"sise".*size, kind/ },
    },
    {
      name: 'more than 65,535 categories for a model of trees',
      csv: labelled(210_000, 70_000, twoLabels),
      yaml: 'preprocess: {maxLevels: 100000}\nmodel: {type: gradientBoosting}',
      error: { code: 'TOO_MANY_CATEGORIES', message: /"kind" has more than 65,535 categories/ },
    },
    {
      name: 'more than 65,535 one-hot columns',
      csv: labelled(210_000, 70_000, twoLabels),
      yaml: 'preprocess: {maxLevels: 100000}\nmodel: {type: logisticRegression}',
      error: { code: 'TOO_MANY_CATEGORIES', message: /\d\d,\d\d\d columns, most of them of "kind"/ },
    },
  ])('$name', async ({ csv, yaml, error }) => {
    const folder = tempDir();
    const engine = new Engine({ home: folder, access: { isTrusting: true }, spare: 'none', checksOutput: true });
    onTestFinished(() => engine.close());
    const { id: projectId } = await engine.ask('project.create', { name: 'Bad', path: join(folder, 'bad') });
    const file = join(folder, 'bad.csv');
    writeFileSync(file, csv);
    const { runId, jobId } = await engine.ask('run.start', {
      projectId,
      yaml: `data: {path: ${JSON.stringify(file)}, target: label}\ncoreset: false\n${yaml}\n`,
    });
    const state = await stateOf(engine, jobId, isOver);
    expect(state).toMatchObject({
      status: 'failed',
      error: { code: error.code, isInput: true, message: expect.stringMatching(error.message) as string },
    });
    expect(state.status === 'failed' && state.error.fix?.label).toMatch(/./);
    // The record of the attempt stays, without a model.
    expect((await engine.ask('run.get', { projectId, runId })).result).toBeNull();
  });

  test.each([
    { params: 'learningRate: -3', want: /line 6: learningRate must be a number greater than 0 and at most 1, not -3/ },
    {
      params: 'maxBins: 100000',
      want: /line 6: maxBins must be a whole number at least 2 and at most 255, not 100000/,
    },
    { params: 'nTrees: 10', want: /line 6: Gradient boosting has no parameter "nTrees". There are: maxIter/ },
  ])('$params: the parameter, its range and the line are named', async ({ params, want }) => {
    const folder = tempDir();
    const engine = new Engine({ home: folder, access: { isTrusting: true }, spare: 'none', checksOutput: true });
    onTestFinished(() => engine.close());
    const { id: projectId } = await engine.ask('project.create', { name: 'Bad', path: join(folder, 'bad') });
    const yaml = `data: {path: x.csv, target: label}\ncoreset: false\nmodel:\n  type: gradientBoosting\n  params:\n    ${params}\n`;
    await expect(engine.ask('run.start', { projectId, yaml })).rejects.toMatchObject({
      isInput: true,
      message: expect.stringMatching(want) as string,
    });
  });
});

// Root may write everywhere, so as root the attempt is made by another user.
const isRoot = process.getuid?.() === 0;
test.skipIf(process.platform === 'win32')(
  'a run in a folder that cannot be written to names it, and another way',
  () => {
    const [home, folder] = [tempDir(), tempDir()];
    chmodSync(home, 0o777);
    writeFileSync(join(folder, 'rows.csv'), labelled(60, 3, twoLabels));
    writeFileSync(join(folder, 'run.yaml'), 'data: {path: rows.csv, target: label}\nmodel: {type: decisionTree}\n');
    chmodSync(folder, 0o555);
    try {
      const cli = fileURLToPath(new URL('../../main/hosts/cli/pith.mjs', import.meta.url));
      const { status, stderr } = spawnSync(process.execPath, [cli, 'run', 'run.yaml'], {
        cwd: folder,
        encoding: 'utf8',
        ...(isRoot && { uid: 65534, gid: 65534 }),
        env: { PITH_HOME: home },
      });
      expect({ status, stderr }).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/cannot be written to.*\n.*--project DIR/) as string,
      });
      expect(readdirSync(folder).toSorted()).toEqual(['rows.csv', 'run.yaml']);
    } finally {
      chmodSync(folder, 0o755);
    }
  },
);
