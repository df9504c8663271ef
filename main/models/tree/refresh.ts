import type { Matrix } from '../../kernels/matrix.ts';
import { LEAF, type Ensemble } from '../../kernels/trees/ensemble.ts';
import { applyEnsemble } from '../../kernels/trees/predictor.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { Fitted } from '../estimator.ts';
import { FittedBoosting } from './boosting/fitted.ts';
import { FittedForest } from './forest/fitted.ts';
import { refreshedValues, type BoostingRefresh } from './refreshBoosting.ts';

/** What boosting needs to take its steps again; a forest only takes the weights. */
export type RefreshOptions = BoostingRefresh;

/** Rows routed at a time: leaves of all trees for them are kept in memory. */
const BLOCK_VALUES = 20_000_000;

/**
 * The same trees with leaf values refitted on the rows of X: structure from a coreset, values from all rows. A
 * forest's leaves are averages, boosting takes its Newton steps again tree by tree. Leaves that no row reaches keep their value.
 * Throws RangeError for a model that is not made of trees.
 */
export async function refreshLeaves(
  fitted: Fitted,
  X: Matrix,
  y: Float64Array,
  options: RefreshOptions,
): Promise<Fitted> {
  if (fitted instanceof FittedForest) return refreshForest(fitted, X, y, options);
  if (fitted instanceof FittedBoosting) return refreshBoosting(fitted, X, y, options);
  throw new RangeError(`refreshLeaves: ${fitted.type} has no leaves`);
}

async function refreshForest(
  fitted: FittedForest,
  X: Matrix,
  y: Float64Array,
  options: RefreshOptions,
): Promise<Fitted> {
  const e = fitted.ensemble;
  const { nOut } = e;
  const nTrees = fitted.nTrees;
  const sums = new Float64Array(e.values.length);
  const weight = new Float64Array(e.feature.length);
  await forBlocks(e, X, options.task, (leaves, start, count) => {
    for (let i = 0; i < count; i++) {
      const row = start + i;
      const w = options.sampleWeight ? options.sampleWeight[row]! : 1;
      for (let t = 0; t < nTrees; t++) {
        const leaf = leaves[i * nTrees + t]!;
        weight[leaf]! += w;
        if (nOut > 1) sums[leaf * nOut + y[row]!]! += w;
        else sums[leaf]! += w * (y[row]! - fitted.offset);
      }
    }
  });
  const values = e.values.slice();
  for (let k = 0; k < weight.length; k++) {
    if (weight[k]! > 0) for (let c = 0; c < nOut; c++) values[k * nOut + c] = sums[k * nOut + c]! / weight[k]!;
  }
  const ensemble = { ...e, values, cover: coverOf(e, weight) };
  return new FittedForest(fitted.type, fitted.target, fitted.offset, ensemble, {
    ...fitted.summary,
    refreshedRows: X.nRows,
  });
}

async function refreshBoosting(
  fitted: FittedBoosting,
  X: Matrix,
  y: Float64Array,
  options: RefreshOptions,
): Promise<Fitted> {
  const { values, weight } = await refreshedValues(fitted, X, y, options);
  const ensemble = { ...fitted.ensemble, values, cover: coverOf(fitted.ensemble, weight) };
  const summary = { ...fitted.summary, refreshedRows: X.nRows };
  return new FittedBoosting(fitted.target, fitted.link, fitted.baseline, ensemble, summary, fitted.findings);
}

/** Weight of the rows that pass each node, from that of the leaves. */
function coverOf(e: Ensemble, leafWeight: Float64Array): Float64Array {
  const cover = leafWeight.slice();
  for (let k = cover.length - 1; k >= 0; k--) {
    if (!(e.flags[k]! & LEAF)) cover[k] = cover[e.left[k]!]! + cover[e.right[k]!]!;
  }
  // A branch that no row passes keeps a trace of weight, so that shares stay defined.
  return cover.map((c) => Math.max(c, 1e-12));
}

async function forBlocks(
  e: Ensemble,
  X: Matrix,
  task: TaskContext,
  work: (leaves: Int32Array, start: number, count: number) => void,
): Promise<void> {
  const nTrees = e.roots.length - 1;
  const block = Math.max(1, Math.floor(BLOCK_VALUES / nTrees));
  for (let start = 0; start < X.nRows; start += block) {
    const count = Math.min(block, X.nRows - start);
    const data = X.data.subarray(start * X.nCols, (start + count) * X.nCols);
    work(await applyEnsemble(e, { data, nRows: count, nCols: X.nCols }), start, count);
    await task.yield();
    task.signal.throwIfAborted();
  }
}
