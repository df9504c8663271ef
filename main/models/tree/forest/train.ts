import type { Matrix } from '../../../kernels/matrix.ts';
import type { Team } from '../../../kernels/threads/team.ts';
import { binMatrix, learnBins, type BinMap } from '../../../kernels/trees/binning.ts';
import { joinTrees, type Ensemble } from '../../../kernels/trees/ensemble.ts';
import {
  ForestGrower,
  type ForestGrowOptions,
  type ForestTree,
  type ForestRows,
} from '../../../kernels/trees/forest.ts';
import { openTreeTeam } from '../../../kernels/trees/kernels.ts';
import { returnArena, takeArena, type Arena } from '../../../kernels/wasm/arena.ts';
import type { FitContext, TargetInfo } from '../../estimator.ts';
import { categoryLevels } from '../features.ts';
import { OutOfBag } from './outOfBag.ts';
import { featuresPerSplit, type ForestParams } from './params.ts';
import { pruneTree } from './prune.ts';

export interface Forest {
  readonly ensemble: Ensemble;
  readonly offset: number;
  /** Accuracy or R² of rows on the trees that did not see them. */
  readonly oobScore: number | undefined;
}

/** Trees grown at a time for each thread: evens out their differing sizes. */
const SLOTS_PER_THREAD = 2;

export async function growForest(
  X: Matrix,
  y: Float64Array,
  target: TargetInfo,
  params: ForestParams,
  context: FitContext,
): Promise<Forest> {
  const arena = takeArena();
  const isSmall = X.nRows * params.nEstimators < 20_000 || params.nEstimators === 1;
  const team = await openTreeTeam(arena, isSmall ? 1 : Math.min(context.threads, params.nEstimators));
  try {
    return await grow(X, y, target, params, context, arena, team);
  } finally {
    team.close();
    returnArena(arena);
  }
}

async function grow(
  X: Matrix,
  y: Float64Array,
  target: TargetInfo,
  params: ForestParams,
  context: FitContext,
  arena: Arena,
  team: Team,
): Promise<Forest> {
  const { rng, task, sampleWeight } = context;
  const map = learnBins(X, arena, team, {
    maxBins: params.maxBins,
    // Trees are grown until leaves have few rows, whatever there were at the root.
    levels: categoryLevels(X.nCols, context.features, X.nRows, Infinity),
    rng: rng.fork('bins'),
    ...(sampleWeight && { weights: sampleWeight }),
  });
  const data = binMatrix(X, map, arena, team, { needsColumns: true });
  const all = countedRows(X.nRows, sampleWeight);
  const options = growOptions(target, params, X.nCols, all);
  const { offset, centred } = target.task === 'regression' ? centre(y, all) : { offset: 0, centred: y };
  const nSlots = Math.min(params.nEstimators, SLOTS_PER_THREAD * team.threads);
  const grower = new ForestGrower(arena, team, data, centred, options, all, nSlots);
  const oob =
    params.oobScore && params.bootstrap ? new OutOfBag(centred, target, options.nClasses, data, arena) : undefined;
  const nOut = Math.max(1, options.nClasses);
  const trees: ForestTree[] = [];
  while (trees.length < params.nEstimators) {
    const count = Math.min(nSlots, params.nEstimators - trees.length);
    const rngs = Array.from({ length: count }, (_, i) => rng.fork(`tree ${trees.length + i}`));
    for (const [i, tree] of grower.grow(rngs).entries()) {
      const pruned = pruneTree(tree, params.ccpAlpha, nOut);
      trees.push(pruned);
      oob?.add(pruned, grower.rowsOf(i));
    }
    if (task.isDue()) {
      await task.yield();
      task.signal.throwIfAborted();
      task.report({ fraction: trees.length / params.nEstimators, step: `Growing, tree ${trees.length}` });
    }
  }
  return { ensemble: joined(trees, map, nOut), offset, oobScore: oob?.score(all.weights, all.rows) };
}

function joined(trees: readonly ForestTree[], map: BinMap, nOut: number): Ensemble {
  return joinTrees(trees, map, { nOut, width: nOut }, (t) => trees[t]!.value);
}

function growOptions(target: TargetInfo, params: ForestParams, d: number, all: ForestRows): ForestGrowOptions {
  const isClassification = target.task !== 'regression';
  const isEntropy = isClassification && params.criterion === 'entropy';
  const nClasses = target.task === 'regression' ? 0 : target.nClasses;
  const total = all.weights.reduce((sum, w) => sum + w, 0);
  return {
    // Two classes with gini are a regression on 0/1: half the work, the same splits.
    nClasses: nClasses > 2 || isEntropy ? Math.max(2, nClasses) : 0,
    isEntropy,
    isRandom: params.type === 'extraTrees',
    isBootstrap: params.bootstrap,
    maxFeatures: featuresPerSplit(params.maxFeatures, d, isClassification),
    maxDepth: params.maxDepth ?? Infinity,
    maxLeafNodes: params.maxLeafNodes,
    // One row is always enough for a leaf, whatever it weighs (class weights may be below 1).
    minSplitWeight: params.minSamplesSplit <= 2 ? 0 : params.minSamplesSplit,
    minLeafWeight: params.minSamplesLeaf <= 1 ? 0 : params.minSamplesLeaf,
    minDecrease: params.minImpurityDecrease * total,
  };
}

function countedRows(n: number, w: Float64Array | undefined): ForestRows {
  const rows: number[] = [];
  for (let i = 0; i < n; i++) if (!w || w[i]! > 0) rows.push(i);
  return { rows: Uint32Array.from(rows), weights: Float64Array.from(rows, (i) => (w ? w[i]! : 1)) };
}

/**
 * Targets less their mean, since squared errors of targets far from 0 cancel; in fixed point, so that sums are exact and
 * ties between splits fall the same way however rows are weighted or ordered.
 */
function centre(y: Float64Array, { rows, weights }: ForestRows): { offset: number; centred: Float64Array } {
  let [sum, total] = [0, 0];
  for (let i = 0; i < rows.length; i++) {
    sum += weights[i]! * y[rows[i]!]!;
    total += weights[i]!;
  }
  const offset = Math.fround(sum / total);
  let size = 0;
  for (let i = 0; i < rows.length; i++) size += weights[i]! * Math.abs(y[rows[i]!]! - offset);
  // Bootstrap weights may add up to more than the weights themselves: two bits to spare below 2^53.
  const unit = size > 0 ? 2 ** -Math.floor(50 - Math.log2(size)) : 1;
  return { offset, centred: y.map((v) => Math.round((v - offset) / unit) * unit) };
}
