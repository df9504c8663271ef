import type { TaskContext } from '../../kernels/task.ts';
import type { RowSource } from '../rows.ts';
import type { Pilot } from '../services/service.ts';
import { partsOf, rechunk } from './chunking.ts';
import type { CoresetTree } from './coresetTree.ts';
import type { Leaf } from './leaves.ts';
import { breathe, PassLane } from './passLane.ts';

export interface RecalibrateOptions {
  readonly threads: number;
  /** Rounds; as many as the pilot asks for unless told. */
  readonly nRecalibrations?: number;
}

/** Weights and where they came from: the totals at a pilot. */
interface Calibrated {
  readonly pilot: Pilot;
  readonly leaves: readonly Leaf[];
}

/** Values of X (times outputs) up to which one more pass, to see whether the last round helped, costs little. */
const VERIFY_WORK = 60_000_000;

/**
 * Takes the coreset's own solution as the next pilot and calibrates again from the base weights, one pass over all rows
 * a round. That pass also gives the full-data objective at the solution, so weights can be compared by what they really
 * lead to; the best are kept. On small data one more pass judges the last round too; without it only coresets large
 * enough for a round to pay get one.
 */
export async function recalibrate(
  tree: CoresetTree,
  source: RowSource,
  { threads, nRecalibrations = tree.pilot.rounds ?? 1 }: RecalibrateOptions,
  task: TaskContext,
): Promise<void> {
  const canVerify = source.nRows * (source.nFeatures + 1) * tree.nClasses <= VERIFY_WORK;
  if (nRecalibrations === 0 || !tree.pilot.canRefit(tree.settings.size, canVerify)) return;
  let best: (Calibrated & { readonly objective: number }) | undefined;
  const nPasses = nRecalibrations + Number(canVerify);
  for (let round = 0; round < nPasses; round++) {
    const now: Calibrated = { pilot: tree.pilot, leaves: tree.leaves };
    const pilot = await tree.pilot.refit(tree.coreset(0));
    if (pilot === null) return;
    const leaves = await totalsAt(tree, pilot, source, threads, task);
    setPilot(tree, pilot, leaves);
    const loss = pilot.lossOf(tree.totals());
    if (loss === null) return;
    const objective = loss + pilot.penalty;
    if (best && objective > best.objective) return setPilot(tree, best.pilot, best.leaves);
    best = { ...now, objective };
    if (round === nRecalibrations) setPilot(tree, now.pilot, now.leaves);
  }
}

function setPilot(tree: CoresetTree, pilot: Pilot, leaves: readonly Leaf[]): void {
  tree.pilot = pilot;
  tree.leaves = leaves;
  tree.forget();
  tree.spread = null;
}

/** The leaves with their totals at another pilot. */
async function totalsAt(
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
