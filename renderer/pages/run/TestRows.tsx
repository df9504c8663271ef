import { Button } from '@mantine/core';
import { IconAlertTriangle, IconLock, IconLockOpen } from '@tabler/icons-react';
import type { Job } from '../../../main/contract/jobs.ts';
import type { Evaluation, RunDetail, TestResult } from '../../../main/contract/run.ts';
import { formatCount, formatValue } from '../../charts/format.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { rowsWord, tileNames, type RunResult } from './evaluation.ts';
import { JobLine } from './JobLine.tsx';
import { MetricTile } from './MetricTile.tsx';
import { looksSentence } from './testLooks.ts';

export interface TestRowsProps {
  readonly run: RunDetail;
  readonly result: RunResult;
  readonly projectId: string;
  /** The model whose validation numbers stand above. */
  readonly first: Evaluation;
  readonly isReadOnly: boolean;
  /** The job that opens them, when it was started here. */
  readonly job: Job | undefined;
  readonly onOpen: () => void;
}

/** The rows that nothing has seen: locked, or what was measured on them and how often they were looked at. */
export function TestRows({ run, result, projectId, first, isReadOnly, job, onOpen }: TestRowsProps) {
  const { test, nTest } = result;
  if (nTest === 0) return null;
  if (test) return <Opened test={test} first={first} />;
  const isOpening = job?.state.status === 'queued' || job?.state.status === 'running';
  return (
    <section className="run-test" aria-label="Test rows">
      <div className="run-test-line">
        <IconLock size={14} stroke={1.4} aria-hidden />
        <span>
          Test rows: <b>{formatCount(nTest)} locked</b>
        </span>
        <span className="run-test-hint">
          {run.testLooks
            ? looksSentence(run.testLooks, run.testLooksInPart)
            : 'Neither a fit nor a choice has seen them.'}
        </span>
        {!isOpening && (
          <Button size="compact-xs" variant="default" disabled={isReadOnly} onClick={onOpen}>
            Open test rows…
          </Button>
        )}
      </div>
      {isOpening && <JobLine job={job} projectId={projectId} />}
      {job?.state.status === 'failed' && <ErrorState error={job.state.error} />}
    </section>
  );
}

function Opened({ test, first }: { test: TestResult; first: Evaluation }) {
  const own = test.evaluations.find(({ rows }) => rows === first.rows) ?? test.evaluations[0];
  if (!own) return null;
  return (
    <section className="run-test is-open" aria-label="Test rows">
      <div className="run-test-line">
        <IconLockOpen size={14} stroke={1.4} aria-hidden />
        <span
          title={`Opened ${new Date(test.openedAt).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })}`}
        >
          On <b>{formatCount(test.nTest)} test rows</b>, model of{' '}
          {own.rows === 'full' ? 'all training rows' : `the ${rowsWord(own.rows)}`}
        </span>
        {test.looks > 1 ? (
          <span className="run-test-hint is-warning" role="note">
            <IconAlertTriangle size={14} stroke={1.4} aria-hidden />
            {looksSentence(test.looks, test.looksInPart)}
          </span>
        ) : (
          <span className="run-test-hint">{looksSentence(test.looks, test.looksInPart)}</span>
        )}
      </div>
      <dl className="run-tiles">
        {tileNames(own).map((name) => {
          const beside = first.rows === own.rows ? first.metrics[name] : undefined;
          return (
            <MetricTile
              key={name}
              name={name}
              metric={own.metrics[name]!}
              beside={beside}
              rows={own.rows === 'full' ? 'full' : 'coreset'}
            >
              {beside ? (
                <>
                  validation <b>{formatValue(beside.value)}</b>
                </>
              ) : (
                'on test rows'
              )}
            </MetricTile>
          );
        })}
      </dl>
    </section>
  );
}
