import type { TaskContext } from '../../kernels/task.ts';
import type { Chunk, RowSource } from '../rows.ts';
import type { Pilot } from '../services/service.ts';
import { partsOf, rechunk } from './chunking.ts';
import type { CoresetTree } from './coresetTree.ts';
import { PassRunner, type PassResult } from './passes.ts';

/** A pass runner opened at the first chunk, whose element type it takes. */
class PassLane {
  private readonly tree: CoresetTree;
  private readonly pilot: Pilot;
  private readonly hasScores: boolean;
  private readonly threads: number;
  private runner: PassRunner | undefined;

  constructor(tree: CoresetTree, pilot: Pilot, hasScores: boolean, threads: number) {
    this.tree = tree;
    this.pilot = pilot;
    this.hasScores = hasScores;
    this.threads = threads;
  }

  async begin(chunk: Chunk, part: Uint8Array): Promise<void> {
    const { settings, nFeatures } = this.tree;
    this.runner ??= await PassRunner.open(
      this.pilot,
      {
        nRows: Math.min(settings.chunkSize, Math.max(chunk.y.length, 1)),
        nFeatures,
        nStatistics: this.pilot.nStatistics,
        nParts: settings.nParts,
        isFloat32: chunk.X.data instanceof Float32Array,
        hasScores: this.hasScores,
        hasSquares: this.hasScores && this.pilot.hasSquares === true,
      },
      this.threads,
    );
    this.runner.begin(chunk, part);
  }

  finish(): PassResult {
    return this.runner!.finish();
  }

  close(): void {
    this.runner?.close();
    this.runner = undefined;
  }
}

export interface PassOptions {
  /** Pilots to run over each chunk; the first one scores rows if `hasScores`. */
  readonly pilots: readonly Pilot[];
  readonly hasScores: boolean;
  readonly threads: number;
}

/**
 * One pass over a source in chunks of a leaf's size; results come in the order of the stream, one for each pilot. While a
 * chunk is summed the next one is read and the results of the former are used.
 */
export async function* passOver(
  tree: CoresetTree,
  source: RowSource,
  { pilots, hasScores, threads }: PassOptions,
  task: TaskContext,
): AsyncGenerator<PassResult[]> {
  const { chunkSize, nParts } = tree.settings;
  const lanes = pilots.map((pilot, i) => new PassLane(tree, pilot, hasScores && i === 0, threads));
  let nDone = 0;
  let isBegun = false;
  try {
    for await (const chunk of rechunk(source, chunkSize)) {
      const former = isBegun ? lanes.map((lane) => lane.finish()) : null;
      const part = partsOf(chunk.rowIds, nParts);
      for (const lane of lanes) await lane.begin(chunk, part);
      isBegun = true;
      if (former) yield former;
      nDone += chunk.y.length;
      await breathe(task, nDone / source.nRows);
    }
    if (isBegun) yield lanes.map((lane) => lane.finish());
  } finally {
    for (const lane of lanes) lane.close();
  }
}

export async function breathe(task: TaskContext, fraction: number): Promise<void> {
  if (!task.isDue()) return;
  await task.yield();
  task.signal.throwIfAborted();
  task.report({ fraction: Math.min(1, fraction) });
}
