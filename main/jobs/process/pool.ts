import type { JobKind } from '../../contract/jobs.ts';
import { JobProcess } from './jobProcess.ts';

/** Whether a process waits warm for the next job: always, for the first job only (command line), or never. */
export type SparePolicy = 'keep' | 'once' | 'none';

/** Hands out job processes and keeps one warm, so that a job starts at once instead of after Node's own start. */
export class ProcessPool {
  private readonly heapMb: number;
  private readonly policy: SparePolicy;
  private readonly preloadKind: JobKind | null;
  private spare: JobProcess | null = null;
  private timer: NodeJS.Timeout | null = null;

  /** @param preloadKind kind whose modules the warm process loads while it waits */
  constructor(options: { heapMb: number; policy: SparePolicy; preloadKind: JobKind | null }) {
    this.heapMb = options.heapMb;
    this.policy = options.policy;
    this.preloadKind = options.preloadKind;
  }

  /** Forks the warm process now. */
  warm(): void {
    if (this.policy === 'none' || this.spare?.isAlive) return;
    this.spare = new JobProcess(this.heapMb);
    if (this.preloadKind) this.spare.preload(this.preloadKind);
  }

  take(): JobProcess {
    const taken = this.spare?.isAlive ? this.spare : new JobProcess(this.heapMb);
    this.spare = null;
    // Not at once: the new job should have the cores first.
    if (this.policy === 'keep') this.timer ??= setTimeout(() => this.rewarm(), 1500).unref();
    return taken;
  }

  close(): void {
    if (this.timer) clearTimeout(this.timer);
    this.spare?.kill();
    this.spare = null;
  }

  private rewarm(): void {
    this.timer = null;
    this.warm();
  }
}
