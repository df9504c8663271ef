import { Button } from '@mantine/core';
import { IconAlertTriangle, IconPlayerPause, IconPlayerStop } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import type { Job, LogLine } from '../../../main/contract/jobs.ts';
import type { RunDetail } from '../../../main/contract/run.ts';
import { call, onEvent } from '../../client/engine.ts';
import { LiveCharts } from '../train/LiveCharts.tsx';
import { useRunSeries } from '../train/useRunSeries.ts';
import { JobLine } from './JobLine.tsx';

export interface RunStateProps {
  readonly run: RunDetail;
  readonly projectId: string;
  readonly job: Job | undefined;
  readonly onOpenFile: () => void;
}

/** What a run shows before it has a result: its progress, or why it has none and the way out. */
export function RunState({ run, projectId, job, onOpenFile }: RunStateProps) {
  const jobId = run.jobId;
  const again = (
    <Button size="xs" variant="default" onClick={onOpenFile}>
      Open its configuration
    </Button>
  );
  switch (run.status) {
    case 'queued':
    case 'running':
      return <RunningState run={run} projectId={projectId} job={job} />;
    case 'failed':
      return (
        <Outcome
          icon={<IconAlertTriangle size={20} stroke={1.4} />}
          kind="is-error"
          title={run.error?.message ?? 'The run failed.'}
          text="Your data and the other runs are as they were."
        >
          {run.error?.fix && <p className="run-hint">Way out: {run.error.fix.label}</p>}
          <div className="outcome-buttons">{again}</div>
          {jobId !== null && <JobLog projectId={projectId} jobId={jobId} />}
        </Outcome>
      );
    case 'cancelled':
      return (
        <Outcome
          icon={<IconPlayerStop size={20} stroke={1.4} />}
          kind=""
          title="This run was cancelled."
          text="Nothing was written but its record. Start it again from its configuration."
        >
          <div className="outcome-buttons">{again}</div>
        </Outcome>
      );
    case 'interrupted':
      return (
        <Outcome
          icon={<IconPlayerPause size={20} stroke={1.4} />}
          kind=""
          title="This run was interrupted."
          text="The studio or the machine stopped while it ran. What it had recorded is kept."
        >
          <div className="outcome-buttons">
            {jobId !== null && (job?.isResumable ?? true) && (
              <Button size="xs" onClick={() => void call('job.resume', { projectId, jobId })}>
                Resume
              </Button>
            )}
            {again}
          </div>
          {jobId !== null && <JobLog projectId={projectId} jobId={jobId} />}
        </Outcome>
      );
    case 'done':
      return null;
  }
}

function Outcome({
  icon,
  kind,
  title,
  text,
  children,
}: {
  icon: ReactNode;
  kind: string;
  title: string;
  text: string;
  children: ReactNode;
}) {
  return (
    <section className={`outcome ${kind}`} role={kind === 'is-error' ? 'alert' : 'status'}>
      {icon}
      <div>
        <h2>{title}</h2>
        <p>{text}</p>
        {children}
      </div>
    </section>
  );
}

function RunningState({ run, projectId, job }: { run: RunDetail; projectId: string; job: Job | undefined }) {
  const series = useRunSeries(projectId, run.id);
  return (
    <section className="run-live" aria-label="Progress">
      {job ? (
        <JobLine job={job} projectId={projectId} />
      ) : (
        <p className="run-hint">
          {run.status === 'queued' ? 'Waiting for its turn.' : 'Running; its progress comes with the next message.'}
        </p>
      )}
      <div className="run-live-charts">
        <LiveCharts series={series} title={run.name} subtitle={`${run.modelTitle} on ${run.dataset}`} />
      </div>
      {series.size === 0 && <p className="run-hint">Curves appear here with the first epoch or trial.</p>}
    </section>
  );
}

/** The log of a job, from its start, growing while it runs. */
function JobLog({ projectId, jobId }: { projectId: string; jobId: string }) {
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  useEffect(() => {
    let isStale = false;
    call('job.log', { projectId, jobId })
      .then((found) => !isStale && setLines(found))
      // A log that cannot be read leaves the error above it standing, which is what matters.
      .catch(() => {});
    const off = onEvent((event) => {
      if (event.type === 'jobLog' && event.jobId === jobId) setLines((was) => [...was, ...event.lines]);
    });
    return () => {
      isStale = true;
      off();
    };
  }, [projectId, jobId]);
  if (lines.length === 0) return null;
  return (
    <details className="job-log">
      <summary>Log ({lines.length} lines)</summary>
      <pre>{lines.map((l) => `${l.at.slice(11, 19)}  ${l.text}`).join('\n')}</pre>
    </details>
  );
}
