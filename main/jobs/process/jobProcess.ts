import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JobKind } from '../../contract/jobs.ts';
import { isOutOfMemory } from './memory.ts';
import type { FromWorker, StartMessage, ToWorker } from './messages.ts';

/** How a job's process came to its end. */
export type Ending =
  | Extract<FromWorker, { type: 'done' | 'cancelled' | 'failed' }>
  /** It died without a word. */
  | { readonly type: 'died'; readonly why: 'outOfMemory' | 'killed' | 'crashed'; readonly detail: string };

export interface JobProcessEvents {
  readonly told: (message: Exclude<FromWorker, { type: 'ready' | 'done' | 'cancelled' | 'failed' }>) => void;
  /** Once, after the process has exited. */
  readonly ended: (ending: Ending) => void;
}

const workerPath = fileURLToPath(new URL('./worker.ts', import.meta.url));
// The folder that module.enableCompileCache() takes by itself.
const compileCache = process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'node-compile-cache');
const keptStderr = 16_384;
/** A process that has said how its job ended has nothing left to do; native libraries may still hold up its exit. */
const exitGraceMs = 3000;

/**
 * How Node is started for a job. Its large arrays lie outside the heap, and DuckDB's and ours are let go only when the small
 * objects that hold them are collected: a small young generation does that in time (a coreset of 10,000,000 × 20 rows
 * peaked at 549 MB with 2 MB, at 616 with 4 MB).
 */
export const jobNodeFlags = (heapMb: number): string[] => [
  `--max-old-space-size=${heapMb}`,
  '--max-semi-space-size=2',
  '--disable-warning=ExperimentalWarning',
];

/** One job's process as the engine sees it. It may be forked before there is a job for it. */
export class JobProcess {
  private readonly child: ChildProcess;
  private stderr = '';
  private last: Exclude<Ending, { type: 'died' }> | null = null;
  private events: JobProcessEvents | null = null;
  private hasExited = false;
  private exitTimer: NodeJS.Timeout | undefined;

  constructor(heapMb: number) {
    this.child = fork(workerPath, [], {
      execArgv: jobNodeFlags(heapMb),
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      windowsHide: true,
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-keptStderr);
    });
    this.child.on('message', (message: FromWorker) => this.receive(message));
    this.child.on('error', (cause) => this.finish(String(cause), null));
    // `close` comes after the last of stderr, `exit` may come before it.
    this.child.on('close', (code, signal) => this.finish(`exit code ${code}, signal ${signal}`, signal));
    this.setWaiting(true);
  }

  get isAlive(): boolean {
    return !this.hasExited && this.child.exitCode === null && this.child.connected;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  preload(kind: JobKind): void {
    this.send({ type: 'preload', kind });
  }

  start(message: StartMessage, events: JobProcessEvents): void {
    this.events = events;
    this.setWaiting(false);
    this.send(message);
  }

  askToCancel(): void {
    this.send({ type: 'cancel' });
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** A waiting process must not keep its engine alive; a working one must. */
  private setWaiting(isWaiting: boolean): void {
    const stderr = this.child.stderr as unknown as { ref(): void; unref(): void };
    if (isWaiting) {
      this.child.unref();
      this.child.channel?.unref();
      stderr.unref();
    } else {
      this.child.ref();
      this.child.channel?.ref();
      stderr.ref();
    }
  }

  private send(message: ToWorker): void {
    if (this.child.connected) this.child.send(message, () => {});
  }

  private receive(message: FromWorker): void {
    if (message.type === 'done' || message.type === 'cancelled' || message.type === 'failed') {
      this.last = message;
      this.exitTimer = setTimeout(() => this.kill(), exitGraceMs);
    } else if (message.type !== 'ready') this.events?.told(message);
  }

  private finish(detail: string, signal: NodeJS.Signals | null): void {
    if (this.hasExited) return;
    this.hasExited = true;
    clearTimeout(this.exitTimer);
    // V8 says on stderr that its heap is full before it aborts; the system's out-of-memory killer says nothing.
    const isFull = isOutOfMemory(this.stderr);
    const why = isFull ? 'outOfMemory' : signal === 'SIGKILL' ? 'killed' : 'crashed';
    this.events?.ended(this.last ?? { type: 'died', why, detail: `${detail}\n${this.stderr}` });
  }
}
