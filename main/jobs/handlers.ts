/**
 * The two kinds of code that plug into the engine:
 *  - call handlers answer a channel at once, in the engine process (main/jobs/calls/*.ts, one file a domain);
 *  - a job kind has two halves: `work` runs in a process of its own and touches no database,
 *    `commit` runs in the engine and writes the outcome to the store in one transaction (main/jobs/kinds/<kind>/).
 */
import type { Channel, EngineEvent, Out, Parsed } from '../contract/channels.ts';
import type { FileRef } from '../contract/data.ts';
import type { Job, JobKind } from '../contract/jobs.ts';
import type { RunFinding } from '../contract/run.ts';
import type { TaskContext } from '../kernels/task.ts';
import type { ProjectStore } from '../store/projectStore.ts';

/** A project this engine has open. */
export interface OpenProject {
  readonly id: string;
  readonly name: string;
  /** Folder that holds project.db, data/ and artifacts/. */
  readonly path: string;
  readonly isReadOnly: boolean;
  readonly store: ProjectStore;
}

/** What call handlers work with. */
export interface EngineContext {
  /** Throws AppError PROJECT_NOT_OPEN. */
  project(projectId: string): OpenProject;
  /** Throws AppError PROJECT_READ_ONLY. */
  writableProject(projectId: string): OpenProject;
  /** Path on disk of a file the person opened; throws AppError FILE_NOT_ALLOWED for any other. */
  resolveFile(file: FileRef): Promise<string>;
  /**
   * Path to write an output to: `path` when the person chose it (throws AppError FILE_NOT_ALLOWED when not),
   * else a fresh place of this name outside any project, meant for `offerDownload`.
   */
  resolveOutput(path: string | undefined, name: string): string;
  /** One-time token under which the browser may fetch `path` (also one a job will write); null where paths do. */
  offerDownload(path: string): string | null;
  /** Queues a job; `input` must be JSON. */
  submit(request: JobRequest): Job;
  emit(event: EngineEvent): void;
}

export interface JobRequest {
  readonly projectId: string;
  readonly kind: JobKind;
  readonly title: string;
  readonly input: unknown;
  readonly runId?: string;
  readonly isResumable?: boolean;
}

export type CallHandlers = {
  readonly [C in Channel]?: (input: Parsed<C>, engine: EngineContext) => Promise<Out<C>> | Out<C>;
};

/** What a job's work may use, in its own process. */
export interface JobContext extends TaskContext {
  readonly jobId: string;
  /** Project folder; immutable data versions are `dataDir/<hash>.parquet`. */
  readonly projectPath: string;
  readonly dataDir: string;
  readonly artefactsDir: string;
  /** Empty folder of this job; files left here can be committed as artefacts, the rest is swept. */
  readonly stagingDir: string;
  /** Where a job keeps how far it has come; outlives the job until its run (or itself) is done. May not exist. */
  readonly checkpointFile: string;
  readonly threads: number;
  /** Shown beside the run while it goes on; its result has them again. */
  finding(finding: RunFinding): void;
}

export interface JobKindHandler<Input, Outcome> {
  readonly kind: JobKind;
  /** Runs in the job process. `Input` and `Outcome` are JSON; files go to `context.stagingDir`. */
  work(input: Input, context: JobContext): Promise<Outcome>;
}

export interface JobCommit<Input, Outcome> {
  readonly kind: JobKind;
  /** Runs in the engine, inside one transaction; returns the result's id for `JobState.done`. */
  commit(outcome: Outcome, input: Input, project: OpenProject, job: Job, stagingDir: string): string | null;
  /** Called when the job failed, was cancelled or interrupted, so that e.g. its run shows it. */
  settle?(input: Input, project: OpenProject, job: Job): void;
}
