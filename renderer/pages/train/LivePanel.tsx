import { Button } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { Job } from '../../../main/contract/jobs.ts';
import type { RunFinding, RunDetail } from '../../../main/contract/run.ts';
import { formatCount, formatInterval, formatParam, formatValue, tooFew } from '../../charts/format.ts';
import { metricName } from '../../charts/metricNames.ts';
import { call, onEvent } from '../../client/engine.ts';
import { JobLine } from '../run/JobLine.tsx';
import { FindingCards } from './FindingCards.tsx';
import { LiveCharts } from './LiveCharts.tsx';
import { useRunSeries } from './useRunSeries.ts';

/** The run that was started last: read again whenever it changes. */
function useLiveRun(projectId: string, runId: string): RunDetail | null {
  const [run, setRun] = useState<RunDetail | null>(null);
  const read = useCallback(() => {
    // The run page tells what is wrong with a run that cannot be read; here its panel just stays empty.
    call('run.get', { projectId, runId }).then(setRun, () => setRun(null));
  }, [projectId, runId]);
  useEffect(() => {
    read();
    return onEvent((event) => {
      if (event.type === 'changed' && event.projectId === projectId && event.what === 'runs') read();
      if (event.type === 'job' && event.job.runId === runId && event.job.state.status !== 'running') read();
    });
  }, [read, projectId, runId]);
  return run;
}

/** What the run noticed so far; its result has everything at the end. */
function useLiveFindings(projectId: string, runId: string): readonly RunFinding[] {
  const [state, setState] = useState<{ runId: string; found: readonly RunFinding[] }>({ runId, found: [] });
  useEffect(
    () =>
      onEvent((event) => {
        if (event.type !== 'finding' || event.projectId !== projectId || event.runId !== runId) return;
        setState((was) => ({ runId, found: [...(was.runId === runId ? was.found : []), event.finding] }));
      }),
    [projectId, runId],
  );
  return state.runId === runId ? state.found : NO_FINDINGS;
}
const NO_FINDINGS: readonly RunFinding[] = [];

function Charts({ projectId, runId }: { projectId: string; runId: string }) {
  const series = useRunSeries(projectId, runId);
  const run = useLiveRun(projectId, runId);
  if (!run || series.size === 0) return null;
  return (
    <div className="train-live">
      <div className="run-live-charts">
        <LiveCharts series={series} title={run.name} subtitle={`${run.modelTitle} on ${run.dataset}`} />
      </div>
    </div>
  );
}

interface LiveAsideProps {
  readonly projectId: string;
  readonly runId: string;
  readonly job: Job | undefined;
  readonly yaml: string;
  readonly isReadOnly: boolean;
  readonly onApply: (patch: Readonly<Record<string, unknown>>, isRetrain: boolean, run: RunDetail) => void;
  readonly onOpenRun: (runId: string) => void;
}

const STATE_WORDS: Readonly<Record<RunDetail['status'], string>> = {
  queued: 'waiting',
  running: 'live',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
};

function Aside({ projectId, runId, job, yaml, isReadOnly, onApply, onOpenRun }: LiveAsideProps) {
  const run = useLiveRun(projectId, runId);
  const noticed = useLiveFindings(projectId, runId);
  if (!run) return <aside className="train-aside" aria-label="Run" />;
  const value = run.coresetMetric ?? run.fullMetric;
  const result = run.result;
  return (
    <aside className="train-aside" aria-label="Run">
      <header className="train-aside-head">
        {run.name}, {STATE_WORDS[run.status]}
      </header>
      <section className="run-inspector-part" aria-live="polite">
        {value && run.metricName ? (
          <>
            <p className="train-metric">
              <span className="train-number">{formatValue(value.value)}</span> {metricName(run.metricName).label},
              validation
            </p>
            <p className="run-hint">
              {value.low !== undefined &&
                value.high !== undefined &&
                `95 % interval ${formatInterval(value.low, value.high, 3)} · `}
              {value.interval !== undefined && `${tooFew(value.interval)} for an interval · `}
              {run.coresetMetric && run.fullMetric
                ? `all rows ${formatValue(run.fullMetric.value)}`
                : run.coresetMetric
                  ? 'all rows not known yet'
                  : 'fitted on all rows'}
            </p>
          </>
        ) : run.status === 'failed' ? (
          <p className="run-finding is-error">{run.error?.message}</p>
        ) : (
          <p className="run-hint">The first score comes with the first evaluation.</p>
        )}
        <Button size="compact-xs" variant="default" mt={8} onClick={() => onOpenRun(runId)}>
          Open {run.name}
        </Button>
      </section>
      {job && (job.state.status === 'running' || job.state.status === 'queued') && (
        <section className="run-inspector-part is-narrow">
          <JobLine job={job} projectId={projectId} />
        </section>
      )}
      <section className="run-inspector-part">
        <dl className="facts">
          <dt>Model</dt>
          <dd>{run.modelTitle}</dd>
          {run.coresetRows !== null && (
            <>
              <dt>Rows</dt>
              <dd>core-{formatCount(run.coresetRows)}</dd>
            </>
          )}
          {run.nTrain !== null && (
            <>
              <dt>All training rows</dt>
              <dd>{formatCount(run.nTrain)}</dd>
            </>
          )}
          {result &&
            Object.entries(result.params)
              .slice(0, 6)
              .map(([k, v]) => (
                <div key={k}>
                  <dt>{k}</dt>
                  <dd className="is-clip">{formatParam(v)}</dd>
                </div>
              ))}
        </dl>
      </section>
      {(result ?? noticed.length > 0) && (
        <section className="run-inspector-part" aria-live="polite">
          <h3>{result ? 'Findings' : 'Findings so far'}</h3>
          <FindingCards
            findings={result?.findings ?? noticed}
            warnings={result?.warnings ?? []}
            yaml={yaml === '' ? run.yaml : yaml}
            {...(!isReadOnly && {
              onApply: (patch: Readonly<Record<string, unknown>>, isRetrain: boolean) => onApply(patch, isRetrain, run),
            })}
          />
        </section>
      )}
    </aside>
  );
}

export const LivePanel = { Charts, Aside };
