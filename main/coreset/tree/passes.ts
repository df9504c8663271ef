import { openTeam, type Team } from '../../kernels/threads/team.ts';
import { loadWasm } from '../../kernels/wasm/load.ts';
import type { Chunk } from '../rows.ts';
import type { Pilot } from '../services/service.ts';
import { notFinite } from './checks.ts';
import { BLOCK_ROWS, createKernels, layoutShared, type PassShape, type SharedPass } from './passKernel.ts';

/** What one pass over a chunk gives; views that the next chunk overwrites. */
export interface PassResult {
  readonly score: Float64Array;
  readonly key: Float64Array;
  /** Shape (nParts, nStatistics), own copy. */
  readonly totals: Float64Array;
}

/**
 * Runs a pilot over chunks in blocks of rows on all threads. Each block sums on its own and blocks are added in order,
 * so results do not depend on the number of threads.
 */
export class PassRunner {
  private readonly shared: SharedPass;
  private readonly team: Team;
  private readonly views: ReturnType<typeof layoutShared>;

  private constructor(shared: SharedPass, team: Team) {
    this.shared = shared;
    this.team = team;
    this.views = layoutShared(shared);
  }

  static async open(pilot: Pilot, shape: PassShape, threads: number): Promise<PassRunner> {
    const bytes = layoutShared({ shape, memory: null }).bytes;
    const shared: SharedPass = {
      shape,
      memory: new SharedArrayBuffer(bytes),
      pilot: pilot.state(),
      module: await loadWasm(),
    };
    const team = await openTeam({
      threads,
      kernelUrl: import.meta.resolve('./passKernel.ts'),
      shared,
      kernels: createKernels(shared),
    });
    return new PassRunner(shared, team);
  }

  /** @param part shape (nRows,), each row's part of the totals. Throws AppError FEATURE_NOT_FINITE. */
  run(chunk: Chunk, part: Uint8Array): PassResult {
    const { X, y, sampleWeight } = chunk;
    const { views } = this;
    const { nStatistics, nParts } = this.shared.shape;
    const n = y.length;
    views.X.set(X.data);
    views.y.set(y);
    views.part.set(part);
    if (sampleWeight === undefined) views.weight.fill(1, 0, n);
    else views.weight.set(sampleWeight);
    const nBlocks = Math.ceil(n / BLOCK_ROWS);
    this.team.run(0, nBlocks, [n]);
    const size = nParts * nStatistics;
    const totals = new Float64Array(size);
    for (let b = 0; b < nBlocks; b++) {
      for (let j = 0, at = b * size; j < size; j++, at++) totals[j]! += views.totals[at]!;
    }
    for (const sum of totals) if (!Number.isFinite(sum)) throw notFinite(chunk);
    return { score: views.score.subarray(0, n), key: views.key.subarray(0, n), totals };
  }

  close(): void {
    this.team.close();
  }
}
