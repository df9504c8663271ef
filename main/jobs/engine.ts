import { availableParallelism } from 'node:os';
import { ChannelName, channels, type Channel, type EngineEvent, type In, type Out } from '../contract/channels.ts';
import type { FileRef } from '../contract/data.ts';
import { AppError, fromAppErrorData, toAppErrorData } from '../contract/errors.ts';
import type { Job, JobKind } from '../contract/jobs.ts';
import type { Reply } from '../contract/wire.ts';
import { asKnownFailure } from '../store/failures.ts';
import { FileAccess, type AccessOptions } from './access.ts';
import { handlerOf, warmCalls } from './calls/index.ts';
import type { EngineParts } from './calls/parts.ts';
import type { JobRequest } from './handlers.ts';
import { Home } from './home.ts';
import { defaultHeapMb } from './process/memory.ts';
import { ProcessPool, type SparePolicy } from './process/pool.ts';
import { Projects, type KnownProject } from './projects.ts';
import { type Concurrency, defaultConcurrency } from './queue.ts';
import { RecentProjects } from './recent.ts';
import { type AnyCommit, commitOf } from './registry.ts';
import { JobRunner } from './runner.ts';

export interface EngineOptions {
  /** Pith's own folder; `PITH_HOME` or `~/Pith` when left out. */
  readonly home?: string;
  readonly access?: Partial<AccessOptions>;
  readonly concurrency?: Concurrency;
  /** Threads a job may use; all cores when left out. */
  readonly threads?: number;
  /** Limit of a job's JavaScript heap. */
  readonly heapMb?: number;
  readonly cancelGraceMs?: number;
  /** Keep a warm process for the next job, and load this kind's modules in it. */
  readonly spare?: SparePolicy;
  readonly preloadKind?: JobKind;
  /** Check outputs against the contract too: in development and tests. */
  readonly checksOutput?: boolean;
  /** Work (file URL of a module exporting `work`) and commit to use for a kind instead of the registry's. */
  readonly extraWork?: Partial<Readonly<Record<JobKind, string>>>;
  readonly extraCommits?: readonly AnyCommit[];
}

/** The studio without a face: answers the contract's calls, runs jobs, tells what changes. One a process. */
export class Engine {
  readonly access: FileAccess;
  readonly home: Home;
  private readonly parts: EngineParts;
  private readonly pool: ProcessPool;
  private readonly runner: JobRunner;
  private readonly projects: Projects;
  private readonly listeners = new Set<(event: EngineEvent) => void>();
  private readonly checksOutput: boolean;

  constructor(options: EngineOptions = {}) {
    this.home = new Home(options.home);
    this.access = new FileAccess(this.home, { isTrusting: false, offersDownloads: false, ...options.access });
    this.checksOutput = options.checksOutput ?? process.env['VITEST'] !== undefined;
    const recent = new RecentProjects(this.home.statePath);
    this.projects = new Projects(this.home, this.access, recent);
    this.pool = new ProcessPool({
      heapMb: options.heapMb ?? defaultHeapMb(),
      policy: options.spare ?? 'keep',
      preloadKind: options.preloadKind ?? null,
    });
    const emit = (event: EngineEvent) => this.emit(event);
    this.runner = new JobRunner({
      pool: this.pool,
      concurrency: options.concurrency ?? defaultConcurrency,
      threads: options.threads ?? availableParallelism(),
      cancelGraceMs: options.cancelGraceMs ?? 2000,
      commitOf: async (kind) => options.extraCommits?.find((commit) => commit.kind === kind) ?? commitOf(kind),
      workModuleOf: (kind) => options.extraWork?.[kind] ?? null,
      emit,
      log: (text) => this.home.log(text),
    });
    this.parts = {
      home: this.home,
      access: this.access,
      projects: this.projects,
      recent,
      runner: this.runner,
      project: (projectId: string) => this.projects.get(projectId),
      writableProject: (projectId: string) => this.projects.writable(projectId),
      resolveFile: async (file: FileRef) => this.access.resolve(file),
      resolveOutput: (path: string | undefined, name: string) => this.access.resolveOutput(path, name),
      offerDownload: (path: string) => this.access.offerDownload(path),
      submit: (request: JobRequest): Job => this.runner.submit(request, this.projects.writable(request.projectId)),
      emit,
    };
  }

  /** Forks the warm job process now. */
  forkSpare(): void {
    this.pool.warm();
  }

  /** Loads what calls and jobs will need; call it when there is nothing more urgent to do. */
  warmUp(): void {
    this.pool.warm();
    // A domain that does not load says so when it is called.
    warmCalls().catch((cause: unknown) => this.home.log(`warm-up: ${String(cause)}`));
  }

  /** Answers a call from outside: the channel and its input are checked here; never rejects. */
  async call(channel: unknown, payload: unknown): Promise<Reply> {
    try {
      const name = ChannelName.safeParse(channel);
      if (!name.success) throw unknownChannel(channel);
      return { ok: true, value: await this.answer(name.data, payload) };
    } catch (cause) {
      const error = toAppErrorData(asKnownFailure(cause));
      if (error.code === 'INTERNAL') {
        this.home.log(`call ${String(channel)}: ${cause instanceof Error ? cause.stack : String(cause)}`);
      }
      return { ok: false, error };
    }
  }

  /** A call from our own code; throws AppError. */
  async ask<C extends Channel>(channel: C, input: In<C>): Promise<Out<C>> {
    const reply = await this.call(channel, input);
    if (!reply.ok) throw fromAppErrorData(reply.error);
    return reply.value as Out<C>;
  }

  /** Queues a job; throws AppError PROJECT_NOT_OPEN or PROJECT_READ_ONLY. */
  submit(request: JobRequest): Job {
    return this.parts.submit(request);
  }

  /** Opens the project in `path`, making it there when there is none. */
  openOrCreate(path: string, name: string): KnownProject {
    return this.projects.openOrCreate(path, name);
  }

  /** @returns a function that ends it */
  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Stops: running jobs are killed and shown as interrupted, projects are closed and their locks given back. */
  async close(): Promise<void> {
    await this.runner.close();
    for (const { id } of this.projects.list()) this.projects.close(id);
  }

  private async answer(channel: Channel, payload: unknown): Promise<unknown> {
    const { input, output } = channels[channel];
    const parsed = input.safeParse(payload ?? {});
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0]!;
      throw new AppError({
        code: 'INVALID_INPUT',
        message: `${channel}: ${path.join('.') || 'input'}: ${message}`,
        cause: parsed.error,
      });
    }
    const handler = await handlerOf(channel);
    const value = await handler(parsed.data, this.parts);
    return this.checksOutput ? output.parse(value) : value;
  }

  private emit(event: EngineEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

function unknownChannel(channel: unknown): AppError {
  return new AppError({
    code: 'UNKNOWN_CALL',
    message: `This engine has no call "${String(channel).slice(0, 80)}".`,
    fix: { kind: 'reload', label: 'Reload the page: it may be of another version' },
  });
}
