import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EngineEvent } from '../../main/contract/channels.ts';
import { drillEngine, isOver, isRunning, stateOf, submitDrill, until } from '../helpers/engine.ts';
import type { DrillInput } from '../helpers/jobs/drill.ts';

async function started(options = {}) {
  const engine = drillEngine(options);
  const project = await engine.ask('project.create', { name: 'P' });
  return { engine, project, projectId: project.id };
}

test('a job runs in a process of its own and tells progress, log and the end', async () => {
  const { engine, project, projectId } = await started();
  const events: EngineEvent[] = [];
  engine.onEvent((event) => events.push(event));
  const job = submitDrill(engine, projectId, { what: 'count', steps: 40 });
  const state = await stateOf(engine, job.id, isOver);
  const pid = state.status === 'done' ? Number(state.resultId) : process.pid;
  expect(pid).not.toBe(process.pid);
  const fractions = events
    .filter((event) => event.type === 'job')
    .map(({ job: { state } }) => (state.status === 'running' ? state.fraction : null))
    .filter((fraction) => fraction !== null);
  expect(fractions.length).toBeGreaterThan(2);
  expect(fractions.at(-1)).toBe(1);
  const log = await engine.ask('job.log', { projectId, jobId: job.id });
  expect(log.map(({ text }) => text)).toEqual([`drill count in process ${pid}`]);
  await until(() => !existsSync(join(project.path, 'staging', job.id)));
});

test.each<{ what: DrillInput['what']; code: string; heapMb?: number }>([
  { what: 'fail', code: 'DRILL' },
  { what: 'throwUnknown', code: 'INTERNAL' },
  { what: 'crash', code: 'JOB_CRASHED' },
  { what: 'fillHeap', code: 'OUT_OF_MEMORY', heapMb: 64 },
  { what: 'fillBuffers', code: 'OUT_OF_MEMORY' },
  { what: 'badOutcome', code: 'INTERNAL' },
])('a job that ends by $what costs itself alone', async ({ what, code, heapMb }) => {
  const { engine, projectId } = await started(heapMb ? { heapMb } : {});
  const job = submitDrill(engine, projectId, { what });
  const state = await stateOf(engine, job.id, isOver);
  expect(state).toMatchObject({ status: 'failed', error: { code } });
  // No stack, no path of ours in what the window gets; the engine's log has it.
  expect(JSON.stringify(state)).not.toMatch(/\.ts:|at .*\(/);
  expect(readFileSync(join(engine.home.path, 'logs', 'engine.log'), 'utf8')).toContain(job.id);
  // What commit did before it failed is undone, and the next job runs.
  expect(await engine.ask('job.list', { projectId })).toMatchObject([{ id: job.id, state: { status: 'failed' } }]);
  const next = submitDrill(engine, projectId, { what: 'count' });
  expect(await stateOf(engine, next.id, isOver)).toMatchObject({ status: 'done' });
});

test('a process that has told its end and does not exit is ended', async () => {
  const { engine, projectId } = await started();
  const job = submitDrill(engine, projectId, { what: 'neverExit' });
  expect(await stateOf(engine, job.id, isOver)).toMatchObject({ status: 'done' });
});

test('what a commit wrote before it failed is rolled back', async () => {
  const { engine, projectId } = await started();
  const job = submitDrill(engine, projectId, { what: 'badOutcome' });
  await stateOf(engine, job.id, isOver);
  expect(engine.openOrCreate(join(engine.home.path, 'P'), 'P').store.configs.list()).toEqual([]);
});

test('files of the staging folder become artefacts', async () => {
  const { engine, project, projectId } = await started();
  const job = submitDrill(engine, projectId, { what: 'leaveFile' });
  const state = await stateOf(engine, job.id, isOver);
  const hash = state.status === 'done' ? state.resultId! : '';
  expect(readFileSync(join(project.path, 'artifacts', hash), 'utf8')).toBe('scratch');
});

describe('cancel', () => {
  test('asks, and a job that listens stops at once', async () => {
    const { engine, projectId } = await started({ cancelGraceMs: 60_000 });
    const job = submitDrill(engine, projectId, { what: 'count', steps: 100_000 });
    await stateOf(engine, job.id, (state) => state.status === 'running' && state.fraction !== null);
    const cancelling = stateOf(engine, job.id, (state) => state.status === 'running' && state.isCancelling);
    const over = stateOf(engine, job.id, isOver);
    await engine.ask('job.cancel', { projectId, jobId: job.id });
    await cancelling;
    expect(await over).toEqual({ status: 'cancelled' });
  });

  test('kills one that does not listen, after the time of grace', async () => {
    const { engine, projectId } = await started({ cancelGraceMs: 400 });
    const job = submitDrill(engine, projectId, { what: 'deaf' });
    await stateOf(engine, job.id, isRunning);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const over = stateOf(engine, job.id, isOver);
    const askedAt = performance.now();
    await engine.ask('job.cancel', { projectId, jobId: job.id });
    expect(await over).toEqual({ status: 'cancelled' });
    const waited = performance.now() - askedAt;
    expect(waited).toBeGreaterThan(350);
    expect(waited).toBeLessThan(2500);
  });

  test('a job that still waits never starts', async () => {
    const { engine, projectId } = await started({ concurrency: { heavy: 1, light: 1 } });
    const first = submitDrill(engine, projectId, { what: 'count', steps: 30 });
    const second = submitDrill(engine, projectId, { what: 'count' });
    await stateOf(engine, first.id, isRunning);
    const over = stateOf(engine, second.id, isOver);
    await engine.ask('job.cancel', { projectId, jobId: second.id });
    expect(await over).toEqual({ status: 'cancelled' });
    await stateOf(engine, first.id, isOver);
    const jobs = await engine.ask('job.list', { projectId });
    expect(jobs.find(({ id }) => id === second.id)?.startedAt).toBeNull();
  });
});

test('a job whose row is gone, erased or rolled back, is passed over', async () => {
  const { engine, project, projectId } = await started();
  const { store } = engine.openOrCreate(project.path, '');
  expect(() =>
    store.transaction(() => {
      submitDrill(engine, projectId, { what: 'count' });
      throw new Error('rolled back');
    }),
  ).toThrow('rolled back');
  const run = store.runs.create({ yaml: '', model: '', modelTitle: '', dataset: '', target: '', task: '' });
  const erased = submitDrill(engine, projectId, { what: 'count', steps: 20 }, { runId: run.id });
  await stateOf(engine, erased.id, isRunning);
  store.runs.erase(run.id);
  const last = submitDrill(engine, projectId, { what: 'count', steps: 60 });
  expect(await stateOf(engine, last.id, isOver)).toMatchObject({ status: 'done' });
  expect(await engine.ask('job.list', { projectId })).toMatchObject([{ id: last.id }]);
});

test('no more jobs run at a time than allowed, and all of them in the end', async () => {
  const { engine, projectId } = await started({ concurrency: { heavy: 1, light: 2 } });
  const running = new Set<string>();
  let most = 0;
  engine.onEvent((event) => {
    if (event.type !== 'job') return;
    if (event.job.state.status === 'running') running.add(event.job.id);
    else running.delete(event.job.id);
    most = Math.max(most, running.size);
  });
  const jobs = Array.from({ length: 5 }, () => submitDrill(engine, projectId, { what: 'count', steps: 10 }));
  const states = await Promise.all(jobs.map(({ id }) => stateOf(engine, id, isOver)));
  expect(states.map(({ status }) => status)).toEqual(Array(5).fill('done'));
  expect(most).toBe(2);
});

test('closing the engine interrupts what runs; opening again shows it and resumes it', async () => {
  const { engine, project, projectId } = await started();
  const job = submitDrill(engine, projectId, { what: 'count', steps: 100_000 }, { isResumable: true });
  await stateOf(engine, job.id, isRunning);
  await expect(engine.ask('project.close', { projectId })).rejects.toMatchObject({ code: 'JOBS_RUNNING' });
  await engine.close();

  const later = drillEngine({ home: engine.home.path });
  await later.ask('project.open', { path: project.path });
  const [found] = await later.ask('job.list', { projectId });
  expect(found).toMatchObject({ id: job.id, state: { status: 'interrupted' }, isResumable: true });
  const { jobId } = await later.ask('job.resume', { projectId, jobId: job.id });
  await stateOf(later, jobId, isRunning);
  await expect(later.ask('job.resume', { projectId, jobId: job.id })).rejects.toMatchObject({ code: 'NOT_RESUMABLE' });
  const over = stateOf(later, jobId, isOver);
  await later.ask('job.cancel', { projectId, jobId });
  await over;
});

test('a warm process starts a job at once', async () => {
  const { engine, projectId } = await started({ spare: 'keep' });
  engine.forkSpare();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const at = performance.now();
  const job = submitDrill(engine, projectId, { what: 'count', steps: 1 });
  await new Promise<void>((resolve) => {
    engine.onEvent((event) => {
      if (event.type === 'jobLog' && event.jobId === job.id) resolve();
    });
  });
  // The job itself has spoken. Measured 15–30 ms; the bound is for a busy test machine.
  expect(performance.now() - at).toBeLessThan(250);
});
