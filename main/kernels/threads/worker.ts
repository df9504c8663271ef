/** A pooled thread: gets an order by message, then serves chunks from shared memory until the team closes. */
import { parentPort } from 'node:worker_threads';
import { ARGS, N_ARGS, Slot, takeChunks, type Kernels } from './chunks.ts';

interface Order {
  readonly ctrl: SharedArrayBuffer;
  readonly kernelUrl: string;
  readonly shared: unknown;
}

interface KernelModule {
  readonly createKernels: (shared: unknown) => Kernels;
}

// How often a thread looks for work before it sleeps: about 20 µs, less than a wake-up costs.
const SPINS = 4000;

function serve(ctrl: Int32Array, args: Float64Array, kernels: Kernels): void {
  for (;;) {
    const wake = Atomics.load(ctrl, Slot.wake);
    if (Atomics.load(ctrl, Slot.quit) !== 0) return;
    takeChunks(ctrl, args, kernels);
    let isSame = true;
    for (let spin = 0; spin < SPINS && isSame; spin++) isSame = Atomics.load(ctrl, Slot.wake) === wake;
    if (isSame) Atomics.wait(ctrl, Slot.wake, wake);
  }
}

async function obey(order: Order): Promise<void> {
  try {
    const module = (await import(order.kernelUrl)) as KernelModule;
    const kernels = module.createKernels(order.shared);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort?.postMessage({ ready: true });
    serve(new Int32Array(order.ctrl), new Float64Array(order.ctrl, ARGS, N_ARGS), kernels);
  } catch (cause) {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort?.postMessage({ error: cause instanceof Error ? cause.message : String(cause) });
  }
}

parentPort?.on('message', (order: Order) => void obey(order));
