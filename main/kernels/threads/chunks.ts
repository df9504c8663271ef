/** One numeric routine a team can run: does chunk number `chunk` of the work described by `args`. */
export type Kernel = (chunk: number, args: Float64Array) => void;
export type Kernels = readonly Kernel[];

/** Words of the control block, Int32. */
export const Slot = { wake: 0, ticket: 1, kernel: 2, nChunks: 3, nDone: 4, quit: 5, failed: 6 } as const;
/** Byte offset and count of the float64 arguments in the control block. */
export const ARGS = 64;
export const N_ARGS = 40;
export const CTRL_BYTES = ARGS + 8 * N_ARGS;

/**
 * Claims chunks until none is left. The ticket holds (generation << 16 | next chunk); a claim is one compare-exchange of
 * the whole word, so a thread that wakes late can never take part in an order it has not read.
 */
export function takeChunks(ctrl: Int32Array, args: Float64Array, kernels: Kernels): void {
  for (;;) {
    const ticket = Atomics.load(ctrl, Slot.ticket);
    const chunk = ticket & 0xffff;
    if (chunk >= Atomics.load(ctrl, Slot.nChunks)) return;
    if (Atomics.compareExchange(ctrl, Slot.ticket, ticket, ticket + 1) !== ticket) continue;
    // From here the order cannot change before this chunk is counted as done.
    try {
      kernels[Atomics.load(ctrl, Slot.kernel)]!(chunk, args);
    } catch {
      Atomics.store(ctrl, Slot.failed, 1);
    }
    if (Atomics.add(ctrl, Slot.nDone, 1) + 1 === Atomics.load(ctrl, Slot.nChunks)) Atomics.notify(ctrl, Slot.nDone);
  }
}
