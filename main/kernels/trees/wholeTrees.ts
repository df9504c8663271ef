import type { Team } from '../threads/team.ts';
import type { Arena } from '../wasm/arena.ts';
import type { BinnedRows } from './binning.ts';
import type { GrowJob, GrowOptions } from './grower.ts';
import { CHUNK, HIST_BYTES, NODE_BYTES, Op, RESULT_BYTES } from './kernels.ts';
import type { BinnedTree } from './treeArrays.ts';

/** Where a tree grows: u32 (n,) rows to grow on, ordered by leaf afterwards, and i64 (n,) fixed-point gradients. */
export interface GrowPlace {
  readonly rows: number;
  readonly gh: number;
}

interface Slot extends GrowPlace {
  readonly left: number;
  readonly right: number;
  readonly parts: number;
  readonly hists: number;
  readonly freeHists: number;
  readonly zeros: number;
  readonly out: number;
  readonly tried: number;
  readonly node: number;
  readonly nodes: number;
  readonly heap: number;
}

/** Sizes of `Params` and of a node in assembly/boostTree.ts. */
const PARAM_BYTES = 208;
const TREE_NODE_BYTES = 152;
/** Up to this many rows a node's splits are found without histograms, which have 256 slots a feature to fill and search. */
export const FEW_ROWS = 128;
/** A histogram, a bit a bin, scratch, and weights by bin; see `zeros` in assembly/boostTree.ts. */
export const FEW_BYTES = HIST_BYTES + 32 + 4096 + HIST_BYTES;
/** Memory whole trees may take. */
const MAX_BYTES = 2 ** 28;

/** Grows whole boosted trees, one per thread at a time; the same trees as `TreeGrower` grows split by split. */
export class WholeTrees {
  private readonly arena: Arena;
  private readonly team: Team;
  private readonly data: BinnedRows;
  private readonly options: GrowOptions;
  private readonly shared: { readonly weights: number; readonly monotone: number; readonly active: number };
  private readonly maxLeaves: number;
  private readonly nHists: number;
  private readonly histBytes: number;
  private readonly params: number;
  private readonly counts: number;
  readonly slots: readonly Slot[];

  /** As many slots (trees at a time) as asked for, or fewer where memory is short: see `slots`. */
  constructor(
    arena: Arena,
    team: Team,
    data: BinnedRows,
    options: GrowOptions,
    shared: { readonly weights: number; readonly monotone: number; readonly active: number },
    nSlots: number,
  ) {
    this.arena = arena;
    this.team = team;
    this.data = data;
    this.options = options;
    this.shared = shared;
    const { n, stride } = data;
    this.maxLeaves = Math.max(1, Math.min(options.maxLeafNodes, n, 2 ** Math.min(30, options.maxDepth)));
    this.nHists = Math.min(this.maxLeaves, Math.floor(n / FEW_ROWS)) + 2;
    this.histBytes = stride * HIST_BYTES;
    const sizes: Readonly<Record<keyof Slot, number>> = {
      rows: 4 * n,
      gh: 8 * n,
      left: 4 * n,
      right: 4 * n,
      parts: this.histBytes + 256 * (stride + 8),
      hists: this.histBytes * this.nHists,
      freeHists: 4 * this.nHists,
      zeros: FEW_BYTES,
      out: RESULT_BYTES * stride,
      tried: stride,
      node: NODE_BYTES,
      nodes: 2 * TREE_NODE_BYTES * this.maxLeaves,
      heap: 4 * this.maxLeaves,
    };
    const bytes = Object.values(sizes).reduce((a, b) => a + b, 0);
    const fitting = Math.min(nSlots, Math.floor(MAX_BYTES / bytes));
    this.slots = Array.from(
      { length: fitting },
      () => Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, arena.alloc(size)])) as never as Slot,
    );
    this.params = arena.alloc(PARAM_BYTES * fitting);
    this.counts = arena.alloc(4 * fitting);
  }

  /** Grows a tree in each of the first `jobs.length` slots. @param root sums of a job's rows: g and h in fixed point, weight */
  grow(jobs: readonly GrowJob[], root: (slot: number) => readonly [number, number, number]): BinnedTree[] {
    jobs.forEach((job, i) => this.fill(i, job, root(i)));
    this.team.run(Op.growBoosted, jobs.length, [this.params, PARAM_BYTES, this.counts]);
    const counts = this.arena.i32(this.counts, jobs.length).slice();
    return jobs.map((_, i) => this.read(this.slots[i]!, counts[i]!));
  }

  private fill(i: number, { nRows, scales }: GrowJob, root: readonly [number, number, number]): void {
    const { arena, data, options, shared, histBytes, nHists } = this;
    const slot = this.slots[i]!;
    const at = this.params + PARAM_BYTES * i;
    const free = arena.u32(slot.freeHists, nHists);
    for (let k = 0; k < nHists; k++) free[k] = slot.hists + k * histBytes;
    const words = arena.u32(at, 30);
    words.set([data.byRow, data.stride, data.nFeatures, data.nBins, data.byColumn, data.n, shared.monotone]);
    words.set([shared.active, shared.weights, slot.rows, nRows, slot.gh, slot.left, slot.right, slot.parts], 7);
    words.set([slot.hists, slot.freeHists, nHists, slot.zeros, slot.out, slot.tried, slot.node, slot.nodes], 15);
    words.set([slot.heap, this.maxLeaves, Math.min(options.maxDepth, 2 ** 30)], 23);
    words.set([Number(options.growth === 'depthWise'), CHUNK, FEW_ROWS, Number(!options.isHessianWeight)], 26);
    const { l2Regularization, minSumHessian, minSamplesLeaf, minSplitGain, catSmooth, catL2 } = options;
    const reals = arena.f64(at + 120, 11);
    reals.set([...root, scales.g, scales.h, l2Regularization, minSumHessian, minSamplesLeaf, minSplitGain]);
    reals.set([catSmooth, catL2], 9);
  }

  private read(slot: Slot, n: number): BinnedTree {
    const words = this.arena.i32(slot.nodes, (n * TREE_NODE_BYTES) / 4);
    const reals = this.arena.f64(slot.nodes, (n * TREE_NODE_BYTES) / 8);
    const bytes = this.arena.u8(slot.nodes, n * TREE_NODE_BYTES);
    const tree = {
      nNodes: n,
      feature: new Int32Array(n),
      bin: new Int32Array(n),
      missingLeft: new Uint8Array(n),
      left: new Int32Array(n),
      right: new Int32Array(n),
      value: new Float64Array(n),
      gain: new Float64Array(n),
      cover: new Float64Array(n),
      bits: new Uint8Array(32 * n),
    };
    const leaves: { node: number; from: number; to: number }[] = [];
    for (let k = 0, w = 0, r = 0; k < n; k++, w += TREE_NODE_BYTES / 4, r += TREE_NODE_BYTES / 8) {
      tree.feature[k] = words[w]!;
      tree.value[k] = reals[r + 4]!;
      tree.gain[k] = reals[r + 5]!;
      tree.cover[k] = reals[r + 6]!;
      if (words[w]! < 0) {
        leaves.push({ node: k, from: words[w + 5]!, to: words[w + 6]! });
        continue;
      }
      tree.bin[k] = words[w + 1]!;
      tree.missingLeft[k] = words[w + 2]!;
      tree.left[k] = words[w + 3]!;
      tree.right[k] = words[w + 4]!;
      const bits = k * TREE_NODE_BYTES + 112;
      if (tree.bin[k]! < 0) tree.bits.set(bytes.subarray(bits, bits + 32), 32 * k);
    }
    return { ...tree, leaves: leaves.sort((a, b) => a.from - b.from) };
  }
}
