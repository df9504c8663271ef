import type { TaskContext } from '../../kernels/task.ts';
import type { RowSource } from '../rows.ts';
import type { Pilot } from '../services/service.ts';
import type { CoresetTree } from './coresetTree.ts';
import type { Leaf } from './leaves.ts';
import { passOver } from './passLane.ts';

export interface RecalibrateOptions {
  readonly threads: number;
  /** Most rounds; as many as the pilot asks for unless told, else 3 where each can be verified and 1 where not. */
  readonly nRecalibrations?: number;
}

/** Weights and where they came from: the totals at a pilot. */
interface Calibrated {
  readonly pilot: Pilot;
  readonly leaves: readonly Leaf[];
}

/** Values of X (times outputs) up to which one more pass, to see whether the last round helped, costs little. */
const VERIFY_WORK = 60_000_000;

/** A verified round that lowers the full-data objective by less than this share is the last. */
const LEAST_GAIN = 2e-5;

/**
 * Takes the coreset's own solution as the next pilot and calibrates again from the base weights, one pass over all rows
 * a round. That pass also gives the full-data objective at the solution, so weights can be compared by what they really
 * lead to; the best are kept. On small data one more pass judges the last round too, and rounds go on while they pay;
 * without it only coresets large enough for a round to pay get one.
 */
export async function recalibrate(
  tree: CoresetTree,
  source: RowSource,
  { threads, nRecalibrations }: RecalibrateOptions,
  task: TaskContext,
): Promise<void> {
  const canVerify = source.nRows * (source.nFeatures + 1) * tree.nClasses <= VERIFY_WORK;
  const nRounds = nRecalibrations ?? tree.pilot.rounds ?? (canVerify ? 3 : 1);
  if (nRounds === 0 || !tree.pilot.canRefit(tree.settings.size, canVerify)) return;
  let best: (Calibrated & { readonly objective: number }) | undefined;
  const nPasses = nRounds + Number(canVerify);
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
    const isLast = round === nRounds || (best !== undefined && best.objective - objective < LEAST_GAIN * objective);
    if (isLast) return setPilot(tree, now.pilot, now.leaves);
    best = { ...now, objective };
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
  const leaves: Leaf[] = [];
  for await (const [pass] of passOver(tree, source, { pilots: [pilot], hasScores: false, threads }, task)) {
    leaves.push({ ...tree.leaves[leaves.length]!, totals: pass!.totals });
  }
  return leaves;
}
