import type { TaskContext } from '../../kernels/task.ts';
import type { RowSource } from '../rows.ts';
import type { Pilot } from '../services/service.ts';
import { breathe, PassLane } from './passLane.ts';
import { partsOf, rechunk } from './chunking.ts';
import type { CoresetTree } from './coresetTree.ts';
import type { Leaf } from './leaves.ts';

/**
 * Takes the coreset's own solution as the next pilot and calibrates again from the base weights, one pass over all rows
 * a round. The pass also gives the full-data objective at that solution, so a round whose objective is worse than the
 * one before is taken back.
 */
export async function recalibrate(
  tree: CoresetTree,
  source: RowSource,
  { threads, nRecalibrations = 1 }: { readonly threads: number; readonly nRecalibrations?: number },
  task: TaskContext,
): Promise<void> {
  let best: { objective: number; pilot: Pilot; leaves: readonly Leaf[] } | undefined;
  for (let round = 0; round < nRecalibrations; round++) {
    const coreset = tree.coreset(0);
    if (!tree.pilot.canRefit(coreset.y.length)) return;
    const pilot = await tree.pilot.refit(coreset);
    if (pilot === null) return;
    const before = { pilot: tree.pilot, leaves: tree.leaves };
    const leaves = await totalsAt(tree, pilot, source, threads, task);
    setPilot(tree, pilot, leaves);
    const loss = pilot.lossOf(tree.totals());
    const objective = loss === null ? -Infinity : loss + pilot.penalty;
    if (best && objective > best.objective) {
      setPilot(tree, best.pilot, best.leaves);
      return;
    }
    best = { objective, ...before };
  }
}

export function setPilot(tree: CoresetTree, pilot: Pilot, leaves: readonly Leaf[]): void {
  tree.pilot = pilot;
  tree.leaves = leaves;
  tree.weights = new Map();
  tree.spread = null;
}

/** The leaves with their totals at another pilot. */
export async function totalsAt(
  tree: CoresetTree,
  pilot: Pilot,
  source: RowSource,
  threads: number,
  task: TaskContext,
): Promise<Leaf[]> {
  const { chunkSize, nParts } = tree.settings;
  const lane = new PassLane(tree, pilot, false, threads);
  const leaves: Leaf[] = [];
  let nDone = 0;
  try {
    for await (const chunk of rechunk(source.chunks(), chunkSize)) {
      const { totals } = await lane.run(chunk, partsOf(chunk.rowIds, nParts));
      leaves.push({ ...tree.leaves[leaves.length]!, totals });
      nDone += chunk.y.length;
      await breathe(task, nDone / source.nRows);
    }
  } finally {
    lane.close();
  }
  return leaves;
}
