import type { TaskContext } from '../../kernels/task.ts';
import type { Chunk } from '../rows.ts';
import type { Pilot } from '../services/service.ts';
import type { CoresetTree } from './coresetTree.ts';
import { PassRunner, type PassResult } from './passes.ts';

/** A pass runner opened at the first chunk, whose element type it takes. */
export class PassLane {
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

  async run(chunk: Chunk, part: Uint8Array): Promise<PassResult> {
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
      },
      this.threads,
    );
    return this.runner.run(chunk, part);
  }

  close(): void {
    this.runner?.close();
    this.runner = undefined;
  }
}

export async function breathe(task: TaskContext, fraction: number): Promise<void> {
  if (!task.isDue()) return;
  await task.yield();
  task.signal.throwIfAborted();
  task.report({ fraction: Math.min(1, fraction) });
}
