import type { Kernels } from '../threads/chunks.ts';
import { openTeam, type Team } from '../threads/team.ts';
import type { Arena } from './arena.ts';
import { instantiate, loadWasm } from './load.ts';

/** Numbers of the kernels below, for `Team.run`. */
export const RowOp = { assign: 0, closer: 1 } as const;
/** Rows a chunk holds; fixed, so that sums come out the same for any number of threads. */
export const ROW_CHUNK = 8192;

interface Shared {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

export function createKernels(shared: unknown): Kernels {
  const { module, memory } = shared as Shared;
  const wasm = instantiate(module, memory);
  return [
    // [X, stride, n, centres, k, halfNorms, labels, weights, norms, sums, sumBytes, changed (i32 a chunk)]
    function assign(c, a) {
      const to = Math.min(a[2]!, (c + 1) * ROW_CHUNK);
      const sums = a[9]! + c * a[10]!;
      const changed = wasm.assignRows(a[0]!, a[1]!, c * ROW_CHUNK, to, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, sums);
      new Int32Array(memory.buffer, a[11]! + 4 * c, 1)[0] = changed;
    },
    // [X, stride, n, centre, closest]
    function closer(c, a) {
      wasm.closerTo(a[0]!, a[1]!, c * ROW_CHUNK, Math.min(a[2]!, (c + 1) * ROW_CHUNK), a[3]!, a[4]!);
    },
  ];
}

/** A team with the row-wise kernels (k-means) over `arena`. Close it before the arena is returned. */
export async function openRowTeam(arena: Arena, threads: number): Promise<Team> {
  const shared: Shared = { module: await loadWasm(), memory: arena.memory };
  return openTeam({ threads, kernelUrl: import.meta.url, shared, kernels: createKernels(shared) });
}
