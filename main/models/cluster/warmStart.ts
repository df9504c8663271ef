import type { Matrix } from '../../kernels/matrix.ts';
import { quietTask } from '../../kernels/task.ts';
import { returnArena, takeArena } from '../../kernels/wasm/arena.ts';
import { openRowTeam } from '../../kernels/wasm/rowKernels.ts';
import type { Rng } from '../../kernels/rng.ts';
import { KMeansRows, type Clustering } from './lloyd.ts';

export interface ClusterOptions {
  /** Random starts to try besides `centres`. */
  readonly nInit: number;
  /** Shape (k, d): centres to start from, too. */
  readonly centres?: Float64Array | undefined;
  readonly k: number;
  readonly rng: Rng;
  readonly threads?: number;
}

/** k-means on weighted rows from several starts, the best of them. Throws AppError FEATURE_HAS_MISSING, TOO_FEW_DISTINCT_ROWS. */
export async function clusterRows(
  X: Matrix,
  weight: Float64Array | undefined,
  { nInit, centres, k, rng, threads = 1 }: ClusterOptions,
): Promise<Clustering> {
  const arena = takeArena();
  const team = await openRowTeam(arena, threads);
  try {
    const rows = new KMeansRows(X, weight, arena, team);
    const starts = Array.from({ length: nInit }, (_, i) => () => rows.seed(k, rng.fork(`start ${i}`)));
    if (centres) starts.push(() => rows.centred(centres));
    let best: Clustering | undefined;
    for (const start of starts) {
      const found = await rows.lloyd(start(), { maxIter: 300, tol: 1e-6 }, quietTask);
      if (!best || found.inertia < best.inertia) best = found;
    }
    if (!best) throw new RangeError('clusterRows: no start was given');
    return best;
  } finally {
    team.close();
    returnArena(arena);
  }
}
