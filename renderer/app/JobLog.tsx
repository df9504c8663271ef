import { useCallback } from 'react';
import type { EngineEvent } from '../../main/contract/channels.ts';
import type { Job } from '../../main/contract/jobs.ts';
import { call } from '../client/engine.ts';
import { ErrorState } from '../components/ErrorState.tsx';
import { useReading } from '../pages/run/useReading.ts';

/** What a job wrote while it ran. */
export function JobLog({ job }: { readonly job: Job }) {
  const { id, projectId } = job;
  const read = useCallback(() => call('job.log', { projectId, jobId: id }), [projectId, id]);
  const isAbout = useCallback((event: EngineEvent) => event.type === 'jobLog' && event.jobId === id, [id]);
  const { value: lines, error } = useReading(read, isAbout);
  if (error !== null) return <ErrorState error={error} />;
  return (
    <pre className="job-log" tabIndex={0} aria-label={`Log of ${job.title}`}>
      {lines === null || lines.length === 0
        ? `${job.title}: nothing logged.`
        : lines.map((line) => `${line.at.slice(11, 19)}  ${line.text}`).join('\n')}
    </pre>
  );
}
