/** A grown tree over bins. Node 0 is the root; arrays have one entry per node. */
export interface BinnedTree {
  readonly nNodes: number;
  /** −1 for a leaf. */
  readonly feature: Int32Array;
  /** Bins up to this go left; −1 for a category split. */
  readonly bin: Int32Array;
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Newton step of the node: −G / (H + λ), within its monotone bounds. */
  readonly value: Float64Array;
  readonly gain: Float64Array;
  /** Sum of weights of the node's rows. */
  readonly cover: Float64Array;
  /** 32 bytes a node: bins that go left, for category splits. */
  readonly bits: Uint8Array;
  /** Leaves in the order of their rows in the grower: rows[from, to) ended in `node`. */
  readonly leaves: readonly TreeLeaf[];
}

export interface TreeLeaf {
  readonly node: number;
  readonly from: number;
  readonly to: number;
}

interface Split {
  readonly feature: number;
  readonly bin: number;
  readonly missingLeft: number;
  readonly left: number;
  readonly right: number;
  readonly gain: number;
  readonly bits: Uint8Array | undefined;
}

/** A tree while it grows. */
export class TreeArrays {
  private readonly splits: (Split | undefined)[] = [];
  private readonly covers: number[] = [];
  private readonly values: number[] = [];

  /** Adds a leaf; returns its number. */
  add(cover: number, value: number): number {
    this.splits.push(undefined);
    this.values.push(value);
    return this.covers.push(cover) - 1;
  }

  setSplit(node: number, split: Split): void {
    this.splits[node] = split;
  }

  finish(leaves: readonly TreeLeaf[]): BinnedTree {
    const n = this.splits.length;
    const tree = {
      nNodes: n,
      feature: new Int32Array(n).fill(-1),
      bin: new Int32Array(n),
      missingLeft: new Uint8Array(n),
      left: new Int32Array(n),
      right: new Int32Array(n),
      value: Float64Array.from(this.values),
      gain: new Float64Array(n),
      cover: Float64Array.from(this.covers),
      bits: new Uint8Array(32 * n),
      leaves,
    };
    this.splits.forEach((split, node) => {
      if (!split) return;
      tree.feature[node] = split.feature;
      tree.bin[node] = split.bin;
      tree.missingLeft[node] = split.missingLeft;
      tree.left[node] = split.left;
      tree.right[node] = split.right;
      tree.gain[node] = split.gain;
      if (split.bits) tree.bits.set(split.bits, 32 * node);
    });
    return tree;
  }
}
