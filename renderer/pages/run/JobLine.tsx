import { Button } from '@mantine/core';
import type { Job } from '../../../main/contract/jobs.ts';
import { formatDuration } from '../../charts/format.ts';
import { call } from '../../client/engine.ts';

/** A running job on one line: step, bar, percent, time left, cancel. */
export function JobLine({ job, projectId }: { job: Job; projectId: string }) {
  const state = job.state;
  if (state.status !== 'running' && state.status !== 'queued') return null;
  const fraction = state.status === 'running' ? state.fraction : null;
  const step = state.status === 'running' ? state.step : 'waiting for its turn';
  const left = state.status === 'running' ? state.secondsLeft : null;
  return (
    <div className="job-line" aria-label={`${job.title}: ${step}`}>
      <strong>{job.title}</strong>
      <span className="job-line-step">{step}</span>
      <progress value={fraction ?? undefined} max={1} aria-label="progress" />
      <span className="job-line-number">{fraction === null ? '' : `${Math.floor(fraction * 100)} %`}</span>
      <span className="job-line-number">{left === null ? '' : `${formatDuration(left * 1000)} left`}</span>
      <Button
        size="compact-xs"
        variant="default"
        disabled={state.status === 'running' && state.isCancelling}
        onClick={() => void call('job.cancel', { projectId, jobId: job.id })}
      >
        {state.status === 'running' && state.isCancelling ? 'Cancelling …' : 'Cancel'}
      </Button>
    </div>
  );
}
