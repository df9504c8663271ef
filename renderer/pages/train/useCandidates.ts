import { useCallback, useEffect, useState } from 'react';
import type { EngineEvent } from '../../../main/contract/channels.ts';
import type { CandidatesAnswer } from '../../../main/contract/candidates.ts';
import type { Job } from '../../../main/contract/jobs.ts';
import { call, onEvent } from '../../client/engine.ts';
import { useReading } from '../run/useReading.ts';

export interface Candidates {
  readonly answer: CandidatesAnswer | null;
  /** False until it is known whether there is an answer. */
  readonly isAsked: boolean;
  readonly job: Job | null;
  readonly error: unknown;
  start(budgetS: number): void;
}

/** The comparison of candidates for a target: the one there is, or the job that makes one. */
export function useCandidates(projectId: string, versionId: string, target: string): Candidates {
  const [job, setJob] = useState<Job | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const read = useCallback(
    async () => ({ answer: await call('config.candidatesAnswer', { projectId, versionId, target }) }),
    [projectId, versionId, target],
  );
  const { value, error, reload, setError } = useReading(read, isAboutNothing);
  useEffect(() => {
    if (jobId === null) return;
    return onEvent((event) => {
      if (event.type !== 'job' || event.job.id !== jobId) return;
      const { state } = event.job;
      setJob(state.status === 'running' || state.status === 'queued' ? event.job : null);
      if (state.status === 'done') void reload();
      if (state.status === 'failed') setError(state.error);
    });
  }, [jobId, reload, setError]);
  const start = (budgetS: number) => {
    setError(null);
    call('config.candidates', { projectId, versionId, target, budgetS }).then(
      (started) => setJobId(started.jobId),
      (cause: unknown) => setError(cause),
    );
  };
  return { answer: value?.answer ?? null, isAsked: value !== null || error !== null, job, error, start };
}

function isAboutNothing(_event: EngineEvent): boolean {
  return false;
}
