import { AppError } from '../../contract/errors.ts';
import type { JobState } from '../../contract/jobs.ts';
import { toAppErrorData } from '../../contract/errors.ts';
import type { Ending } from './jobProcess.ts';
import { outOfMemory } from './memory.ts';

/** The final state of a job whose process ended otherwise than with `done`. */
export function stateOf(ending: Exclude<Ending, { type: 'done' }>): JobState {
  if (ending.type === 'cancelled') return { status: 'cancelled' };
  if (ending.type === 'failed') return { status: 'failed', error: ending.error };
  return { status: 'failed', error: toAppErrorData(deathOf(ending.why)) };
}

function deathOf(why: Extract<Ending, { type: 'died' }>['why']): AppError {
  if (why === 'outOfMemory') return outOfMemory();
  if (why === 'killed') {
    return new AppError({
      code: 'JOB_KILLED',
      message: 'The system stopped the job, most often because memory ran out. Everything saved is safe.',
      fix: { kind: 'useLessMemory', label: 'Close other programs or use fewer rows or columns, and run it again' },
      isInput: false,
    });
  }
  return new AppError({
    code: 'JOB_CRASHED',
    message: 'The job stopped unexpectedly. Everything saved in the project is safe.',
    fix: { kind: 'repeat', label: 'Run it again; if it stops again, send us the log' },
    isInput: false,
  });
}
