import type { JobKind } from '../contract/jobs.ts';

/** Kinds that answer a question about what is there; they may run beside the one that takes all cores. */
const lightKinds: ReadonlySet<JobKind> = new Set<JobKind>(['export', 'explain', 'predict']);

export interface Concurrency {
  /** Jobs that use all cores (import, run, coreset …) at the same time. */
  readonly heavy: number;
  readonly light: number;
}

export const defaultConcurrency: Concurrency = { heavy: 1, light: 2 };

export interface Waiting {
  readonly jobId: string;
  readonly kind: JobKind;
}

/** First come, first served, within the limits. It knows names only; who runs a job tells it when that is over. */
export class JobQueue<T extends Waiting> {
  private readonly limit: Concurrency;
  private waiting: T[] = [];
  private readonly running = new Map<string, T>();

  constructor(limit: Concurrency) {
    this.limit = limit;
  }

  add(job: T): void {
    this.waiting.push(job);
  }

  /** Takes the next job that may start now, counting it as running. */
  next(): T | undefined {
    const index = this.waiting.findIndex(({ kind }) => this.hasRoom(kind));
    if (index < 0) return undefined;
    const [job] = this.waiting.splice(index, 1);
    this.running.set(job!.jobId, job!);
    return job;
  }

  nWaiting(test: (job: T) => boolean): number {
    return this.waiting.filter(test).length;
  }

  /** True when it was waiting. */
  withdraw(jobId: string): boolean {
    const before = this.waiting.length;
    this.waiting = this.waiting.filter((job) => job.jobId !== jobId);
    return this.waiting.length < before;
  }

  finish(jobId: string): void {
    this.running.delete(jobId);
  }

  private hasRoom(kind: JobKind): boolean {
    const isLight = lightKinds.has(kind);
    let nRunning = 0;
    for (const job of this.running.values()) if (lightKinds.has(job.kind) === isLight) nRunning++;
    return nRunning < (isLight ? this.limit.light : this.limit.heavy);
  }
}
