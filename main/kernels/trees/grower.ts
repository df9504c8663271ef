import type { Team } from '../threads/team.ts';
import type { Arena } from '../wasm/arena.ts';
import type { BinnedRows } from './binning.ts';
import { CHUNK, HIST_BYTES, NODE_BYTES, Op, RESULT_BYTES } from './kernels.ts';
import { NodeQueue } from './nodeQueue.ts';
import { TreeArrays, type BinnedTree } from './treeArrays.ts';
import { FEW_BYTES, FEW_ROWS, WholeTrees, type GrowPlace } from './wholeTrees.ts';

/** What a tree may look like. Units of minSamplesLeaf are sample weights: a row of weight 3 counts as three rows. */
export interface GrowOptions {
  readonly growth: 'leafWise' | 'depthWise';
  /** Infinity for no limit. */
  readonly maxLeafNodes: number;
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly minSumHessian: number;
  readonly minSplitGain: number;
  readonly l2Regularization: number;
  readonly catSmooth: number;
  readonly catL2: number;
  /** −1, 0 or 1 per feature. */
  readonly monotone: Int8Array;
  /** Hessians are weights times a constant: they tell exactly what a side weighs. */
  readonly isHessianWeight: boolean;
}

/** Fixed-point sums of the gradients at hand: q = g · scale. */
export interface Scales {
  readonly g: number;
  readonly h: number;
}

/** A tree to grow on rows[0, nRows) of its place. */
export interface GrowJob {
  readonly nRows: number;
  readonly scales: Scales;
}

interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

interface OpenNode extends Bounds {
  readonly id: number;
  readonly depth: number;
  readonly from: number;
  readonly to: number;
  readonly sumG: number;
  readonly sumH: number;
  readonly weight: number;
  /** Histogram address, 0 once given back. */
  hist: number;
  /** Best split per feature, 64 bytes each; see assembly/split.ts. */
  candidates: Uint8Array;
  /** Features whose candidates were found by weights. */
  readonly weighed: Set<number>;
  feature: number;
  gain: number;
}

/** Grows trees on one set of binned rows; its buffers are reused from tree to tree. */
export class TreeGrower {
  private readonly arena: Arena;
  private readonly team: Team;
  private readonly data: BinnedRows;
  private readonly options: GrowOptions;
  private readonly nGroups: number;
  private readonly histBytes: number;
  /** A partial histogram and its scratch. */
  private readonly partBytes: number;
  private readonly outBytes: number;
  private readonly freeHists: number[] = [];
  private readonly at: Readonly<
    Record<
      | 'parts'
      | 'sums'
      | 'left'
      | 'right'
      | 'chunks'
      | 'bits'
      | 'monotone'
      | 'active'
      | 'nodes'
      | 'scratch'
      | 'fewHist'
      | 'out',
      number
    >
  >;
  /** Places of trees that grow at the same time. */
  readonly places: readonly GrowPlace[];
  private readonly rows: number;
  private readonly gh: number;
  private readonly whole: WholeTrees | undefined;
  private scales: Scales = { g: 1, h: 1 };
  private readonly weights: number;

  /**
   * @param weights f64 (n,) in shared memory, or 0 for ones
   * @param nTrees trees that wait for each other anyway and may grow at the same time
   */
  constructor(arena: Arena, team: Team, data: BinnedRows, weights: number, options: GrowOptions, nTrees = 1) {
    this.arena = arena;
    this.team = team;
    this.data = data;
    this.options = options;
    this.weights = weights;
    this.nGroups = data.stride / 8;
    this.histBytes = this.nGroups * 8 * HIST_BYTES;
    this.partBytes = this.histBytes + BLOCK_ROWS * (data.stride + 8);
    this.outBytes = data.stride * RESULT_BYTES;
    const monotone = arena.alloc(data.stride);
    arena.u8(monotone, data.nFeatures).set(new Uint8Array(options.monotone.buffer));
    const active = arena.alloc(data.stride);
    const isSmall = data.n * data.nFeatures <= WHOLE_VALUES;
    if (team.threads === 1 || (nTrees > 1 && isSmall)) {
      const nSlots = team.threads === 1 ? 1 : Math.min(nTrees, 4 * team.threads);
      const whole = new WholeTrees(arena, team, data, options, { weights, monotone, active }, nSlots);
      if (whole.slots.length > 0) this.whole = whole;
    }
    this.rows = this.whole?.slots[0]!.rows ?? arena.alloc(4 * data.n);
    this.gh = this.whole?.slots[0]!.gh ?? arena.alloc(8 * data.n);
    this.places = this.whole?.slots ?? [{ rows: this.rows, gh: this.gh }];
    this.at = {
      parts: arena.alloc(this.partBytes * team.threads),
      left: arena.alloc(4 * data.n),
      right: arena.alloc(4 * data.n),
      chunks: arena.alloc(16 * Math.ceil(data.n / CHUNK)),
      sums: arena.alloc(24 * Math.ceil(data.n / CHUNK)),
      bits: arena.alloc(32),
      monotone,
      active,
      nodes: arena.alloc(2 * NODE_BYTES),
      scratch: arena.alloc(4096 * this.nGroups),
      fewHist: arena.alloc(FEW_BYTES),
      out: arena.alloc(2 * this.outBytes),
    };
  }

  /**
   * Grows a tree in each of the first `jobs.length` places, from its rows and gradients there.
   * @param active features the trees may use, u8 (nFeatures,)
   */
  grow(jobs: readonly GrowJob[], active: Uint8Array): BinnedTree[] {
    this.arena.u8(this.at.active, this.data.nFeatures).set(active);
    const { whole, places } = this;
    if (!whole) return jobs.map((job) => this.growOne(job));
    return whole.grow(jobs, (i) => this.sumsOf(places[i]!, jobs[i]!.nRows));
  }

  private growOne({ nRows, scales }: GrowJob): BinnedTree {
    this.scales = scales;
    const { options } = this;
    const tree = new TreeArrays();
    const root = this.makeRoot(nRows, tree);
    const queue = new NodeQueue<OpenNode>(
      options.growth === 'leafWise' ? (a, b) => b.gain - a.gain || a.id - b.id : (a, b) => a.id - b.id,
    );
    const closed: OpenNode[] = [];
    const offer = (node: OpenNode) => {
      this.choose(node);
      // Hessians promise too little weight everywhere, but they need not be right.
      if (node.feature < 0 && !options.isHessianWeight) {
        for (let f = 0; f < this.data.nFeatures; f++) this.weigh(node, f);
        this.choose(node);
      }
      if (node.gain > 0) queue.push(node);
      else this.close(node, closed);
    };
    let nLeaves = 1;
    if (this.canSplit(root)) {
      if (nRows <= FEW_ROWS) this.splitFewRows(root);
      else {
        root.hist = this.takeHist();
        this.fillHist(root);
        this.findSplits(root);
      }
      offer(root);
    } else closed.push(root);
    for (let node = queue.pop(); node; node = queue.pop()) {
      if (nLeaves >= options.maxLeafNodes) {
        this.close(node, closed);
        continue;
      }
      const children = this.split(node, tree);
      if (!children) {
        this.close(node, closed);
        continue;
      }
      nLeaves++;
      const isLast = nLeaves >= options.maxLeafNodes;
      const [left, right] = children;
      if (isLast || !(this.canSplit(left) || this.canSplit(right))) {
        this.close(node, undefined);
        closed.push(left, right);
        continue;
      }
      if (left.to - left.from <= FEW_ROWS && right.to - right.from <= FEW_ROWS) {
        this.close(node, undefined);
        for (const child of [left, right]) {
          if (this.canSplit(child)) {
            this.splitFewRows(child);
            offer(child);
          } else this.close(child, closed);
        }
        continue;
      }
      const [small, large] = left.to - left.from <= right.to - right.from ? [left, right] : [right, left];
      large.hist = node.hist;
      node.hist = 0;
      small.hist = this.takeHist();
      this.fillHist(small);
      this.findSplits(small, large);
      // Its own children are split from their rows.
      if (small.to - small.from <= FEW_ROWS) this.giveBack(small);
      for (const child of [left, right]) {
        if (this.canSplit(child)) offer(child);
        else this.close(child, closed);
      }
    }
    const leaves = closed.toSorted((a, b) => a.from - b.from).map(({ id, from, to }) => ({ node: id, from, to }));
    return tree.finish(leaves);
  }

  /** Adds leaves' values to the scores of rows[0, nRows) of the place the tree grew in. */
  addLeafValues(tree: BinnedTree, { rows }: GrowPlace, nRows: number, score: number): void {
    const at = this.leafTable(tree.leaves.length);
    const ends = this.arena.i32(at, 4 * tree.leaves.length);
    const values = this.arena.f64(at, 2 * tree.leaves.length);
    tree.leaves.forEach((leaf, k) => {
      ends[4 * k] = leaf.to;
      values[2 * k + 1] = tree.value[leaf.node]!;
    });
    this.team.run(Op.addLeaves, Math.ceil(nRows / CHUNK), [rows, nRows, at, score]);
  }

  private leafTableAt = 0;
  private leafTableSize = 0;
  private leafTable(nLeaves: number): number {
    if (nLeaves > this.leafTableSize) {
      this.leafTableSize = Math.max(64, 2 * nLeaves);
      this.leafTableAt = this.arena.alloc(16 * this.leafTableSize);
    }
    return this.leafTableAt;
  }

  private makeRoot(nRows: number, tree: TreeArrays): OpenNode {
    const [sumG, sumH, weight] = this.sumsOf({ rows: this.rows, gh: this.gh }, nRows);
    const bounds = { lower: -Infinity, upper: Infinity };
    return openNode(tree.add(weight, this.newton(sumG, sumH, bounds)), 0, 0, nRows, sumG, sumH, weight, bounds);
  }

  /** Σ g and Σ h in fixed point and Σ weight. */
  private sumsOf({ rows, gh }: GrowPlace, nRows: number): readonly [number, number, number] {
    const nChunks = Math.ceil(nRows / CHUNK);
    const { sums } = this.at;
    this.team.run(Op.sumRows, nChunks, [rows, nRows, gh, this.weights, sums]);
    let [sumG, sumH, weight] = [0, 0, 0];
    const parts = this.arena.f64(sums, 3 * nChunks);
    for (let c = 0; c < nChunks; c++) {
      sumG += parts[3 * c]!;
      sumH += parts[3 * c + 1]!;
      weight += parts[3 * c + 2]!;
    }
    return [sumG, sumH, weight];
  }

  private canSplit(node: OpenNode): boolean {
    return (
      node.depth < this.options.maxDepth && node.weight >= 2 * this.options.minSamplesLeaf && node.to - node.from >= 2
    );
  }

  /** Partial histograms of `node`, which `findSplits` adds up. */
  private fillHist(node: OpenNode): void {
    const { data, at } = this;
    const nParts = this.partsOf(node);
    const args = [
      data.byRow,
      data.stride,
      this.nGroups,
      this.rows,
      node.from,
      node.to,
      this.gh,
      at.parts,
      this.partBytes,
      nParts,
    ];
    this.team.run(Op.histogram, nParts, args);
  }

  /** A part per thread, unless the rows are so few that adding the parts up would cost more than it saves. */
  private partsOf(node: OpenNode): number {
    return node.to - node.from >= 2048 ? this.team.threads : 1;
  }

  private findSplits(small: OpenNode, large?: OpenNode): void {
    const { at, data } = this;
    this.writeNode(small, at.nodes);
    if (large) this.writeNode(large, at.nodes + NODE_BYTES);
    this.team.run(Op.findSplits, this.nGroups, [
      at.parts,
      this.partsOf(small),
      this.partBytes,
      small.hist,
      large?.hist ?? 0,
      data.nFeatures,
      data.nBins,
      at.monotone,
      at.active,
      at.nodes,
      at.scratch,
      at.out,
      this.outBytes,
    ]);
    small.candidates = this.arena.u8(at.out, this.outBytes).slice();
    if (large) large.candidates = this.arena.u8(at.out + this.outBytes, this.outBytes).slice();
  }

  /** Best splits of a node from its rows, which are fewer than the bins of a histogram. */
  private splitFewRows(node: OpenNode): void {
    const { at, data } = this;
    this.writeNode(node, at.nodes);
    this.team.run(Op.splitRows, 1, [
      data.byRow,
      data.stride,
      this.rows,
      node.from,
      node.to,
      this.gh,
      data.nFeatures,
      data.nBins,
      at.monotone,
      at.active,
      at.nodes,
      at.fewHist,
      at.fewHist + HIST_BYTES,
      at.out,
    ]);
    node.candidates = this.arena.u8(at.out, this.outBytes).slice();
  }

  private writeNode(node: OpenNode, at: number): void {
    const { options, scales } = this;
    const out = this.arena.f64(at, NODE_BYTES / 8);
    const weightPerHessian = node.sumH > 0 ? (node.weight / node.sumH) * scales.h : 1;
    out.set([
      scales.g,
      scales.h,
      options.l2Regularization,
      options.minSumHessian,
      options.minSamplesLeaf,
      weightPerHessian,
      options.minSplitGain,
      node.lower,
      node.upper,
      0,
      options.catSmooth,
      options.catL2,
    ]);
    const total = this.arena.i32(at + 72, 2);
    total[0] = node.sumH | 0;
    total[1] = node.sumG;
  }

  /** The feature with the largest gain; ties go to the first. */
  private choose(node: OpenNode): void {
    const records = new Float64Array(node.candidates.buffer);
    node.gain = -1;
    node.feature = -1;
    for (let f = 0; f < this.data.nFeatures; f++) {
      const gain = records[f * 8]!;
      if (gain > node.gain && gain > 0) {
        node.gain = gain;
        node.feature = f;
      }
    }
  }

  /** Applies the node's best split that keeps both sides heavy enough; undefined when there is none. */
  private split(node: OpenNode, tree: TreeArrays): readonly [OpenNode, OpenNode] | undefined {
    while (node.feature >= 0) {
      const children = this.trySplit(node, tree);
      if (children) return children;
      // Hessians promised more weight than there is: the feature's other thresholds, by what they weigh.
      this.weigh(node, node.feature);
      this.choose(node);
    }
    return undefined;
  }

  /** Searches one feature of the node again by the weights of its rows, once. */
  private weigh(node: OpenNode, f: number): void {
    const { at, data, arena } = this;
    const record = node.candidates.subarray(f * RESULT_BYTES, (f + 1) * RESULT_BYTES);
    const nBins = data.map.nBins[f]!;
    new Float64Array(record.buffer, record.byteOffset, 1)[0] = -1;
    if (node.weighed.has(f) || nBins === 0 || arena.u8(at.active, data.nFeatures)[f] === 0) return;
    node.weighed.add(f);
    this.writeNode(node, at.nodes);
    this.team.run(Op.weighSplit, 1, [
      data.byColumn + f * data.n,
      this.rows,
      node.from,
      node.to,
      this.gh,
      this.weights,
      nBins,
      this.options.monotone[f]!,
      at.nodes,
      at.fewHist,
      at.out,
    ]);
    record.set(arena.u8(at.out, RESULT_BYTES));
  }

  private trySplit(node: OpenNode, tree: TreeArrays): readonly [OpenNode, OpenNode] | undefined {
    const { at, data, options, arena } = this;
    const f = node.feature;
    const record = new Int32Array(node.candidates.buffer, f * RESULT_BYTES, 16);
    const leftH = record[2]! >>> 0;
    const leftG = record[3]!;
    const [bin, missingLeft] = [record[4]!, record[5]!];
    const bits = node.candidates.subarray(f * RESULT_BYTES + 24, f * RESULT_BYTES + 56);
    const isCategory = bin < 0;
    if (isCategory) arena.u8(at.bits, 32).set(bits);
    const nChunks = Math.ceil((node.to - node.from) / CHUNK);
    this.team.run(Op.partition, nChunks, [
      this.rows,
      node.from,
      node.to,
      data.byColumn + f * data.n,
      bin,
      missingLeft,
      isCategory ? at.bits : 0,
      at.left,
      at.right,
      this.weights,
      at.chunks,
    ]);
    let nLeft = 0;
    let leftWeight = 0;
    const counts = arena.i32(at.chunks, 4 * nChunks);
    const sums = arena.f64(at.chunks, 2 * nChunks);
    for (let c = 0; c < nChunks; c++) {
      nLeft += counts[4 * c]!;
      leftWeight += sums[2 * c + 1]!;
    }
    const rightWeight = node.weight - leftWeight;
    const least = options.minSamplesLeaf * (1 - 1e-9);
    if (leftWeight < least || rightWeight < least) return undefined;
    this.team.run(Op.mergePartition, nChunks, [this.rows, node.from, node.to, at.left, at.right, at.chunks]);
    const middle = node.from + nLeft;
    const rightG = node.sumG - leftG;
    const rightH = node.sumH - leftH;
    const [leftValue, rightValue] = [this.newton(leftG, leftH, node), this.newton(rightG, rightH, node)];
    const left = tree.add(leftWeight, leftValue);
    const right = tree.add(rightWeight, rightValue);
    tree.setSplit(node.id, {
      feature: f,
      bin,
      missingLeft,
      left,
      right,
      gain: node.gain,
      bits: isCategory ? bits : undefined,
    });
    const bounds = this.childBounds(node, f, (leftValue + rightValue) / 2);
    return [
      openNode(left, node.depth + 1, node.from, middle, leftG, leftH, leftWeight, bounds[0]),
      openNode(right, node.depth + 1, middle, node.to, rightG, rightH, rightWeight, bounds[1]),
    ];
  }

  /** Newton step of these sums, within the node's monotone bounds. */
  private newton(sumG: number, sumH: number, bounds: Bounds): number {
    const denominator = sumH / this.scales.h + this.options.l2Regularization;
    const step = denominator > 0 ? -(sumG / this.scales.g) / denominator : 0;
    return Math.min(Math.max(step, bounds.lower), bounds.upper);
  }

  /** A monotone split halves the room of values below it at the middle of its children's values. */
  private childBounds(node: OpenNode, feature: number, middle: number): readonly [Bounds, Bounds] {
    const { lower, upper } = node;
    const direction = this.options.monotone[feature]!;
    if (direction === 0) return [node, node];
    const below = { lower, upper: middle };
    const above = { lower: middle, upper };
    return direction > 0 ? [below, above] : [above, below];
  }

  private close(node: OpenNode, closed: OpenNode[] | undefined): void {
    this.giveBack(node);
    closed?.push(node);
  }

  private giveBack(node: OpenNode): void {
    if (node.hist !== 0) this.freeHists.push(node.hist);
    node.hist = 0;
  }

  private takeHist(): number {
    return this.freeHists.pop() ?? this.arena.alloc(this.histBytes);
  }
}

/** Rows that the histogram kernel gathers at a time. */
const BLOCK_ROWS = 256;
/** Values up to which several trees at a time, each on one thread, are faster than each on all threads. */
const WHOLE_VALUES = 4_000_000;
const NO_CANDIDATES = new Uint8Array(0);

function openNode(
  id: number,
  depth: number,
  from: number,
  to: number,
  sumG: number,
  sumH: number,
  weight: number,
  bounds: Bounds,
): OpenNode {
  const { lower, upper } = bounds;
  return {
    id,
    depth,
    from,
    to,
    sumG,
    sumH,
    weight,
    lower,
    upper,
    hist: 0,
    candidates: NO_CANDIDATES,
    weighed: new Set(),
    feature: -1,
    gain: -1,
  };
}
