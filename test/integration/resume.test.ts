import { spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { RunDetail } from '../../main/contract/run.ts';
import { Engine } from '../../main/jobs/engine.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { isOver, stateOf, until } from '../helpers/engine.ts';
import { tempDir } from '../helpers/tempDir.ts';

const runEngineMain = fileURLToPath(new URL('../helpers/jobs/runEngine.ts', import.meta.url));

const EPOCHS = 300;

/** Two numbers and a label: inside of a ring or not. */
function ring(nRows: number): string {
  const rng = createRng(3);
  const lines = Array.from({ length: nRows }, () => {
    const [a, b] = [rng.normal(), rng.normal()];
    return `${a},${b},${a * a + b * b + 0.3 * rng.normal() > 1.4 ? 'out' : 'in'}`;
  });
  return `a,b,place\n${lines.join('\n')}\n`;
}

const numbersOf = ({ result }: RunDetail) => ({
  metrics: result!.evaluations.map(({ rows, metrics }) => ({ rows, metrics })),
  trials: result!.trials.map(({ params, mean }) => ({ params, mean })),
});

test('a run killed while it trains a network goes on from its checkpoint to the numbers of an undisturbed one', async () => {
  const home = tempDir();
  const file = join(home, 'ring.csv');
  writeFileSync(file, ring(16_000));
  const yaml = `data: {path: ${JSON.stringify(file)}, target: place}
coreset: false
model: {type: neuralNetwork, params: {layers: [32, {type: dropout, rate: 0.1}, 16], epochs: ${EPOCHS}, earlyStopping: false}}
tune: {method: grid, space: {learningRate: [0.003]}, folds: 2, on: full}
`;
  const victim = spawn(process.execPath, [runEngineMain, home, yaml], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void victim.kill('SIGKILL'));
  const told = await new Promise<{ path: string; runId: string; jobId: string }>((resolve) => {
    victim.stdout.once('data', (text) => resolve(JSON.parse(String(text)) as never));
  });
  const checkpoint = join(told.path, 'checkpoints', `${told.runId}.checkpoint`);
  await until(() => existsSync(checkpoint), 60_000);
  victim.kill('SIGKILL');
  await new Promise((resolve) => victim.once('exit', resolve));

  const engine = new Engine({ home, access: { isTrusting: true }, spare: 'none' });
  onTestFinished(() => engine.close());
  const { id: projectId } = await engine.ask('project.open', { path: told.path });
  expect(existsSync(checkpoint)).toBe(true);
  const [job] = await engine.ask('job.list', { projectId });
  expect(job).toMatchObject({ isResumable: true, state: { status: 'interrupted' } });

  const { jobId } = await engine.ask('job.resume', { projectId, jobId: told.jobId });
  expect(await stateOf(engine, jobId, isOver)).toMatchObject({ status: 'done', resultId: told.runId });
  const log = (await engine.ask('job.log', { projectId, jobId })).map(({ text }) => text);
  const after = Number(/Going on after epoch (\d+) of/.exec(log.join('\n'))?.[1]);
  expect(after).toBeGreaterThan(0);
  expect(after).toBeLessThan(EPOCHS);
  expect(readdirSync(join(told.path, 'checkpoints'))).toEqual([]);
  const resumed = await engine.ask('run.get', { projectId, runId: told.runId });

  const fresh = await engine.ask('run.start', { projectId, yaml });
  expect(await stateOf(engine, fresh.jobId, isOver)).toMatchObject({ status: 'done' });
  const whole = await engine.ask('run.get', { projectId, runId: fresh.runId });
  expect(numbersOf(resumed)).toEqual(numbersOf(whole));
  // The curve is whole too: epochs before the interruption are told again.
  const points = await engine.ask('run.series', { projectId, runId: told.runId });
  for (const name of ['loss.train', 'loss.validation', 'metric.accuracy'])
    expect(points.filter(({ series }) => series === name)).toHaveLength(EPOCHS);
}, 180_000);
