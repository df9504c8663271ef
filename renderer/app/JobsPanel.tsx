import { ActionIcon, Button, Progress, Tabs } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import type { Job } from '../../main/contract/jobs.ts';
import { call } from '../client/engine.ts';
import { tell } from './tell.ts';
import { JobLog } from './JobLog.tsx';
import { setLayout, showLog, togglePanel, useLayout } from './layout.ts';
import { stateText, timeLeft, timeTaken } from './jobText.ts';
import { go } from './route.ts';
import { printKeys } from './shortcut.ts';

/** Jobs and their log, along the bottom. */
export function JobsPanel({ jobs }: { readonly jobs: readonly Job[] }) {
  const { isPanelOpen, panelTab, logOf } = useLayout();
  const nRunning = jobs.filter((job) => job.state.status === 'running' || job.state.status === 'queued').length;
  const shown = jobs.find((job) => job.id === logOf) ?? jobs[0] ?? null;
  return (
    <section className="bottom-panel" aria-label="Jobs" data-region tabIndex={-1}>
      <Tabs
        value={panelTab}
        onChange={(value) => setLayout({ panelTab: value === 'log' ? 'log' : 'jobs', isPanelOpen: true })}
        keepMounted={false}
      >
        <Tabs.List className="bottom-head">
          <Tabs.Tab value="jobs" onClick={() => !isPanelOpen && togglePanel()}>
            Jobs {nRunning > 0 && <span className="count">{nRunning}</span>}
          </Tabs.Tab>
          <Tabs.Tab value="log" onClick={() => !isPanelOpen && togglePanel()}>
            Log
          </Tabs.Tab>
          <span className="grow" />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={isPanelOpen ? 'Close the jobs panel' : 'Open the jobs panel'}
            title={`${isPanelOpen ? 'Close' : 'Open'} the panel  ${printKeys('Mod+J')}`}
            onClick={togglePanel}
          >
            {isPanelOpen ? <IconChevronDown size={16} /> : <IconChevronUp size={16} />}
          </ActionIcon>
        </Tabs.List>
        {isPanelOpen && (
          <div className="bottom-body">
            <Tabs.Panel value="jobs">
              {jobs.length === 0 && (
                <p className="muted pad">No job has run yet. Importing, building a coreset and training show here.</p>
              )}
              <ul className="job-list">
                {jobs.map((job) => (
                  <JobRow key={job.id} job={job} />
                ))}
              </ul>
            </Tabs.Panel>
            <Tabs.Panel value="log">
              {shown ? <JobLog job={shown} /> : <p className="muted pad">No log yet.</p>}
            </Tabs.Panel>
          </div>
        )}
      </Tabs>
    </section>
  );
}

function JobRow({ job }: { readonly job: Job }) {
  const { state, projectId } = job;
  const isActive = state.status === 'running' || state.status === 'queued';
  const ask = (channel: 'job.cancel' | 'job.resume') => call(channel, { projectId, jobId: job.id }).catch(tell);
  return (
    <li className="job-row" aria-label={job.title}>
      <span className="job-title">{job.title}</span>
      <span className={`job-step is-${state.status}`}>{stateText(state)}</span>
      {state.status === 'running' ? (
        <Progress
          value={(state.fraction ?? 0) * 100}
          size={4}
          animated={state.fraction === null}
          aria-label={`Progress of ${job.title}`}
        />
      ) : (
        <span />
      )}
      <span className="num">
        {state.status === 'running' && state.fraction !== null ? `${Math.round(state.fraction * 100)} %` : ''}
      </span>
      <span className="muted num">{timeLeft(state) || timeTaken(job)}</span>
      <span className="job-actions">
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          onClick={() => showLog(job.id)}
          aria-label={`Log of ${job.title}`}
        >
          Log
        </Button>
        {job.runId !== null && (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => go('runs', job.runId)}>
            Open run
          </Button>
        )}
        {state.status === 'interrupted' && job.isResumable && (
          <Button size="compact-xs" variant="default" onClick={() => void ask('job.resume')}>
            Resume
          </Button>
        )}
        {isActive && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Cancel ${job.title}`}
            onClick={() => void ask('job.cancel')}
          >
            <IconX size={14} />
          </ActionIcon>
        )}
      </span>
    </li>
  );
}
