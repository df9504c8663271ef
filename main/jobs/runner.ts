import type { EngineEvent } from '../contract/channels.ts';
import type { Job, JobKind, JobState } from '../contract/jobs.ts';
import { AppError, toAppErrorData } from '../contract/errors.ts';
import { asKnownFailure } from '../store/failures.ts';
import type { JobRequest, OpenProject } from './handlers.ts';
import { stateOf } from './process/endings.ts';
import type { Ending, JobProcess } from './process/jobProcess.ts';
import type { ProcessPool } from './process/pool.ts';
import { JobQueue, type Concurrency } from './queue.ts';
import type { AnyCommit } from './registry.ts';
import { RunningJob } from './runningJob.ts';

export interface RunnerOptions {
  readonly pool: ProcessPool;
  readonly concurrency: Concurrency;
  readonly threads: number;
  /** Time between asking a job to stop and killing it. */
  readonly cancelGraceMs: number;
  readonly commitOf: (kind: JobKind) => Promise<AnyCommit>;
  /** File URL of a work module to use instead of the registry's. */
  readonly workModuleOf: (kind: JobKind) => string | null;
  readonly emit: (event: EngineEvent) => void;
  readonly log: (text: string) => void;
}

interface Entry {
  readonly jobId: string;
  readonly kind: JobKind;
  readonly project: OpenProject;
}

interface Ended {
  readonly project: OpenProject;
  readonly state: JobState;
  readonly commit?: AnyCommit;
}

/** What each kind's outcome changes, for the window to read again. */
const changes: Readonly<Record<JobKind, readonly Extract<EngineEvent, { type: 'changed' }>['what'][]>> = {
  import: ['data'],
  sample: ['data', 'configs'],
  run: ['runs', 'data', 'coresets'],
  refit: ['runs'],
  coreset: ['coresets'],
  fidelity: ['coresets'],
  predict: ['runs'],
  export: ['runs'],
  explain: ['runs'],
  candidates: [],
  test: ['runs'],
};

/** Runs jobs in processes of their own and keeps the store right about them. */
export class JobRunner {
  private readonly options: RunnerOptions;
  private readonly queue: JobQueue<Entry>;
  private readonly running = new Map<string, RunningJob>();
  /** Endings that could not be stored (disk full); tried again until they are. */
  private readonly unwritten = new Map<string, Ended>();
  private retryTimer: NodeJS.Timeout | null = null;
  private isClosed = false;

  constructor(options: RunnerOptions) {
    this.options = options;
    this.queue = new JobQueue(options.concurrency);
  }

  submit(request: JobRequest, project: OpenProject): Job {
    const { kind, title, input, runId, isResumable } = request;
    const job = project.store.transaction(() =>
      project.store.jobs.insert({
        kind,
        title,
        input,
        ...(runId !== undefined && { runId }),
        ...(isResumable !== undefined && { isResumable }),
      }),
    );
    this.options.emit({ type: 'job', job });
    this.queue.add({ jobId: job.id, kind, project });
    // Not within this call: who submits may still be inside a transaction.
    setImmediate(() => this.startNext());
    return job;
  }

  /** The job with its live progress. */
  live(job: Job): Job {
    const ending = this.unwritten.get(job.id)?.state;
    return ending ? { ...job, state: ending } : (this.running.get(job.id)?.live() ?? job);
  }

  /** Jobs of a project that run or wait. */
  nOpen(projectId: string): number {
    const nRunning = [...this.running.values()].filter(({ project }) => project.id === projectId).length;
    return nRunning + this.queue.nWaiting(({ project }) => project.id === projectId);
  }

  cancel(jobId: string, project: OpenProject): void {
    if (this.queue.withdraw(jobId)) this.settle(project, jobId, { status: 'cancelled' });
    else this.running.get(jobId)?.cancel(this.options.cancelGraceMs);
  }

  /** Kills what runs; those jobs become interrupted. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.running.values()].map((job) => job.interrupt()));
    this.settleUnwritten();
    if (this.retryTimer) clearInterval(this.retryTimer);
    this.options.pool.close();
  }

  private startNext(): void {
    if (this.isClosed) return;
    for (let entry = this.queue.next(); entry; entry = this.queue.next()) {
      this.start(entry).catch((cause: unknown) => this.options.log(`runner: ${String(cause)}`));
    }
  }

  private async start({ jobId, kind, project }: Entry): Promise<void> {
    const { pool, threads, workModuleOf, emit, log } = this.options;
    let process: JobProcess | undefined;
    try {
      const commit = await this.options.commitOf(kind);
      if (!project.store.jobs.has(jobId)) return;
      const job = project.store.jobs.setState(jobId, firstState);
      if (kind === 'run' && job.runId) this.beginRun(project, job.runId);
      process = pool.take();
      const running = new RunningJob({ job, project, process, emit, log });
      this.running.set(jobId, running);
      const ending = await running.run({ threads, workModule: workModuleOf(kind) });
      this.running.delete(jobId);
      this.finish(running, commit, ending);
    } catch (cause) {
      log(`job ${jobId}: ${cause instanceof Error ? cause.stack : String(cause)}`);
      process?.kill();
      this.running.delete(jobId);
      this.settle(project, jobId, { status: 'failed', error: toAppErrorData(asKnownFailure(cause)) });
    } finally {
      this.queue.finish(jobId);
      this.startNext();
    }
  }

  private beginRun(project: OpenProject, runId: string): void {
    project.store.runs.clearPoints(runId);
    project.store.runs.setStatus(runId, 'running');
    this.options.emit({ type: 'changed', projectId: project.id, what: 'runs' });
  }

  private finish(running: RunningJob, commit: AnyCommit, ending: Ending): void {
    const { project, job } = running;
    if (running.isInterrupted) {
      this.settle(project, job.id, { status: 'interrupted' }, commit);
    } else if (running.isCancelling) {
      this.settle(project, job.id, { status: 'cancelled' }, commit);
    } else if (ending.type === 'done') {
      this.commit(running, commit, ending.outcome);
    } else {
      if (ending.type !== 'cancelled') this.options.log(`job ${job.id} (${job.kind}): ${ending.detail}`);
      this.settle(project, job.id, stateOf(ending), commit);
    }
    running.removeStaging();
  }

  private commit(running: RunningJob, commit: AnyCommit, outcome: unknown): void {
    const { project, job } = running;
    try {
      // Erased together with its run while it worked: nothing is left to commit to.
      if (!project.store.jobs.has(job.id)) return;
      const done = project.store.transaction(() => {
        const input = project.store.jobs.input(job.id);
        const resultId = commit.commit(outcome as never, input as never, project, job, running.stagingDir);
        return project.store.jobs.setState(job.id, { status: 'done', resultId });
      });
      project.store.files.removeCheckpoint(job.runId ?? job.id);
      this.options.emit({ type: 'job', job: done });
      for (const what of changes[job.kind]) this.options.emit({ type: 'changed', projectId: project.id, what });
    } catch (cause) {
      this.options.log(
        `commit of job ${job.id} (${job.kind}): ${cause instanceof Error ? cause.stack : String(cause)}`,
      );
      this.settle(project, job.id, { status: 'failed', error: toAppErrorData(asKnownFailure(cause)) }, commit);
    }
  }

  /** Stores an ending other than `done`, of the job and of its run. */
  private settle(project: OpenProject, jobId: string, state: JobState, commit?: AnyCommit): void {
    try {
      if (!project.store.jobs.has(jobId)) {
        this.unwritten.delete(jobId);
        return;
      }
      const job = project.store.transaction(() => settleJob(project, jobId, state, commit));
      this.unwritten.delete(jobId);
      this.options.emit({ type: 'job', job });
      for (const what of changes[job.kind]) this.options.emit({ type: 'changed', projectId: project.id, what });
    } catch (cause) {
      if (this.unwritten.has(jobId)) return;
      this.options.log(`ending of job ${jobId}: ${cause instanceof Error ? cause.stack : String(cause)}`);
      this.unwritten.set(jobId, { project, state, ...(commit && { commit }) });
      this.options.emit({ type: 'job', job: { ...project.store.jobs.get(jobId), state } });
      this.retryTimer ??= setInterval(() => this.settleUnwritten(), retryMs).unref();
    }
  }

  private settleUnwritten(): void {
    for (const [jobId, { project, state, commit }] of this.unwritten) this.settle(project, jobId, state, commit);
    if (this.unwritten.size > 0 || this.retryTimer === null) return;
    clearInterval(this.retryTimer);
    this.retryTimer = null;
  }
}

const retryMs = 3000;

const firstState: JobState = {
  status: 'running',
  fraction: null,
  step: 'Starting',
  secondsLeft: null,
  isCancelling: false,
};

/** Writes how a job ended, and the same to its run; inside a transaction. */
export function settleJob(project: OpenProject, jobId: string, state: JobState, commit?: AnyCommit): Job {
  const job = project.store.jobs.setState(jobId, state);
  const { status } = state;
  if (job.kind === 'run' && job.runId && status !== 'queued' && status !== 'running') {
    project.store.runs.setStatus(job.runId, status, state.status === 'failed' ? state.error : null);
  }
  commit?.settle?.(project.store.jobs.input(jobId) as never, project, job);
  return job;
}

export function jobsRunning(n: number): AppError {
  return new AppError({
    code: 'JOBS_RUNNING',
    message: `${n === 1 ? 'A job is' : `${n} jobs are`} still running in this project.`,
    fix: { kind: 'cancelJobs', label: 'Wait for it or cancel it first' },
  });
}
