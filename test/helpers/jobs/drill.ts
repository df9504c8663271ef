import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../main/contract/errors.ts';
import type { JobCommit, JobKindHandler } from '../../../main/jobs/handlers.ts';

/** A real small job for the tests of job mechanics; `what` says how it behaves. */
export interface DrillInput {
  readonly what:
    | 'count'
    | 'deaf'
    | 'fail'
    | 'throwUnknown'
    | 'crash'
    | 'fillHeap'
    | 'fillBuffers'
    | 'leaveFile'
    | 'badOutcome'
    | 'neverExit';
  /** `count`: steps of 10 ms. */
  readonly steps?: number;
}

export interface DrillOutcome {
  readonly pid: number;
  readonly steps: number;
}

export const work: JobKindHandler<DrillInput, DrillOutcome> = {
  kind: 'explain',
  async work({ what, steps = 3 }, context) {
    context.log(`drill ${what} in process ${process.pid}`);
    writeFileSync(join(context.stagingDir, 'scratch.txt'), 'scratch');
    if (what === 'deaf') for (;;) void 0;
    if (what === 'fail') {
      throw new AppError({ code: 'DRILL', message: 'The drill failed.', fix: { kind: 'none', label: 'Drill on' } });
    }
    if (what === 'throwUnknown') throw new TypeError('x is not a function');
    if (what === 'crash') process.abort();
    if (what === 'fillHeap') {
      const hoard: number[][] = [];
      for (;;) hoard.push(Array.from({ length: 100_000 }, (_, i) => i + 0.5));
    }
    if (what === 'fillBuffers') throw new RangeError('Array buffer allocation failed');
    // As a native library does whose threads wait for each other while the process shuts down.
    if (what === 'neverExit')
      process.on('exit', () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
    for (let i = 0; i < steps; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      context.report({ fraction: (i + 1) / steps, step: `Step ${i + 1}` });
      context.point('drill', i, i * i);
      context.signal.throwIfAborted();
    }
    return { pid: process.pid, steps };
  },
};

export const commit: JobCommit<DrillInput, DrillOutcome> = {
  kind: 'explain',
  commit(outcome, input, project, job, stagingDir) {
    if (input.what === 'badOutcome') {
      project.store.configs.save('half', 'must be rolled back');
      throw new Error('cannot be committed');
    }
    if (input.what === 'leaveFile') {
      return project.store.artefacts.add(job.id, 'scratch', join(stagingDir, 'scratch.txt')).hash;
    }
    return String(outcome.pid);
  },
};
