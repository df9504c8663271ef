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
  /** Each tree draws as many rows as there are, with replacement. */
  readonly isBootstrap: boolean;
  readonly maxFeatures: number;
  readonly maxDepth: number;
  readonly maxLeafNodes: number | null;
  readonly minSplitWeight: number;
  readonly minLeafWeight: number;
  /** Least decrease of impurity times weight. */
  readonly minDecrease: number;
}

/** Rows a forest is grown on, and their weights. */
export interface ForestRows {
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
  private readonly nRows: number;
  private readonly base: number;
  private readonly baseWeights: number;
  private readonly y: number;
  private readonly cuts: number;
  private readonly slots: readonly Slot[];
  private readonly params: number;
  private readonly counts: number;
  private readonly hasBits: boolean;

  /** @param y shape (data.n,)  @param nSlots trees grown at a time */
  constructor(
    arena: Arena,
    team: Team,
    data: BinnedRows,
    y: Float64Array,
    options: ForestGrowOptions,
    { rows, weights }: ForestRows,
    nSlots: number,
  ) {
    const maxRows = rows.length;
    this.arena = arena;
    this.team = team;
    this.data = data;
    this.nRows = maxRows;
    this.base = arena.alloc(4 * maxRows);
    arena.u32(this.base, maxRows).set(rows);
    this.baseWeights = arena.alloc(8 * maxRows);
    arena.f64(this.baseWeights, maxRows).set(weights);
    this.y = arena.alloc(8 * y.length);
    arena.f64(this.y, y.length).set(y);
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
      scratch: arena.alloc(256 * 8 * k + 24 * k + 1024 + 2048 + 256 + 4 * data.nFeatures),
      frontier: arena.alloc(ENTRY_BYTES * (Math.ceil(capacity / 2) + 2)),
      nodes: arena.alloc(NODE_BYTES * capacity),
      bits: this.hasBits ? arena.alloc(32 * capacity) : 0,
      values: arena.alloc(8 * capacity * Math.max(1, options.nClasses)),
      capacity,
    }));
  }

  /** Grows a tree for each random stream, at most nSlots, at the same time. */
  grow(rngs: readonly Rng[]): ForestTree[] {
    rngs.forEach((rng, i) => this.fill(this.slots[i]!, rng));
    this.team.run(Op.growTree, rngs.length, [this.params, PARAM_BYTES, this.counts]);
    const counts = this.arena.i32(this.counts, rngs.length);
    return rngs.map((_, i) => this.read(this.slots[i]!, counts[i]!));
  }

  /** Rows that tree `slot` of the last `grow` saw. */
  rowsOf(slot: number): Uint32Array {
    const { params, rows } = this.slots[slot]!;
    return this.arena.u32(rows, this.arena.i32(params, 12)[11]!);
  }

  private fill(slot: Slot, rng: Rng): void {
    const { arena, data, options } = this;
    arena
      .i32(slot.params, 34)
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
        0,
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
        this.nRows,
        this.base,
        this.baseWeights,
        this.y,
        Number(options.isBootstrap),
        data.byColumn,
        data.n,
        0,
      ]);
    arena.f64(slot.params + 136, 3).set([options.minSplitWeight, options.minLeafWeight, options.minDecrease]);
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
