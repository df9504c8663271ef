import type { Job, JobState } from '../../main/contract/jobs.ts';
import { formatDuration } from '../charts/format.ts';

/** A job's state in words. */
export function stateText(state: JobState): string {
  switch (state.status) {
    case 'queued':
      return 'Waiting for its turn';
    case 'running':
      return state.isCancelling ? 'Cancelling…' : state.step;
    case 'done':
      return 'Done';
    case 'cancelled':
      return 'Cancelled';
    case 'interrupted':
      return 'Interrupted: the engine stopped while it ran';
    case 'failed':
      return state.error.message;
  }
}

/** "34 s left", "2 min left", or nothing while unknown. */
export function timeLeft(state: JobState): string {
  if (state.status !== 'running' || state.secondsLeft === null) return '';
  const seconds = Math.max(1, Math.round(state.secondsLeft));
  return seconds < 90 ? `${seconds} s left` : `${Math.round(seconds / 60)} min left`;
}

/** How long an ended job took: "in 5.4 s". */
export function timeTaken({ startedAt, finishedAt }: Job): string {
  if (startedAt === null || finishedAt === null) return '';
  return `in ${formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))}`;
}
