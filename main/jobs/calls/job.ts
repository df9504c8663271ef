import { AppError } from '../../contract/errors.ts';
import type { OwnCallHandlers } from './parts.ts';

export const jobCalls = {
  'job.list': ({ projectId }, { projects, runner }) => {
    const asked = projectId === undefined ? projects.list() : [projects.get(projectId)];
    return asked
      .flatMap(({ store }) => store.jobs.list())
      .map((job) => runner.live(job))
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  },
  'job.cancel': ({ projectId, jobId }, { writableProject, runner }) => {
    runner.cancel(jobId, writableProject(projectId));
    return {};
  },
  /** Submits the job's input again, to the same run. */
  'job.resume': ({ projectId, jobId }, { writableProject, submit, emit }) => {
    const { store } = writableProject(projectId);
    const job = store.jobs.get(jobId);
    const { status } = job.state;
    if (!job.isResumable || status === 'queued' || status === 'running' || status === 'done') {
      throw new AppError({
        code: 'NOT_RESUMABLE',
        message: `"${job.title}" cannot be started again from here.`,
        fix: { kind: 'repeat', label: 'Start it anew where it came from' },
      });
    }
    const again = store.transaction(() => {
      store.jobs.setResumable(jobId, false);
      if (job.kind === 'run' && job.runId) store.runs.setStatus(job.runId, 'queued');
      return submit({
        projectId,
        kind: job.kind,
        title: job.title,
        input: store.jobs.input(jobId),
        isResumable: true,
        ...(job.runId !== null && { runId: job.runId }),
      });
    });
    emit({ type: 'job', job: store.jobs.get(jobId) });
    emit({ type: 'changed', projectId, what: 'runs' });
    return { jobId: again.id };
  },
  'job.log': ({ projectId, jobId }, { project }) => project(projectId).store.jobs.log(jobId),
  'job.clearFinished': ({ projectId }, { writableProject }) => {
    writableProject(projectId).store.jobs.clearFinished();
    return {};
  },
} satisfies OwnCallHandlers;
