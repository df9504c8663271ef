import { rm } from 'node:fs/promises';
import type { EngineEvent } from '../contract/channels.ts';
import type { Job, LogLine } from '../contract/jobs.ts';
import type { OpenProject } from './handlers.ts';
import type { Ending, JobProcess, JobProcessEvents } from './process/jobProcess.ts';
import { ProgressClock } from './progress.ts';

/** A job that logs every step must not fill the project with it. */
const maxLogLines = 5000;

interface Parts {
  readonly job: Job;
  readonly project: OpenProject;
  readonly process: JobProcess;
  readonly emit: (event: EngineEvent) => void;
  readonly log: (text: string) => void;
}

/** A job while its process lives: progress, log and curves as they arrive, cancel. */
export class RunningJob {
  readonly job: Job;
  readonly project: OpenProject;
  readonly stagingDir: string;
  isCancelling = false;
  isInterrupted = false;
  private readonly parts: Parts;
  private readonly clock = new ProgressClock(performance.now());
  private fraction: number | null = null;
  private step = 'Starting';
  private nLines = 0;
  private killTimer: NodeJS.Timeout | null = null;
  private ended: Promise<Ending> | null = null;

  constructor(parts: Parts) {
    this.parts = parts;
    this.job = parts.job;
    this.project = parts.project;
    this.stagingDir = parts.project.store.files.stagingDir(parts.job.id);
  }

  /** Resolves when the process has exited. */
  run(options: { threads: number; workModule: string | null }): Promise<Ending> {
    const { process, project, job } = this.parts;
    this.emitLive();
    const ended = new Promise<Ending>((resolve) => {
      const { files, jobs } = project.store;
      process.start(
        {
          type: 'start',
          jobId: job.id,
          kind: job.kind,
          input: jobs.input(job.id),
          projectPath: project.path,
          dataDir: files.dataDir,
          artefactsDir: files.artefactsDir,
          stagingDir: this.stagingDir,
          checkpointFile: files.checkpointPath(job.runId ?? job.id),
          ...options,
        },
        { told: (message) => this.hear(message), ended: resolve },
      );
    });
    this.ended = ended.finally(() => {
      if (this.killTimer) clearTimeout(this.killTimer);
    });
    return this.ended;
  }

  live(): Job {
    return {
      ...this.job,
      state: {
        status: 'running',
        fraction: this.fraction,
        step: this.step,
        secondsLeft: this.clock.secondsLeft(performance.now()),
        isCancelling: this.isCancelling,
      },
    };
  }

  /** Asks; kills after `graceMs`. */
  cancel(graceMs: number): void {
    if (this.isCancelling) return;
    this.isCancelling = true;
    this.parts.process.askToCancel();
    this.killTimer = setTimeout(() => this.parts.process.kill(), graceMs);
    this.emitLive();
  }

  async interrupt(): Promise<void> {
    this.isInterrupted = true;
    this.parts.process.kill();
    await this.ended;
  }

  removeStaging(): void {
    // What a job leaves is only scratch; failing to remove it must not fail the job. Opening sweeps it too.
    rm(this.stagingDir, { recursive: true, force: true }).catch(() => {});
  }

  private hear(message: Parameters<JobProcessEvents['told']>[0]): void {
    const { project, job, emit, log } = this.parts;
    try {
      if (message.type === 'progress') {
        this.fraction = this.clock.add(performance.now(), message.fraction);
        this.step = message.step || this.step;
        this.emitLive();
      } else if (message.type === 'log') {
        const lines = this.withinLimit(message.lines);
        if (lines.length === 0) return;
        project.store.jobs.addLog(job.id, lines);
        emit({ type: 'jobLog', projectId: project.id, jobId: job.id, lines });
      } else if (message.type === 'finding') {
        if (job.runId) emit({ type: 'finding', projectId: project.id, runId: job.runId, finding: message.finding });
      } else if (job.runId) {
        project.store.runs.addPoints(job.runId, message.points);
        emit({ type: 'series', projectId: project.id, runId: job.runId, points: [...message.points] });
      }
    } catch (cause) {
      // Log lines and curve points that cannot be kept (disk full) are no reason to stop the work.
      log(`job ${job.id}: ${String(cause)}`);
    }
  }

  private withinLimit(lines: readonly LogLine[]): LogLine[] {
    const kept = lines.slice(0, Math.max(0, maxLogLines - this.nLines));
    this.nLines += kept.length;
    const last = kept.at(-1);
    const isFull = last !== undefined && this.nLines === maxLogLines;
    return isFull ? [...kept, { at: last.at, text: 'The log is long enough; what follows is left out.' }] : kept;
  }

  private emitLive(): void {
    this.parts.emit({ type: 'job', job: this.live() });
  }
}
