import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { EngineEvent } from '../../main/contract/channels.ts';
import type { Job, JobState } from '../../main/contract/jobs.ts';
import { Engine, type EngineOptions } from '../../main/jobs/engine.ts';
import { commit, type DrillInput } from './jobs/drill.ts';
import { tempDir } from './tempDir.ts';

export const drillModule = new URL('./jobs/drill.ts', import.meta.url).href;
export const drillEngineMain = fileURLToPath(new URL('./jobs/drillEngine.ts', import.meta.url));

/** An engine with a home of its own whose `explain` jobs are drills; closed when the test ends. */
export function drillEngine(options: EngineOptions = {}): Engine {
  const engine = new Engine({
    home: tempDir(),
    extraWork: { explain: drillModule },
    extraCommits: [commit as never],
    checksOutput: true,
    spare: 'none',
    ...options,
  });
  onTestFinished(() => engine.close());
  return engine;
}

export function submitDrill(engine: Engine, projectId: string, input: DrillInput, more: object = {}): Job {
  return engine.submit({ projectId, kind: 'explain', title: input.what, input, ...more });
}

/** Resolves with the first state of the job that `test` accepts. */
export function stateOf(engine: Engine, jobId: string, test: (state: JobState) => boolean): Promise<JobState> {
  return new Promise((resolve) => {
    const stop = engine.onEvent((event: EngineEvent) => {
      if (event.type !== 'job' || event.job.id !== jobId || !test(event.job.state)) return;
      stop();
      resolve(event.job.state);
    });
  });
}

export const isOver = ({ status }: JobState): boolean => status !== 'queued' && status !== 'running';
export const isRunning = ({ status }: JobState): boolean => status === 'running';

/** True while a process of this id lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until `test` holds; throws after `timeoutMs`. */
export async function until(test: () => boolean, timeoutMs = 10_000): Promise<void> {
  const stopAt = performance.now() + timeoutMs;
  while (!test()) {
    if (performance.now() > stopAt) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
