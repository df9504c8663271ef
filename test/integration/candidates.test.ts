import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Engine } from '../../main/jobs/engine.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { isOver, isRunning, stateOf } from '../helpers/engine.ts';
import { tempDir } from '../helpers/tempDir.ts';

/**
 * `late` follows from a product, which trees find and a linear model does not. More columns are categories than numbers, so
 * that no kernel machine is tried, which takes most of the time of a comparison.
 */
function table(nRows: number): string {
  const rng = createRng(8);
  const rows = Array.from({ length: nRows }, () => {
    const [a, b, c] = [rng.normal(), rng.normal(), rng.normal()];
    const odds = 3 * a * b + 0.3 * c;
    const kinds = Array.from({ length: 4 }, () => ['x', 'y', ''][rng.int(3)]!);
    const late = rng.uniform() < 1 / (1 + Math.exp(-odds)) ? 'yes' : 'no';
    return [a.toFixed(4), b.toFixed(4), c.toFixed(4), ...kinds, late].join(',');
  });
  return `a,b,c,kind,line,side,sort,late\n${rows.join('\n')}\n`;
}

async function open(nRows: number) {
  const folder = tempDir();
  const engine = new Engine({ home: folder, access: { isTrusting: true }, spare: 'none', checksOutput: true });
  onTestFinished(() => engine.close());
  const { id: projectId } = await engine.ask('project.create', { name: 'P', path: join(folder, 'p') });
  const path = join(folder, 'trips.csv');
  writeFileSync(path, table(nRows));
  const imported = await engine.ask('data.import', { projectId, file: { kind: 'path', path }, options: {} });
  expect(await stateOf(engine, imported.jobId, isOver)).toMatchObject({ status: 'done' });
  const [dataset] = await engine.ask('data.list', { projectId });
  const about = { projectId, versionId: dataset!.versions[0]!.id, target: 'late' };
  return { engine, projectId, about };
}

test('candidates are compared on the same rows, and the winner is a run that does as well', async () => {
  const { engine, projectId, about } = await open(6000);
  expect(await engine.ask('config.candidatesAnswer', about)).toBeNull();
  // More than any machine needs: what is skipped when time is short is tested with a budget that is used up at once.
  const { jobId } = await engine.ask('config.candidates', { ...about, budgetS: 3600 });
  expect(await stateOf(engine, jobId, isOver)).toMatchObject({ status: 'done' });
  const answer = (await engine.ask('config.candidatesAnswer', about))!;
  expect(answer).toMatchObject({ target: 'late', task: 'binary', metric: 'rocAuc', nFolds: 5, nTrain: 4800 });
  expect(answer.candidates.map(({ type }) => type).toSorted()).toEqual([
    'gradientBoosting',
    'logisticRegression',
    'randomForest',
  ]);
  const done = answer.candidates;
  expect(done.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  const [best, ...others] = done;
  expect(best!.score!.mean).toBeGreaterThan(0.8);
  const linear = done.find(({ type }) => type === 'logisticRegression')!;
  expect(linear).toBe(others.at(-1));
  expect(linear.gapToBest!.high).toBeLessThan(-0.1);
  for (const { nFitRows, estimate, foldScores, nTrials } of done) {
    expect(nFitRows).toBeLessThan(2000);
    expect(estimate!.fullFitS).toBeGreaterThan(0);
    expect(foldScores).toHaveLength(5);
    expect(nTrials).toBeGreaterThan(0);
  }
  const started = await engine.ask('run.start', { projectId, yaml: best!.yaml });
  expect(await stateOf(engine, started.jobId, isOver)).toMatchObject({ status: 'done' });
  const run = await engine.ask('run.get', { projectId, runId: started.runId });
  expect(run.model).toBe(best!.type);
  // Nothing is left to search, so a coreset would be an extra cost.
  expect(run.result!.coresetChoice).toMatchObject({ uses: 'allRows' });
  expect(run.fullMetric!.value).toBeGreaterThan(best!.score!.low - 0.02);
});

test('a comparison can be cancelled', async () => {
  const { engine, projectId, about } = await open(12_000);
  const { jobId } = await engine.ask('config.candidates', { ...about, budgetS: 600 });
  await stateOf(engine, jobId, isRunning);
  const over = stateOf(engine, jobId, isOver);
  await engine.ask('job.cancel', { projectId, jobId });
  expect(await over).toEqual({ status: 'cancelled' });
});
