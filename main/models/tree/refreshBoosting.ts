import os from 'node:os';
import type { Matrix } from '../../kernels/matrix.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { Team } from '../../kernels/threads/team.ts';
import type { Ensemble } from '../../kernels/trees/ensemble.ts';
import { BinnedTrees, largestTree } from '../../kernels/trees/binnedTrees.ts';
import { CHUNK, Op, openTreeTeam, REFRESH_CHUNK } from '../../kernels/trees/kernels.ts';
import { packNodes } from '../../kernels/trees/packedNodes.ts';
import { placeEnsemble, type EnsemblePlace } from '../../kernels/trees/predictor.ts';
import { returnArena, takeArena, type Arena } from '../../kernels/wasm/arena.ts';
import type { FittedBoosting } from './boosting/fitted.ts';
import { weightedQuantile } from './boosting/loss.ts';

export interface BoostingRefresh {
  readonly sampleWeight?: Float64Array;
  readonly task: TaskContext;
  readonly threads?: number;
  /** The step of a leaf is −learningRate · G / (H + l2Regularization), within ± learningRate · maxDeltaStep. */
  readonly learningRate?: number;
  readonly l2Regularization?: number;
  readonly maxDeltaStep?: number;
  /** Set for the absolute (½) and quantile losses: leaves take this quantile of their residuals. */
  readonly quantile?: number | undefined;
}

/** Leaf values of the same trees on all rows, shape (nNodes,), and the weight of the rows in each leaf. */
export interface LeafValues {
  readonly values: Float64Array;
  readonly weight: Float64Array;
}

/**
 * Takes the Newton steps of boosting again, tree by tree, over the rows of X: every tree's gradients are those at the
 * refitted trees before it. Rows are routed, differentiated and summed in one pass a tree on all threads; sums are added
 * in a fixed order, so results do not depend on their number. Leaves that no row reaches keep their value.
 */
export async function refreshedValues(
  fitted: FittedBoosting,
  X: Matrix,
  y: Float64Array,
  options: BoostingRefresh,
): Promise<LeafValues> {
  const arena = takeArena();
  const isSmall = X.nRows < 4 * REFRESH_CHUNK;
  const team = await openTreeTeam(arena, isSmall ? 1 : (options.threads ?? os.availableParallelism()));
  try {
    return await new Refresh(arena, team, fitted, X, y, options).run();
  } finally {
    team.close();
    returnArena(arena);
  }
}

/** Number of the gradient kernel (assembly/loss.ts); softmax has one of its own. */
const KERNEL = { sigmoid: 0, identity: 1, exp: 2, softmax: -1 } as const;

class Refresh {
  private readonly arena: Arena;
  private readonly team: Team;
  private readonly fitted: FittedBoosting;
  private readonly y: Float64Array;
  private readonly options: BoostingRefresh;
  private readonly n: number;
  /** Trees as they are for numbers without gaps, else over bins. */
  private readonly trees: BinnedTrees | RawTrees;
  private readonly at: Readonly<
    Record<'y' | 'weights' | 'score' | 'g' | 'h' | 'leaf' | 'values' | 'lossSums' | 'sums', number>
  >;
  private readonly out: LeafValues;

  constructor(arena: Arena, team: Team, fitted: FittedBoosting, X: Matrix, y: Float64Array, options: BoostingRefresh) {
    this.arena = arena;
    this.team = team;
    this.fitted = fitted;
    this.y = y;
    this.options = options;
    const { ensemble: e } = fitted;
    const n = (this.n = X.nRows);
    const isPlain = e.categories.length === 0 && isComplete(X.data);
    this.trees = (!isPlain && BinnedTrees.of(e, X, arena, team)) || new RawTrees(e, X, arena, isPlain);
    const { width } = e;
    const most = largestTree(e);
    const put = (values: Float64Array) => {
      const at = arena.alloc(8 * values.length);
      arena.f64(at, values.length).set(values);
      return at;
    };
    const score = arena.alloc(8 * n * width);
    for (let k = 0; k < width; k++) arena.f64(score + 8 * n * k, n).fill(fitted.baseline[k]!);
    this.at = {
      y: put(y),
      weights: options.sampleWeight ? put(options.sampleWeight) : 0,
      score,
      g: arena.alloc(4 * n * width),
      h: arena.alloc(4 * n * width),
      leaf: arena.alloc(4 * n),
      values: arena.alloc(8 * most),
      lossSums: arena.alloc(24 * width * Math.ceil(n / Math.min(CHUNK, REFRESH_CHUNK))),
      sums: arena.alloc(24 * most * Math.ceil(n / REFRESH_CHUNK)),
    };
    this.out = { values: e.values.slice(), weight: new Float64Array(e.feature.length) };
  }

  async run(): Promise<LeafValues> {
    const { task } = this.options;
    const { roots, width } = this.fitted.ensemble;
    const nTrees = roots.length - 1;
    for (let t = 0; t < nTrees; t++) {
      this.tree(t, width);
      if (!task.isDue()) continue;
      await task.yield();
      task.signal.throwIfAborted();
      task.report({ fraction: (t + 1) / nTrees, step: `Refitting leaves, tree ${t + 1}` });
    }
    return this.out;
  }

  private tree(t: number, width: number): void {
    const { arena, team, at, n, trees } = this;
    const { ensemble: e, link } = this.fitted;
    const k = t % width;
    const root = e.roots[t]!;
    const nNodes = e.roots[t + 1]! - root;
    const isOne = width === 1;
    const nChunks = Math.ceil(n / REFRESH_CHUNK);
    if (!isOne && k === 0) {
      const { score, y, weights, g, h, lossSums } = at;
      team.run(Op.softmax, Math.ceil(n / CHUNK), [width, n, score, y, weights, g, h, lossSums]);
    }
    const score = at.score + 8 * n * k;
    const kernel = isOne ? KERNEL[link] : -1;
    // With one score the former tree's values are added in the same pass.
    const former = isOne && t > 0 ? at.values : 0;
    const [g, h] = [at.g + 4 * n * k, at.h + 4 * n * k];
    const nodeAt = trees.place(t);
    const route =
      trees instanceof RawTrees
        ? [trees.X, trees.d, trees.placed.nodes, trees.placed.bits, trees.packed, root, nNodes, 0]
        : [trees.rows.byRow, trees.rows.stride, trees.nodes, 0, 0, 0, nNodes, 1];
    const args = [n, at.leaf, former, score, kernel, at.y, at.weights, 0, g, h, at.lossSums, ...route, at.sums];
    team.run(Op.refreshTree, nChunks, args);
    const sums = new Float64Array(3 * nNodes);
    const parts = arena.f64(at.sums, 3 * nNodes * nChunks);
    for (let c = 0, p = 0; c < nChunks; c++) for (let j = 0; j < sums.length; j++, p++) sums[j]! += parts[p]!;
    this.take(nodeAt, sums, score);
    if (!isOne) team.run(Op.addReached, nChunks, [n, at.leaf, at.values, score]);
  }

  /** Values of a tree's leaves from their sums, also to where the kernels read them. */
  private take(nodeAt: Int32Array, sums: Float64Array, score: number): void {
    const { arena, at, out } = this;
    const nNodes = nodeAt.length;
    const { learningRate = 0.1, l2Regularization = 1, maxDeltaStep = 0, quantile } = this.options;
    const bound = maxDeltaStep > 0 ? maxDeltaStep : Infinity;
    const values = arena.f64(at.values, nNodes);
    const quantiles = quantile === undefined ? undefined : this.quantiles(quantile, score);
    for (let j = 0; j < nNodes; j++) {
      const node = nodeAt[j]!;
      const weight = sums[3 * j + 2]!;
      if (weight > 0) {
        const step = quantiles?.get(j) ?? -sums[3 * j]! / (sums[3 * j + 1]! + l2Regularization + 1e-12);
        out.values[node] = learningRate * Math.min(Math.max(step, -bound), bound);
        out.weight[node] = weight;
      }
      values[j] = out.values[node]!;
    }
  }

  /** Quantile of the residuals in each leaf. */
  private quantiles(alpha: number, score: number): Map<number, number> {
    const { arena, at, n, y } = this;
    const reached = arena.i32(at.leaf, n);
    const scores = arena.f64(score, n);
    const members = new Map<number, number[]>();
    for (let i = 0; i < n; i++) {
      const rows = members.get(reached[i]!);
      if (rows) rows.push(i);
      else members.set(reached[i]!, [i]);
    }
    const w = this.options.sampleWeight;
    return new Map(
      [...members].map(([leaf, rows]) => {
        const residuals = Float64Array.from(rows, (i) => y[i]! - scores[i]!);
        return [leaf, weightedQuantile(residuals, w && Float64Array.from(rows, (i) => w[i]!), alpha)];
      }),
    );
  }
}

/** By index: a callback a value costs as much as routing a tree. */
function isComplete(values: Float32Array | Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]!)) return false;
  return true;
}

/** Trees over raw values in shared memory. */
class RawTrees {
  readonly X: number;
  readonly d: number;
  readonly placed: EnsemblePlace;
  readonly packed: number;
  private readonly e: Ensemble;

  constructor(e: Ensemble, X: Matrix, arena: Arena, isPlain: boolean) {
    this.e = e;
    this.d = X.nCols;
    this.placed = placeEnsemble(e, arena);
    this.packed = isPlain ? packNodes(e, this.placed, arena) : 0;
    this.X = arena.alloc(4 * X.nRows * X.nCols);
    arena.f32(this.X, X.nRows * X.nCols).set(X.data);
  }

  /** Number in the ensemble of each node of tree t. */
  place(t: number): Int32Array {
    return this.placed.nodeAt.subarray(this.e.roots[t]!, this.e.roots[t + 1]!);
  }
}
