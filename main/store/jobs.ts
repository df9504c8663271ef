import type { Job, JobKind, JobState, LogLine } from '../contract/jobs.ts';
import { AppError } from '../contract/errors.ts';
import { strictJson } from '../contract/strictJson.ts';
import type { Db } from './database.ts';
import { newId, now } from './ids.ts';

export interface NewJob {
  readonly kind: JobKind;
  readonly title: string;
  /** JSON. */
  readonly input: unknown;
  readonly runId?: string | null;
  readonly isResumable?: boolean;
}

interface JobRow {
  id: string;
  kind: JobKind;
  title: string;
  state: string;
  input: string;
  run_id: string | null;
  is_resumable: number;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}

/** Jobs and their logs. Progress of a running job lives in the engine's memory; here are its states. */
export class JobStore {
  private readonly db: Db;
  private readonly projectId: () => string;

  constructor(db: Db, projectId: () => string) {
    this.db = db;
    this.projectId = projectId;
  }

  insert(job: NewJob): Job {
    const id = newId('job');
    this.db
      .prepare(
        `INSERT INTO job (id, kind, title, status, state, input, run_id, is_resumable, created_at)
         VALUES (?, ?, ?, 'queued', '{"status":"queued"}', ?, ?, ?, ?)`,
      )
      .run(id, job.kind, job.title, strictJson(job.input ?? null), job.runId ?? null, job.isResumable ? 1 : 0, now());
    return this.get(id);
  }

  /** Newest first. */
  list(): Job[] {
    return this.db
      .prepare<[], JobRow>('SELECT * FROM job ORDER BY sequence DESC')
      .all()
      .map((row) => this.toJob(row));
  }

  /** Throws AppError JOB_NOT_FOUND. */
  get(jobId: string): Job {
    return this.toJob(this.row(jobId));
  }

  /** False when it was erased, e.g. with its run, or its insertion was rolled back. */
  has(jobId: string): boolean {
    return this.db.prepare('SELECT 1 FROM job WHERE id = ?').get(jobId) !== undefined;
  }

  input(jobId: string): unknown {
    return JSON.parse(this.row(jobId).input) as unknown;
  }

  /** Stores the state; entering `running` and leaving it set the times. */
  setState(jobId: string, state: JobState): Job {
    const at = now();
    const isOver = state.status !== 'queued' && state.status !== 'running';
    this.db
      .prepare(
        `UPDATE job SET status = @status, state = @state,
           started_at = CASE WHEN @status = 'running' THEN coalesce(started_at, @at) ELSE started_at END,
           finished_at = CASE WHEN @isOver THEN @at ELSE NULL END
         WHERE id = @jobId`,
      )
      .run({ jobId, status: state.status, state: strictJson(state), at, isOver: isOver ? 1 : 0 });
    return this.get(jobId);
  }

  setResumable(jobId: string, isResumable: boolean): void {
    this.db.prepare('UPDATE job SET is_resumable = ? WHERE id = ?').run(isResumable ? 1 : 0, jobId);
  }

  /** True when a job of this id, or of the run of this id, can be resumed or is yet to end. */
  isResumable(id: string): boolean {
    const found = this.db
      .prepare(`SELECT 1 FROM job WHERE (id = @id OR run_id = @id) AND is_resumable = 1 AND status <> 'done'`)
      .get({ id });
    return found !== undefined;
  }

  /** Jobs that were queued or running when the engine stopped. */
  unfinished(): Job[] {
    return this.db
      .prepare<[], JobRow>(`SELECT * FROM job WHERE status IN ('queued', 'running') ORDER BY sequence`)
      .all()
      .map((row) => this.toJob(row));
  }

  addLog(jobId: string, lines: readonly LogLine[]): void {
    const add = this.db.prepare('INSERT INTO job_log (job_id, at, text) VALUES (?, ?, ?)');
    this.db.transaction(() => {
      for (const { at, text } of lines) add.run(jobId, at, text);
    })();
  }

  log(jobId: string): LogLine[] {
    return this.db.prepare<[string], LogLine>('SELECT at, text FROM job_log WHERE job_id = ? ORDER BY id').all(jobId);
  }

  clearFinished(): void {
    this.db.prepare(`DELETE FROM job WHERE status NOT IN ('queued', 'running')`).run();
  }

  private row(jobId: string): JobRow {
    const row = this.db.prepare<[string], JobRow>('SELECT * FROM job WHERE id = ?').get(jobId);
    if (row) return row;
    throw new AppError({
      code: 'JOB_NOT_FOUND',
      message: 'This job is no longer in the list.',
      fix: { kind: 'openJobs', label: 'Look at the list of jobs' },
    });
  }

  private toJob(row: JobRow): Job {
    return {
      id: row.id,
      projectId: this.projectId(),
      kind: row.kind,
      title: row.title,
      state: JSON.parse(row.state) as JobState,
      createdAt: row.created_at,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      runId: row.run_id,
      isResumable: row.is_resumable === 1,
    };
  }
}
