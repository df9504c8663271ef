import { useCallback, useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import { explanations, type Question } from '../../../main/contract/explain.ts';
import type { Job } from '../../../main/contract/jobs.ts';
import { call, onEvent } from '../../client/engine.ts';
import { useReading } from '../run/useReading.ts';

type Answer<Q extends Question> = z.output<(typeof explanations)[Q]>;

export interface Explanation<Q extends Question> {
  readonly answer: Answer<Q> | null;
  readonly isAsked: boolean;
  readonly job: Job | null;
  readonly error: unknown;
  compute(): void;
}

/**
 * An answer that was computed before, or the job that computes it on request.
 * @param isAuto computes it without being asked, once: for questions that take a second
 */
export function useExplanation<Q extends Question>(
  projectId: string,
  runId: string,
  question: Q,
  args: Readonly<Record<string, unknown>>,
  isAuto = false,
): Explanation<Q> {
  const key = JSON.stringify(args);
  const [job, setJob] = useState<Job | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const read = useCallback(async () => {
    const raw = await call('run.explanation', { projectId, runId, question, args: parseArgs(key) });
    return { answer: raw == null ? null : (explanations[question].parse(raw) as Answer<Q>) };
  }, [projectId, runId, question, key]);
  const { value, error, reload, setError } = useReading(read, isAboutNothing);
  useEffect(() => {
    if (jobId === null) return;
    return onEvent((event) => {
      if (event.type !== 'job' || event.job.id !== jobId) return;
      const { status } = event.job.state;
      setJob(status === 'running' || status === 'queued' ? event.job : null);
      if (status === 'done') void reload();
      if (event.job.state.status === 'failed') setError(event.job.state.error);
    });
  }, [jobId, reload, setError]);

  const compute = useCallback(() => {
    setError(null);
    call('run.explain', { projectId, runId, question, args: parseArgs(key) }).then(
      (started) => setJobId(started.jobId),
      (cause: unknown) => setError(cause),
    );
  }, [projectId, runId, question, key, setError]);
  const startedFor = useRef<string | null>(null);
  const isMissing = value !== null && value.answer === null;
  useEffect(() => {
    if (!isAuto || !isMissing || startedFor.current === key) return;
    startedFor.current = key;
    compute();
  }, [isAuto, isMissing, key, compute]);
  return { answer: value?.answer ?? null, isAsked: value !== null || error !== null, job, error, compute };
}

function parseArgs(key: string): Record<string, unknown> {
  return JSON.parse(key) as Record<string, unknown>;
}

// An answer belongs to a model that does not change; only its own job brings a new one.
function isAboutNothing(): boolean {
  return false;
}
