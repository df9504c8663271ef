import { Progress } from '@mantine/core';
import { IconFolder } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Job } from '../../main/contract/jobs.ts';
import type { AppInfo, Project } from '../../main/contract/project.ts';
import { call, onConnection } from '../client/engine.ts';
import { stateText, timeLeft } from './jobText.ts';

/** Project and machine at the left, the running job at the right. */
export function StatusBar({ project, jobs }: { readonly project: Project | null; readonly jobs: readonly Job[] }) {
  const [info, setInfo] = useState<AppInfo | null>(null);
  const [isConnected, setConnected] = useState(true);
  useEffect(() => {
    call('app.info', {}).then(setInfo, () => setInfo(null));
    return onConnection(setConnected);
  }, []);
  const running = jobs.find((job) => job.state.status === 'running');
  const state = running?.state;
  return (
    <footer className="status-bar" aria-label="Status">
      {project && (
        <span>
          <IconFolder size={13} aria-hidden /> {project.name}
        </span>
      )}
      {project?.isReadOnly && (
        <span className="is-warn">read-only{project.readOnlyReason ? `: ${project.readOnlyReason}` : ''}</span>
      )}
      {info && (
        <span className="muted">
          offline · {info.nCores} cores · {Math.round(info.memoryBytes / 2 ** 30)} GB
        </span>
      )}
      {!isConnected && <span className="is-warn">engine not reachable, trying again…</span>}
      <span className="grow" />
      {running && state?.status === 'running' && (
        <span className="status-job" role="status">
          <strong>{running.title}</strong>
          <span className="muted">{stateText(state)}</span>
          <Progress
            w={112}
            size={4}
            value={(state.fraction ?? 0) * 100}
            animated={state.fraction === null}
            aria-label="Progress"
          />
          <span className="num">{state.fraction === null ? '' : `${Math.round(state.fraction * 100)} %`}</span>
          <span className="muted num">{timeLeft(state)}</span>
        </span>
      )}
    </footer>
  );
}
