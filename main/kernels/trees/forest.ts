import type { Rng } from '../rng.ts';
import type { Team } from '../threads/team.ts';
import type { Arena } from '../wasm/arena.ts';
import type { BinnedRows } from './binning.ts';
import { Op } from './kernels.ts';
import type { BinnedTree } from './treeArrays.ts';

/** What a tree of a forest may look like; weights count as rows do. */
export interface ForestGrowOptions {
  /** 0: target is a number (squared error; or a 0/1 class, whose gini is twice that). Else class counts. */
  readonly nClasses: number;
  readonly isEntropy: boolean;
  /** One random threshold per feature (extra trees). */
  readonly isRandom: boolean;
  readonly maxFeatures: number;
  readonly maxDepth: number;
  readonly maxLeafNodes: number | null;
  readonly minSplitWeight: number;
  readonly minLeafWeight: number;
  /** Least decrease of impurity times weight. */
  readonly minDecrease: number;
}

/** Rows of one tree with what they count. */
export interface TreeRows {
  readonly rows: Uint32Array;
  readonly weights: Float64Array;
}

/** A tree of a forest: a BinnedTree with an impurity per node and values of shape (nNodes, max(1, nClasses)). */
export interface ForestTree extends BinnedTree {
  readonly impurity: Float64Array;
}

const PARAM_BYTES = 192;
const ENTRY_BYTES = 96;
const NODE_BYTES = 64;

/** Grows whole trees, one per thread at a time. */
export class ForestGrower {
  private readonly arena: Arena;
  private readonly team: Team;
  private readonly data: BinnedRows;
  private readonly options: ForestGrowOptions;
  private readonly y: Float64Array;
  private readonly cuts: number;
  private readonly slots: readonly Slot[];
  private readonly params: number;
  private readonly counts: number;
  private readonly hasBits: boolean;

  /** @param maxRows most rows a tree is given  @param nSlots trees grown at a time */
  constructor(
    arena: Arena,
    team: Team,
    data: BinnedRows,
    y: Float64Array,
    options: ForestGrowOptions,
    maxRows: number,
    nSlots: number,
  ) {
    this.arena = arena;
    this.team = team;
    this.data = data;
    this.y = y;
    this.options = options;
    this.hasBits = data.map.tables.some((table) => table !== undefined);
    const limit = options.maxLeafNodes ?? Math.min(maxRows, 2 ** Math.min(31, options.maxDepth));
    const capacity = 2 * Math.min(limit, maxRows) + 1;
    this.cuts = arena.alloc(1024 * data.nFeatures);
    arena.f32(this.cuts, 256 * data.nFeatures).set(data.map.cuts);
    const k = Math.max(2, options.nClasses);
    this.params = arena.alloc(PARAM_BYTES * nSlots);
    this.counts = arena.alloc(4 * nSlots);
    this.slots = Array.from({ length: nSlots }, (_, i) => ({
      params: this.params + PARAM_BYTES * i,
      rows: arena.alloc(4 * maxRows),
      classes: arena.alloc(4 * maxRows),
      moments: arena.alloc(16 * maxRows),
      spare: arena.alloc(24 * maxRows),
      scratch: arena.alloc(256 * 8 * k + 24 * k + 1024 + 2048 + 4 * data.nFeatures),
      frontier: arena.alloc(ENTRY_BYTES * (Math.ceil(capacity / 2) + 2)),
      nodes: arena.alloc(NODE_BYTES * capacity),
      bits: this.hasBits ? arena.alloc(32 * capacity) : 0,
      values: arena.alloc(8 * capacity * Math.max(1, options.nClasses)),
      capacity,
    }));
  }

  /** Grows `trees.length` (at most nSlots) trees at the same time. */
  grow(trees: readonly { readonly rows: TreeRows; readonly rng: Rng }[]): ForestTree[] {
    trees.forEach(({ rows, rng }, i) => this.fill(this.slots[i]!, rows, rng));
    this.team.run(Op.growTree, trees.length, [this.params, PARAM_BYTES, this.counts]);
    const counts = this.arena.i32(this.counts, trees.length);
    return trees.map((_, i) => this.read(this.slots[i]!, counts[i]!));
  }

  private fill(slot: Slot, { rows, weights }: TreeRows, rng: Rng): void {
    const { arena, data, options, y } = this;
    const n = rows.length;
    arena.u32(slot.rows, n).set(rows);
    const moments = arena.f64(slot.moments, 2 * n);
    for (let i = 0; i < n; i++) {
      moments[2 * i] = weights[i]!;
      moments[2 * i + 1] = weights[i]! * y[rows[i]!]!;
    }
    if (options.nClasses > 0) {
      const classes = arena.u32(slot.classes, n);
      for (let i = 0; i < n; i++) classes[i] = y[rows[i]!]!;
    }
    arena
      .i32(slot.params, 27)
      .set([
        data.byRow,
        data.stride,
        data.nFeatures,
        data.nBins,
        this.cuts,
        options.nClasses,
        Number(options.isEntropy),
        Number(options.isRandom),
        options.maxFeatures,
        Math.min(options.maxDepth, 2 ** 30),
        options.maxLeafNodes ?? 0,
        n,
        slot.rows,
        slot.classes,
        slot.moments,
        slot.spare,
        slot.scratch,
        slot.frontier,
        slot.nodes,
        slot.bits,
        slot.values,
        slot.capacity,
        rng.int(2 ** 31),
        rng.int(2 ** 31),
        rng.int(2 ** 31),
        rng.int(2 ** 31) | 1,
      ]);
    arena.f64(slot.params + 104, 3).set([options.minSplitWeight, options.minLeafWeight, options.minDecrease]);
  }

  private read(slot: Slot, n: number): ForestTree {
    const words = this.arena.i32(slot.nodes, 16 * n);
    const reals = this.arena.f64(slot.nodes, 8 * n);
    const tree = {
      nNodes: n,
      feature: new Int32Array(n),
      bin: new Int32Array(n),
      missingLeft: new Uint8Array(n),
      left: new Int32Array(n),
      right: new Int32Array(n),
      gain: new Float64Array(n),
      cover: new Float64Array(n),
      impurity: new Float64Array(n),
      value: this.arena.f64(slot.values, n * Math.max(1, this.options.nClasses)).slice(),
      bits: this.hasBits ? this.arena.u8(slot.bits, 32 * n).slice() : new Uint8Array(32 * n),
      leaves: [],
    };
    for (let k = 0; k < n; k++) {
      tree.feature[k] = words[16 * k]!;
      if (tree.feature[k]! >= 0) {
        tree.bin[k] = words[16 * k + 1]!;
        tree.left[k] = words[16 * k + 2]!;
        tree.right[k] = words[16 * k + 3]!;
        tree.missingLeft[k] = words[16 * k + 4]!;
      }
      tree.gain[k] = reals[8 * k + 3]!;
      tree.cover[k] = reals[8 * k + 4]!;
      tree.impurity[k] = reals[8 * k + 5]!;
    }
    return tree;
  }
}

interface Slot {
  readonly params: number;
  readonly rows: number;
  readonly classes: number;
  readonly moments: number;
  readonly spare: number;
  readonly scratch: number;
  readonly frontier: number;
  readonly nodes: number;
  readonly bits: number;
  readonly values: number;
  readonly capacity: number;
}
