import { openTeam, type Team } from '../../kernels/threads/team.ts';
import { loadWasm } from '../../kernels/wasm/load.ts';
import type { Chunk } from '../rows.ts';
import type { Pilot } from '../services/service.ts';
import { notFinite } from './checks.ts';
import { blockRows, createKernels, layoutShared, N_SLOTS, sharedBytes } from './passKernel.ts';
import type { PassShape, SharedPass } from './passKernel.ts';

/** What one pass over a chunk gives. */
export interface PassResult {
  /** The chunk's rows; X, score and key are views that the next chunk but one overwrites. */
  readonly chunk: Chunk;
  readonly score: Float64Array;
  readonly key: Float64Array;
  /** Shape (nRows,): each row's part of the totals. */
  readonly part: Uint8Array;
  /** Shape (nParts, nStatistics), own copy. */
  readonly totals: Float64Array;
  /** Shape (nStatistics,), own copy: weighted squares of the statistics; zeros where the pilot has none. */
  readonly squares: Float64Array;
}

/**
 * Runs a pilot over chunks in blocks of rows on all threads. Each block sums on its own and blocks are added in order,
 * so results do not depend on the number of threads. Two chunks have room: while one is summed, the caller may read the
 * next and use the results of the former.
 */
export class PassRunner {
  private readonly shared: SharedPass;
  private readonly team: Team;
  private readonly slots: readonly ReturnType<typeof layoutShared>[];
  private begun: { readonly chunk: Chunk; readonly part: Uint8Array } | undefined;
  private slot = 0;

  private constructor(shared: SharedPass, team: Team) {
    this.shared = shared;
    this.team = team;
    this.slots = Array.from({ length: N_SLOTS }, (_, slot) => layoutShared(shared, slot));
  }

  static async open(pilot: Pilot, shape: PassShape, threads: number): Promise<PassRunner> {
    const shared: SharedPass = {
      shape,
      memory: new SharedArrayBuffer(sharedBytes(shape)),
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

  /** Copies the chunk and begins to sum it; the former one must be finished. @param part shape (nRows,) */
  begin(chunk: Chunk, part: Uint8Array): void {
    const { X, y, sampleWeight } = chunk;
    this.slot = (this.slot + 1) % N_SLOTS;
    const views = this.slots[this.slot]!;
    const n = y.length;
    views.X.set(X.data);
    views.y.set(y);
    views.part.set(part);
    if (sampleWeight === undefined) views.weight.fill(1, 0, n);
    else views.weight.set(sampleWeight);
    const data = views.X.subarray(0, X.data.length);
    this.begun = { chunk: { ...chunk, X: { ...X, data } }, part };
    this.team.begin(0, Math.ceil(n / blockRows(this.shared.shape.nRows)), [n, this.slot]);
  }

  /** Works along until the chunk begun is summed. Throws AppError FEATURE_NOT_FINITE. */
  finish(): PassResult {
    if (!this.begun) throw new Error('PassRunner.finish: nothing was begun');
    const { chunk, part } = this.begun;
    this.begun = undefined;
    this.team.finish();
    const views = this.slots[this.slot]!;
    const { nRows, nStatistics, nParts } = this.shared.shape;
    const n = chunk.y.length;
    const size = nParts * nStatistics;
    const totals = new Float64Array(size);
    const nBlocks = Math.ceil(n / blockRows(nRows));
    for (let b = 0, at = 0; b < nBlocks; b++) {
      for (let j = 0; j < size; j++, at++) totals[j]! += views.totals[at]!;
    }
    const squares = new Float64Array(nStatistics);
    for (let at = 0; at < nBlocks * nStatistics && at < views.squares.length; at++) {
      squares[at % nStatistics]! += views.squares[at]!;
    }
    for (const sum of totals) if (!Number.isFinite(sum)) throw notFinite(chunk);
    return { chunk, score: views.score.subarray(0, n), key: views.key.subarray(0, n), part, totals, squares };
  }

  close(): void {
    this.team.close();
  }
}
