import type { Matrix } from '../../kernels/matrix.ts';
import { LEAF, type Ensemble } from '../../kernels/trees/ensemble.ts';
import { applyEnsemble } from '../../kernels/trees/predictor.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { Fitted } from '../estimator.ts';
import { FittedBoosting } from './boosting/fitted.ts';
import { FittedForest } from './forest/fitted.ts';

export interface RefreshOptions {
  readonly sampleWeight?: Float64Array;
  readonly task: TaskContext;
  /** Boosting: as in the fit; the step of a leaf is −learningRate · G / (H + l2). */
  readonly learningRate?: number;
  readonly l2Regularization?: number;
}

/** Rows routed at a time: leaves of all trees for them are kept in memory. */
const BLOCK_VALUES = 20_000_000;

/**
 * The same trees with leaf values refitted on the rows of X: structure from a coreset, values from all rows. One routing
 * pass; boosting then takes its Newton steps tree by tree. Leaves that no row reaches keep their value.
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
  const e = fitted.ensemble;
  const n = X.nRows;
  const nTrees = e.roots.length - 1;
  const { width } = e;
  const rate = options.learningRate ?? 0.1;
  const l2 = options.l2Regularization ?? 1;
  // Leaves of a tree for all rows, tree-major: the gradients of a tree need every row's score so far.
  const leafOf = new Int32Array(n * nTrees);
  await forBlocks(e, X, options.task, (leaves, start, count) => {
    for (let i = 0; i < count; i++)
      for (let t = 0; t < nTrees; t++) leafOf[t * n + start + i] = leaves[i * nTrees + t]!;
  });
  const score = new Float64Array(n * width);
  for (let i = 0; i < score.length; i++) score[i] = fitted.baseline[i % width]!;
  const values = e.values.slice();
  const weight = new Float64Array(e.feature.length);
  const p = new Float64Array(n * width);
  for (let t = 0; t < nTrees; t++) {
    const k = t % width;
    if (k === 0) probabilities(fitted, score, width, p);
    const G = new Map<number, number>();
    const H = new Map<number, number>();
    for (let i = 0; i < n; i++) {
      const w = options.sampleWeight ? options.sampleWeight[i]! : 1;
      if (w === 0) continue;
      const leaf = leafOf[t * n + i]!;
      const [g, h] = derivatives(fitted.link, p[i * width + k]!, y[i]!, k);
      G.set(leaf, (G.get(leaf) ?? 0) + w * g);
      H.set(leaf, (H.get(leaf) ?? 0) + w * h);
      weight[leaf]! += w;
    }
    for (const [leaf, g] of G) values[leaf] = (-rate * g) / (H.get(leaf)! + l2 + 1e-12);
    for (let i = 0; i < n; i++) score[i * width + k]! += values[leafOf[t * n + i]!]!;
    if (options.task.isDue()) {
      await options.task.yield();
      options.task.signal.throwIfAborted();
      options.task.report({ fraction: (t + 1) / nTrees, step: `Refitting leaves, tree ${t + 1}` });
    }
  }
  const ensemble = { ...e, values, cover: coverOf(e, weight) };
  return new FittedBoosting(fitted.target, fitted.link, fitted.baseline, ensemble, {
    ...fitted.summary,
    refreshedRows: n,
  });
}

function probabilities(fitted: FittedBoosting, score: Float64Array, width: number, p: Float64Array): void {
  for (let at = 0; at < score.length; at += width) {
    if (fitted.link !== 'softmax') {
      const s = score[at]!;
      p[at] = fitted.link === 'sigmoid' ? 1 / (1 + Math.exp(-s)) : fitted.link === 'exp' ? Math.exp(s) : s;
      continue;
    }
    let [top, sum] = [-Infinity, 0];
    for (let k = 0; k < width; k++) top = Math.max(top, score[at + k]!);
    for (let k = 0; k < width; k++) sum += p[at + k] = Math.exp(score[at + k]! - top);
    for (let k = 0; k < width; k++) p[at + k]! /= sum;
  }
}

function derivatives(link: FittedBoosting['link'], p: number, y: number, k: number): readonly [number, number] {
  switch (link) {
    case 'sigmoid':
      return [p - y, p * (1 - p)];
    case 'softmax':
      return [p - Number(y === k), p * (1 - p)];
    case 'exp':
      return [p - y, p];
    case 'identity':
      return [p - y, 1];
  }
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
