import { takeValues, type Matrix } from '../../../kernels/matrix.ts';
import { permutation } from '../../../kernels/rng.ts';
import type { Team } from '../../../kernels/threads/team.ts';
import { binMatrix, learnBins, type BinMap, type BinnedRows } from '../../../kernels/trees/binning.ts';
import { joinTrees, type Ensemble } from '../../../kernels/trees/ensemble.ts';
import { TreeGrower, type GrowOptions, type Scales } from '../../../kernels/trees/grower.ts';
import { CHUNK, Op, openTreeTeam } from '../../../kernels/trees/kernels.ts';
import type { BinnedTree } from '../../../kernels/trees/treeArrays.ts';
import type { GrowPlace } from '../../../kernels/trees/wholeTrees.ts';
import { returnArena, takeArena, type Arena } from '../../../kernels/wasm/arena.ts';
import type { FitRows } from '../../common/holdOut.ts';
import type { FitContext } from '../../estimator.ts';
import { categoryLevels, monotoneSigns } from '../features.ts';
import { linked, LINKS } from './link.ts';
import { weightedQuantile, type Loss } from './loss.ts';
import type { BoostingParams } from './params.ts';

/** Rows a level must have on average for splits into sets of more than a few levels (LightGBM's min_data_per_group). */
const ROWS_PER_LEVEL = 100;

export interface Boosted {
  readonly ensemble: Ensemble;
  readonly baseline: Float64Array;
  readonly bestIter: number;
  readonly nIter: number;
  readonly trainLoss: number;
  /** Of the rows held out; null where none are. */
  readonly holdOutLoss: number | null;
}

/** Rows whose loss is shown live: enough for a curve, too few to cost anything; and of the loss at the end. */
const CURVE_ROWS = 512;
const LAST_ROWS = 4096;

/** What is boosted, and what is only looked at. */
export interface BoostingRows {
  readonly train: FitRows;
  /** Stops the boosting; null where it is not to stop early. */
  readonly held: FitRows | null;
}

/** Boosts `loss` on the training rows; the same result for any number of threads. */
export async function boost(
  rows: BoostingRows,
  loss: Loss,
  params: BoostingParams,
  context: FitContext,
): Promise<Boosted> {
  const { nRows, nCols } = rows.train.X;
  const arena = takeArena();
  const team = await openTreeTeam(arena, nRows * nCols < 100_000 ? 1 : context.threads);
  try {
    const run = new BoostingRun(arena, team, rows, loss, params, context);
    return await run.train();
  } finally {
    team.close();
    returnArena(arena);
  }
}

/** Rows that trees are not grown on, with their raw scores, shape (nScores, n), kept up tree by tree. */
interface Followed {
  readonly data: BinnedRows;
  readonly scores: number;
}

class BoostingRun {
  private readonly arena: Arena;
  private readonly team: Team;
  private readonly rows: FitRows;
  private readonly held: FitRows | null;
  private readonly loss: Loss;
  private readonly params: BoostingParams;
  private readonly context: FitContext;
  private readonly map: BinMap;
  private readonly data: BinnedRows;
  private readonly followedHeld: Followed | null;
  private readonly followedWatch: Followed | null;
  private readonly grower: TreeGrower;
  private readonly at: Readonly<Record<'score' | 'y' | 'weights' | 'g' | 'h' | 'sums', number>>;
  private readonly counted: Uint32Array;
  private readonly baseline: Float64Array;
  private routeAt = 0;
  private routeSize = 0;

  constructor(
    arena: Arena,
    team: Team,
    { train, held }: BoostingRows,
    loss: Loss,
    params: BoostingParams,
    context: FitContext,
  ) {
    this.arena = arena;
    this.team = team;
    this.rows = train;
    this.held = held;
    this.loss = loss;
    this.params = params;
    this.context = context;
    const { X, y, w } = train;
    const n = X.nRows;
    const levels = categoryLevels(X.nCols, context.features, w ? w.reduce((a, b) => a + b, 0) : n, ROWS_PER_LEVEL);
    this.map = learnBins(X, arena, team, {
      maxBins: params.maxBins,
      levels,
      rng: context.rng.fork('bins'),
      ...(w && { weights: w }),
    });
    this.data = binMatrix(X, this.map, arena, team, { needsColumns: true });
    this.baseline = loss.baseline(y, w);
    this.at = {
      score: this.startScores(n),
      y: this.put(y),
      weights: w ? this.put(w) : 0,
      g: arena.alloc(4 * n * loss.nScores),
      h: arena.alloc(4 * n * loss.nScores),
      sums: arena.alloc(24 * loss.nScores * Math.ceil(n / CHUNK)),
    };
    this.grower = new TreeGrower(
      arena,
      team,
      this.data,
      this.at.weights,
      growOptions(params, loss, X.nCols, context),
      loss.nScores,
    );
    this.counted = countedRows(n, w);
    this.followedHeld = held && this.follow(held.X);
    this.followedWatch = context.watch ? this.follow(context.watch.X) : null;
  }

  private follow(X: Matrix): Followed {
    const data = binMatrix(X, this.map, this.arena, this.team, { needsColumns: false });
    return { data, scores: this.startScores(X.nRows) };
  }

  async train(): Promise<Boosted> {
    const { params, loss, context, held, followedHeld } = this;
    const { task } = context;
    const trees: BinnedTree[] = [];
    const curveRows = someOf(this.counted, CURVE_ROWS);
    let best = { loss: Infinity, iter: 0 };
    let holdOutLoss: number | null = null;
    let iter = 0;
    while (iter < params.maxIter) {
      iter++;
      trees.push(...this.round(iter));
      task.point('loss.train', iter, this.lossOn(curveRows));
      this.tellWatch(iter);
      if (held && followedHeld) {
        holdOutLoss = loss.value(this.view(followedHeld.scores, held.y.length), held.y, held.w);
        task.point('loss.holdOut', iter, holdOutLoss);
        if (holdOutLoss < best.loss - params.tol) best = { loss: holdOutLoss, iter };
        if (iter - best.iter >= params.nIterNoChange) break;
      }
      if (task.isDue()) {
        await task.yield();
        task.signal.throwIfAborted();
        task.report({ fraction: iter / params.maxIter, step: `Boosting, tree ${iter}` });
      }
    }
    const trainLoss = this.lossOn(someOf(this.counted, LAST_ROWS));
    const bestIter = best.iter > 0 ? best.iter : iter;
    const kept = trees.slice(0, bestIter * loss.nScores);
    const ensemble = joinTrees(kept, this.map, { nOut: 1, width: loss.nScores }, (t) => kept[t]!.value);
    return { ensemble, baseline: this.baseline, bestIter, nIter: iter, trainLoss, holdOutLoss };
  }

  private tellWatch(iter: number): void {
    const { loss, followedWatch, context } = this;
    if (!followedWatch) return;
    const { n } = followedWatch.data;
    const scores = this.view(followedWatch.scores, n);
    const raw = new Float64Array(scores.length);
    for (let k = 0, at = 0; k < loss.nScores; k++)
      for (let i = 0; i < n; i++) raw[i * loss.nScores + k] = scores[at++]!;
    context.watch!.told(iter, linked(LINKS[loss.kind], raw, n));
  }

  /** One tree per score, added to all scores. */
  private round(iter: number): BinnedTree[] {
    const { team, at, loss, params, rows } = this;
    const n = rows.X.nRows;
    const nChunks = Math.ceil(n / CHUNK);
    if (loss.kind === 'softmax') {
      team.run(Op.softmax, nChunks, [loss.nScores, n, at.score, at.y, at.weights, at.g, at.h, at.sums]);
    } else {
      team.run(Op.gradients, nChunks, [loss.kernel, n, at.score, at.y, at.weights, loss.alpha, at.g, at.h, at.sums]);
    }
    const rng = this.context.rng.fork(`round ${iter}`);
    const sample = this.sampleRows(params, rng);
    const active = sampleFeatures(rows.X.nCols, params.colsampleByTree, rng);
    const trees: BinnedTree[] = [];
    const { places } = this.grower;
    const nRows = sample.inside.length;
    for (let first = 0; first < loss.nScores; first += places.length) {
      const jobs = places.slice(0, loss.nScores - first).map((place, i) => {
        const k = first + i;
        const scales = this.scales(k, nChunks);
        const [g, h] = [at.g + 4 * n * k, at.h + 4 * n * k];
        team.run(Op.quantise, nChunks, [n, g, h, at.weights, scales.g, scales.h, place.gh]);
        this.arena.u32(place.rows, nRows).set(sample.inside);
        return { nRows, scales };
      });
      this.grower.grow(jobs, active).forEach((tree, i) => {
        this.finishValues(tree, places[i]!);
        this.addToScores(tree, first + i, sample, places[i]!);
        trees.push(tree);
      });
    }
    return trees;
  }

  /** Fixed-point scales: powers of two, so that rounding is the same however rows are weighted; sums stay below 2^30. */
  private scales(k: number, nChunks: number): Scales {
    const { nScores } = this.loss;
    const sums = this.arena.f64(this.at.sums, 3 * nScores * nChunks);
    let [g, h] = [0, 0];
    for (let c = 0; c < nChunks; c++) {
      g += sums[3 * (c * nScores + k)]!;
      h += sums[3 * (c * nScores + k) + 1]!;
    }
    return { g: powerScale(g), h: powerScale(h) };
  }

  private finishValues(tree: BinnedTree, place: GrowPlace): void {
    const { loss, params } = this;
    if (loss.isRefitted) this.refitQuantiles(tree, place);
    const bound = params.maxDeltaStep || Infinity;
    for (let node = 0; node < tree.nNodes; node++) {
      const value = Math.min(Math.max(tree.value[node]!, -bound), bound);
      tree.value[node] = params.learningRate * value;
    }
  }

  private refitQuantiles(tree: BinnedTree, place: GrowPlace): void {
    const score = this.view(this.at.score, this.rows.y.length);
    const { y, w } = this.rows;
    for (const { node, from, to } of tree.leaves) {
      const members = this.arena.u32(place.rows + 4 * from, to - from);
      const residuals = Float64Array.from(members, (i) => y[i]! - score[i]!);
      const weights = w && Float64Array.from(members, (i) => w[i]!);
      tree.value[node] = weightedQuantile(residuals, weights, this.loss.alpha);
    }
  }

  private addToScores(tree: BinnedTree, k: number, sample: RowSample, place: GrowPlace): void {
    const { team, grower, at, rows, data } = this;
    grower.addLeafValues(tree, place, sample.inside.length, at.score + 8 * rows.X.nRows * k);
    const followed = [this.followedHeld, this.followedWatch].filter((rows) => rows !== null);
    if (sample.outside.length === 0 && followed.length === 0) return;
    const { nodes, bits } = this.routeTables(tree);
    if (sample.outside.length > 0) {
      const outside = place.rows;
      this.arena.u32(outside, sample.outside.length).set(sample.outside);
      const nChunks = Math.ceil(sample.outside.length / CHUNK);
      const score = at.score + 8 * rows.X.nRows * k;
      team.run(Op.routeBinned, nChunks, [
        data.byRow,
        data.stride,
        outside,
        sample.outside.length,
        nodes,
        bits,
        score,
        0,
      ]);
    }
    for (const { data: more, scores } of followed) {
      const args = [more.byRow, more.stride, 0, more.n, nodes, bits, scores + 8 * more.n * k, 0];
      team.run(Op.routeBinned, Math.ceil(more.n / CHUNK), args);
    }
  }

  /** The tree in the layout of assembly/route.ts. */
  private routeTables(tree: BinnedTree): { nodes: number; bits: number } {
    if (tree.nNodes > this.routeSize) {
      this.routeSize = Math.max(256, 2 * tree.nNodes);
      this.routeAt = this.arena.alloc(64 * this.routeSize);
    }
    const nodes = this.routeAt;
    const bits = nodes + 32 * this.routeSize;
    const words = this.arena.i32(nodes, 8 * tree.nNodes);
    const values = this.arena.f64(nodes, 4 * tree.nNodes);
    for (let k = 0; k < tree.nNodes; k++) {
      words[8 * k] = tree.feature[k]!;
      words[8 * k + 1] = tree.bin[k]!;
      words[8 * k + 2] = tree.left[k]!;
      words[8 * k + 3] = tree.right[k]!;
      words[8 * k + 4] = tree.missingLeft[k]!;
      words[8 * k + 5] = tree.bin[k]! < 0 ? 1 : 0;
      values[4 * k + 3] = tree.value[k]!;
    }
    this.arena.u8(bits, 32 * tree.nNodes).set(tree.bits);
    return { nodes, bits };
  }

  private sampleRows(params: BoostingParams, rng: FitContext['rng']): RowSample {
    const { counted } = this;
    if (params.subsample >= 1) return { inside: counted, outside: NONE };
    const nInside = Math.max(1, Math.round(params.subsample * counted.length));
    const order = permutation(counted.length, rng.fork('rows'));
    const pick = (at: Uint32Array) => at.sort().map((k) => counted[k]!);
    return { inside: pick(order.slice(0, nInside)), outside: pick(order.slice(nInside)) };
  }

  private lossOn(rows: Uint32Array): number {
    const { loss } = this;
    const n = this.rows.y.length;
    const score = this.view(this.at.score, n);
    const part = new Float64Array(rows.length * loss.nScores);
    for (let k = 0; k < loss.nScores; k++) {
      for (let i = 0; i < rows.length; i++) part[k * rows.length + i] = score[k * n + rows[i]!]!;
    }
    return loss.value(part, takeValues(this.rows.y, rows), this.rows.w && takeValues(this.rows.w, rows));
  }

  private view(score: number, n: number): Float64Array {
    return this.arena.f64(score, n * this.loss.nScores);
  }

  private startScores(n: number): number {
    const { nScores } = this.loss;
    const score = this.arena.alloc(8 * n * nScores);
    for (let k = 0; k < nScores; k++) this.arena.f64(score + 8 * n * k, n).fill(this.baseline[k]!);
    return score;
  }

  private put(values: Float64Array): number {
    const at = this.arena.alloc(8 * values.length);
    this.arena.f64(at, values.length).set(values);
    return at;
  }
}

const NONE = new Uint32Array(0);

interface RowSample {
  readonly inside: Uint32Array;
  readonly outside: Uint32Array;
}

function powerScale(sum: number): number {
  // Half of the 31 bits' room is left to rounding: each row may add at most half a unit per unit of weight.
  return sum > 0 ? 2 ** Math.floor(Math.log2(2 ** 30 / sum)) : 1;
}

function countedRows(n: number, w: Float64Array | undefined): Uint32Array {
  const rows = new Uint32Array(n);
  let m = 0;
  for (let i = 0; i < n; i++) if (!w || w[i]! > 0) rows[m++] = i;
  return rows.slice(0, m);
}

/** At most `most` of the rows, evenly from first to last. */
function someOf(rows: Uint32Array, most: number): Uint32Array {
  if (rows.length <= most) return rows;
  return new Uint32Array(most).map((_, k) => rows[Math.floor((k * rows.length) / most)]!);
}

function sampleFeatures(d: number, share: number, rng: FitContext['rng']): Uint8Array {
  const active = new Uint8Array(d).fill(1);
  if (share >= 1) return active;
  const nActive = Math.max(1, Math.round(share * d));
  active.fill(0);
  for (const f of permutation(d, rng.fork('features')).subarray(0, nActive)) active[f] = 1;
  return active;
}

function growOptions(params: BoostingParams, loss: Loss, d: number, context: FitContext): GrowOptions {
  return {
    growth: params.growth,
    maxLeafNodes: params.maxLeafNodes ?? Infinity,
    maxDepth: params.maxDepth ?? Infinity,
    minSamplesLeaf: params.minSamplesLeaf,
    minSumHessian: params.minSumHessian,
    minSplitGain: params.minSplitGain,
    l2Regularization: params.l2Regularization,
    catSmooth: params.catSmooth,
    catL2: params.catL2,
    monotone: monotoneSigns(d, context.features, params.monotonicConstraints),
    isHessianWeight: loss.kind === 'squaredError' || loss.kind === 'quantile',
  };
}
