import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Engine } from '../../main/jobs/engine.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { isOver, isRunning, stateOf } from '../helpers/engine.ts';
import { tempDir } from '../helpers/tempDir.ts';

/** `late` follows from a product, which trees find and a linear model does not. */
function table(nRows: number): string {
  const rng = createRng(8);
  const rows = Array.from({ length: nRows }, () => {
    const [a, b, c] = [rng.normal(), rng.normal(), rng.normal()];
    const odds = 3 * a * b + 0.3 * c;
    return `${a.toFixed(4)},${b.toFixed(4)},${c.toFixed(4)},${['x', 'y', ''][rng.int(3)]!},${rng.uniform() < 1 / (1 + Math.exp(-odds)) ? 'yes' : 'no'}`;
  });
  return `a,b,c,kind,late\n${rows.join('\n')}\n`;
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
  const { jobId } = await engine.ask('config.candidates', { ...about, budgetS: 6 });
  expect(await stateOf(engine, jobId, isOver)).toMatchObject({ status: 'done' });
  const answer = (await engine.ask('config.candidatesAnswer', about))!;
  expect(answer).toMatchObject({ target: 'late', task: 'binary', metric: 'rocAuc', nFolds: 5, nTrain: 4800 });
  expect(answer.candidates.map(({ type }) => type).toSorted()).toEqual([
    'gradientBoosting',
    'logisticRegression',
    'svc',
  ]);
  // On a busy machine the dearest may not fit into the budget; then it says what it would have taken.
  const done = answer.candidates.filter(({ state }) => state === 'done');
  for (const { error, type } of answer.candidates.filter((candidate) => !done.includes(candidate)))
    expect([type, error]).toEqual(['svc', expect.stringMatching(/would take about .* of the budget were left/)]);
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

test('a budget of a second tries the cheapest and says what the others would take; a comparison can be cancelled', async () => {
  const { engine, projectId, about } = await open(12_000);
  const { jobId } = await engine.ask('config.candidates', { ...about, budgetS: 1 });
  expect(await stateOf(engine, jobId, isOver)).toMatchObject({ status: 'done' });
  const { candidates } = (await engine.ask('config.candidatesAnswer', about))!;
  expect(candidates.some(({ state }) => state === 'done')).toBe(true);
  for (const { error } of candidates.filter(({ state }) => state === 'skipped'))
    expect(error).toMatch(/would take about .* of the budget were left/);

  const second = await engine.ask('config.candidates', { ...about, budgetS: 600 });
  await stateOf(engine, second.jobId, isRunning);
  const over = stateOf(engine, second.jobId, isOver);
  await engine.ask('job.cancel', { projectId, jobId: second.jobId });
  expect(await over).toEqual({ status: 'cancelled' });
});
