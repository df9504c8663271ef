import type { Kernels } from '../../../../main/kernels/threads/chunks.ts';

/** Kernel 0 adds args[0] to the chunk's own counter; kernel 1 throws. */
export function createKernels(shared: unknown): Kernels {
  const counts = new Int32Array(shared as SharedArrayBuffer);
  return [
    (chunk, args) => {
      counts[chunk]! += args[0]!;
    },
    () => {
      throw new Error('no');
    },
  ];
}
