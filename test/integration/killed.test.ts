import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { drillEngine, drillEngineMain, drillModule, isAlive, isOver, stateOf, until } from '../helpers/engine.ts';
import type { DrillInput } from '../helpers/jobs/drill.ts';
import { tempDir } from '../helpers/tempDir.ts';

interface Told {
  path: string;
  runningId: string;
  queuedId: string;
  workerPid: number;
}

/** A real engine that runs a drill, killed like by `kill -9` once the drill has spoken. */
async function killedEngine(what: DrillInput['what']): Promise<Told & { home: string }> {
  const home = tempDir();
  const victim = spawn(process.execPath, [drillEngineMain, home, drillModule, what], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const told = await new Promise<Told>((resolve) => {
    victim.stdout.once('data', (text) => resolve(JSON.parse(String(text)) as Told));
  });
  expect(isAlive(told.workerPid)).toBe(true);
  victim.kill('SIGKILL');
  await new Promise((resolve) => victim.once('exit', resolve));
  await until(() => !isAlive(told.workerPid));
  return { ...told, home };
}

test('a job process that never yields dies with its engine too', async () => {
  expect(isAlive((await killedEngine('deaf')).workerPid)).toBe(false);
});

test('after kill -9 of the engine its job process exits, and the state is right again', async () => {
  const { home, ...told } = await killedEngine('count');
  expect(existsSync(join(told.path, 'staging', told.runningId))).toBe(true);

  const engine = drillEngine({ home });
  const project = await engine.ask('project.open', { path: told.path });
  expect(project).toMatchObject({
    isReadOnly: false,
    notices: [expect.stringMatching(/not finished: running, queued 0/)],
  });
  expect(readdirSync(join(told.path, 'staging'))).toEqual([]);
  const jobs = await engine.ask('job.list', { projectId: project.id });
  expect(jobs.map(({ state }) => state.status)).toEqual(Array(4).fill('interrupted'));
  // The one that ran was said to be resumable; the one that never began always is.
  for (const jobId of [told.runningId, told.queuedId]) {
    const again = await engine.ask('job.resume', { projectId: project.id, jobId });
    const over = stateOf(engine, again.jobId, isOver);
    await engine.ask('job.cancel', { projectId: project.id, jobId: again.jobId });
    expect(await over).toEqual({ status: 'cancelled' });
  }
});
