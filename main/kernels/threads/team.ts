import { Worker } from 'node:worker_threads';
import { ARGS, CTRL_BYTES, N_ARGS, Slot, takeChunks, type Kernels } from './chunks.ts';

export interface TeamOptions {
  /** Threads that work, the caller's included; 1 starts no worker. */
  readonly threads: number;
  /** `import.meta.url`-style address of a module that exports `createKernels(shared): Kernels`. */
  readonly kernelUrl: string;
  /** Handed to `createKernels` in every thread: shared memory, a compiled WebAssembly module, plain data. */
  readonly shared: unknown;
  /** The caller's own kernels, made from the same `shared`. */
  readonly kernels: Kernels;
}

/**
 * Threads that work through numbered chunks of one kernel at a time. `run` blocks the caller, who works along, until all
 * chunks are done; nobody waits for a thread that the machine has not scheduled. Any thread may take any chunk, so a
 * kernel must write only what its chunk owns: then results do not depend on the number of threads.
 */
export class Team {
  private readonly ctrl: Int32Array;
  private readonly args: Float64Array;
  private readonly kernels: Kernels;
  private readonly workers: readonly PooledWorker[];
  private generation = 0;
  private isClosed = false;
  private order: { readonly kernel: number; readonly nChunks: number } | undefined;

  /** Use `openTeam`, which waits for the workers. */
  constructor(ctrl: SharedArrayBuffer, kernels: Kernels, workers: readonly PooledWorker[]) {
    this.ctrl = new Int32Array(ctrl);
    this.args = new Float64Array(ctrl, ARGS, N_ARGS);
    this.kernels = kernels;
    this.workers = workers;
  }

  get threads(): number {
    return this.workers.length + 1;
  }

  /** Calls `kernels[kernel](chunk, args)` for chunk = 0 … nChunks-1 (< 65,535), in any order, on all threads. */
  run(kernel: number, nChunks: number, args: readonly number[]): void {
    this.begin(kernel, nChunks, args);
    this.finish();
  }

  /** As `run` without the caller, who may do something else until `finish`. One order at a time. */
  begin(kernel: number, nChunks: number, args: readonly number[]): void {
    if (this.isClosed) throw new Error('Team.run: the team is closed');
    if (this.order) throw new Error('Team.begin: the former order is not finished');
    const { ctrl } = this;
    for (let i = 0; i < args.length; i++) this.args[i] = args[i]!;
    this.order = { kernel, nChunks };
    if (this.workers.length === 0 || nChunks === 1) return;
    this.generation = (this.generation + 1) & 0x7fff;
    // Close the old ticket first: nobody can claim while the order changes.
    Atomics.store(ctrl, Slot.ticket, (this.generation << 16) | 0xffff);
    Atomics.store(ctrl, Slot.kernel, kernel);
    Atomics.store(ctrl, Slot.nChunks, nChunks);
    Atomics.store(ctrl, Slot.nDone, 0);
    Atomics.store(ctrl, Slot.ticket, this.generation << 16);
    Atomics.add(ctrl, Slot.wake, 1);
    Atomics.notify(ctrl, Slot.wake);
  }

  /** Works along until the order is done; nothing when there is none. */
  finish(): void {
    const { ctrl, order } = this;
    if (!order) return;
    this.order = undefined;
    const { kernel, nChunks } = order;
    if (this.workers.length === 0 || nChunks === 1) {
      const work = this.kernels[kernel]!;
      for (let chunk = 0; chunk < nChunks; chunk++) work(chunk, this.args);
      return;
    }
    takeChunks(ctrl, this.args, this.kernels);
    for (;;) {
      let done = Atomics.load(ctrl, Slot.nDone);
      for (let spin = 0; done < nChunks && spin < 2000; spin++) done = Atomics.load(ctrl, Slot.nDone);
      if (done >= nChunks) break;
      Atomics.wait(ctrl, Slot.nDone, done, 100);
    }
    if (Atomics.load(ctrl, Slot.failed) !== 0) throw new Error(`Team.run: kernel ${kernel} failed in a thread`);
  }

  /** Gives the workers back; call it in `finally`. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    Atomics.store(this.ctrl, Slot.quit, 1);
    Atomics.add(this.ctrl, Slot.wake, 1);
    Atomics.notify(this.ctrl, Slot.wake);
    for (const worker of this.workers) release(worker);
  }
}

/** Opens a team; its workers come from a pool of this process and go back there on `close`. */
export async function openTeam({ threads, kernelUrl, shared, kernels }: TeamOptions): Promise<Team> {
  const ctrl = new SharedArrayBuffer(CTRL_BYTES);
  const workers: PooledWorker[] = [];
  try {
    for (let i = 1; i < threads; i++) workers.push(acquire());
    await Promise.all(workers.map((worker) => worker.start({ ctrl, kernelUrl, shared })));
    return new Team(ctrl, kernels, workers);
  } catch (cause) {
    for (const worker of workers) worker.terminate();
    throw cause;
  }
}

/** Stops the idle workers of this process (tests; the pool never keeps a process alive). */
export function closeIdleWorkers(): void {
  for (const worker of idle.splice(0)) worker.terminate();
}

interface Order {
  readonly ctrl: SharedArrayBuffer;
  readonly kernelUrl: string;
  readonly shared: unknown;
}

class PooledWorker {
  private readonly worker: Worker;
  isBroken = false;

  constructor() {
    this.worker = new Worker(new URL('./worker.ts', import.meta.url), { execArgv: [] });
    this.worker.unref();
  }

  /** Resolves when the worker has its kernels and waits for chunks. */
  start(order: Order): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (failure?: unknown) => {
        this.worker.off('message', onMessage);
        this.worker.off('error', onError);
        this.worker.unref();
        if (failure === undefined) return resolve();
        this.isBroken = true;
        reject(failure instanceof Error ? failure : new Error(String(failure)));
      };
      const onMessage = (message: { readonly ready?: boolean; readonly error?: string }) => {
        if (message.ready) settle();
        else if (message.error !== undefined) settle(new Error(message.error));
      };
      const onError = (cause: unknown) => settle(cause);
      this.worker.ref();
      this.worker.on('message', onMessage);
      this.worker.on('error', onError);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      this.worker.postMessage(order);
    });
  }

  terminate(): void {
    void this.worker.terminate();
  }
}

const idle: PooledWorker[] = [];

function acquire(): PooledWorker {
  return idle.pop() ?? new PooledWorker();
}

function release(worker: PooledWorker): void {
  if (worker.isBroken) worker.terminate();
  else idle.push(worker);
}
