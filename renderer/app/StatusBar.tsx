import { ActionIcon, Progress } from '@mantine/core';
import { IconCheck, IconFolder, IconGitCommit, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Job } from '../../main/contract/jobs.ts';
import type { AppInfo, Project } from '../../main/contract/project.ts';
import { call, onConnection } from '../client/engine.ts';
import type { Item } from '../hooks/useItems.ts';
import { stateText, timeLeft } from './jobText.ts';
import { setLayout } from './layout.ts';
import type { Route } from './route.ts';
import { tell } from './tell.ts';
import { useUnsaved } from './unsaved.ts';

export interface StatusBarProps {
  readonly project: Project | null;
  readonly jobs: readonly Job[];
  readonly route: Route;
  readonly items: readonly Item[] | null;
}

/** Project, data version, what is unsaved and the machine at the left; the running job at the right. */
export function StatusBar({ project, jobs, route, items }: StatusBarProps) {
  const [info, setInfo] = useState<AppInfo | null>(null);
  const [isConnected, setConnected] = useState(true);
  useEffect(() => {
    call('app.info', {}).then(setInfo, () => setInfo(null));
    return onConnection(setConnected);
  }, []);
  const unsaved = useUnsaved();
  const versions = items?.filter((item) => item.page === 'data') ?? [];
  const version = versions.find((item) => route.page === 'data' && item.id === route.item) ?? versions[0];
  const nWaiting = jobs.filter((job) => job.state.status === 'queued').length;
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
      {project && version && (
        <span title={`Version of ${version.title}`}>
          <IconGitCommit size={13} aria-hidden /> <code>{version.hash}</code>
        </span>
      )}
      {project && !project.isReadOnly && (
        <span className={unsaved.size > 0 ? 'is-warn' : 'muted'} role="status">
          {unsaved.size > 0 ? (
            `${[...unsaved].join(', ')} not saved yet`
          ) : (
            <>
              <IconCheck size={13} aria-hidden /> all saved
            </>
          )}
        </span>
      )}
      {info && (
        <span className="muted">
          offline · {info.nCores} cores · {Math.round(info.memoryBytes / 2 ** 30)} GB
        </span>
      )}
      {!isConnected && <span className="is-warn">engine not reachable, trying again…</span>}
      <span className="grow" />
      {running && state?.status === 'running' && (
        <span className="status-job">
          <button
            type="button"
            className="status-open"
            title="Show the jobs"
            onClick={() => setLayout({ isPanelOpen: true, panelTab: 'jobs' })}
          >
            <strong>{running.title}</strong> <span className="muted">{stateText(state)}</span>
          </button>
          <Progress
            w={112}
            size={4}
            value={(state.fraction ?? 0) * 100}
            animated={state.fraction === null}
            aria-label="Progress"
          />
          <span className="num">{state.fraction === null ? '' : `${Math.round(state.fraction * 100)} %`}</span>
          <span className="muted num status-left">{timeLeft(state)}</span>
          {nWaiting > 0 && <span className="muted">{nWaiting} waiting</span>}
          <ActionIcon
            size={20}
            variant="subtle"
            color="gray"
            aria-label={`Cancel ${running.title}, from the status bar`}
            title="Cancel"
            disabled={state.isCancelling}
            onClick={() => call('job.cancel', { projectId: running.projectId, jobId: running.id }).catch(tell)}
          >
            <IconX size={12} />
          </ActionIcon>
        </span>
      )}
    </footer>
  );
}
