import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useRef } from 'react';
import type { Job } from '../../main/contract/jobs.ts';
import { showLog } from './layout.ts';
import { go, parseRoute } from './route.ts';

/** A job that ended badly needs the person, on whatever page they are; one that went well does not. */
export function useJobNotices(jobs: readonly Job[], projectId: string | null): void {
  const shown = useRef<{ readonly id: string; readonly projectId: string }[]>([]);
  useEffect(() => {
    // What another project's jobs said is of no use here.
    for (const notice of shown.current) if (notice.projectId !== projectId) notifications.hide(notice.id);
    shown.current = shown.current.filter((notice) => notice.projectId === projectId);
  }, [projectId]);
  const seen = useRef(new Map<string, Job['state']['status']>());
  useEffect(() => {
    for (const job of jobs) {
      const before = seen.current.get(job.id);
      seen.current.set(job.id, job.state.status);
      const wasActive = before === 'running' || before === 'queued';
      if (wasActive && job.state.status === 'failed' && !isToldInPlace(job)) {
        shown.current.push({ id: tellFailure(job, job.state.error.message), projectId: job.projectId });
      }
      // Who waits for an import on the Data page sees it when it is there.
      const { state } = job;
      const isAwaited = wasActive && job.kind === 'import' && job.projectId === projectId;
      if (isAwaited && state.status === 'done' && parseRoute(location.hash).page === 'data') go('data', state.resultId);
    }
  }, [jobs, projectId]);
}

/** Explanations and test rows fail where they were asked for; so does a prediction while its dialog is open. */
const isToldInPlace = ({ kind }: Job): boolean =>
  kind === 'explain' ||
  kind === 'test' ||
  ((kind === 'predict' || kind === 'export') && document.querySelector('[aria-modal="true"]') !== null);

function tellFailure(job: Job, reason: string): string {
  const id = notifications.show({
    color: 'red',
    title: `${job.title}: failed`,
    autoClose: false,
    message: (
      <>
        <p>{reason}</p>
        <span className="notice-buttons">
          {job.runId !== null && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => {
                notifications.hide(id);
                go('runs', job.runId);
              }}
            >
              Open run
            </Button>
          )}
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              notifications.hide(id);
              showLog(job.id);
            }}
          >
            Show log
          </Button>
        </span>
      </>
    ),
  });
  return id;
}
