import { OTHER, type BinMap } from './binning.ts';
import type { BinnedTree } from './treeArrays.ts';

/** Node flags. */
export const MISSING_LEFT = 1;
export const CATEGORY = 2;
export const LEAF = 4;

/** Trees over raw columns, all nodes of all trees behind one another. */
export interface Ensemble {
  readonly nFeatures: number;
  /** Values a leaf holds. */
  readonly nOut: number;
  /** Columns of the output: tree t adds to column t % width when nOut is 1. */
  readonly width: number;
  /** Shape (nTrees + 1,): first node of each tree, and the number of nodes. */
  readonly roots: Int32Array;
  /** Per node; 0 for leaves, which flags tell. */
  readonly feature: Int32Array;
  /** Float32: x ≤ threshold goes left. Categories: offset into `categories`. */
  readonly threshold: Float32Array;
  readonly categoryAt: Int32Array;
  readonly flags: Uint8Array;
  /** Numbers of nodes in the whole ensemble; a leaf's are its own. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Shape (nNodes, nOut). */
  readonly values: Float64Array;
  readonly gain: Float64Array;
  readonly cover: Float64Array;
  /** Per category split: nLevels, 1 when unseen levels go left, then a bit a level (1: left). */
  readonly categories: Uint32Array;
}

/** Joins trees over bins into trees over raw values. `valuesOf(t)` has shape (nNodes of tree t, nOut). */
export function joinTrees(
  trees: readonly BinnedTree[],
  map: BinMap,
  shape: { readonly nOut: number; readonly width: number },
  valuesOf: (tree: number) => Float64Array,
): Ensemble {
  const total = trees.reduce((sum, tree) => sum + tree.nNodes, 0);
  const categories: number[] = [];
  const out = {
    nFeatures: map.nFeatures,
    ...shape,
    roots: new Int32Array(trees.length + 1),
    feature: new Int32Array(total),
    threshold: new Float32Array(total),
    categoryAt: new Int32Array(total),
    flags: new Uint8Array(total),
    left: new Int32Array(total),
    right: new Int32Array(total),
    values: new Float64Array(total * shape.nOut),
    gain: new Float64Array(total),
    cover: new Float64Array(total),
  };
  let base = 0;
  trees.forEach((tree, t) => {
    out.roots[t] = base;
    out.values.set(valuesOf(t), base * shape.nOut);
    out.gain.set(tree.gain, base);
    out.cover.set(tree.cover, base);
    for (let k = 0; k < tree.nNodes; k++) {
      const at = base + k;
      const feature = tree.feature[k]!;
      if (feature < 0) {
        out.flags[at] = LEAF;
        out.threshold[at] = NaN;
        out.left[at] = at;
        out.right[at] = at;
        continue;
      }
      out.feature[at] = feature;
      out.left[at] = base + tree.left[k]!;
      out.right[at] = base + tree.right[k]!;
      out.flags[at] = tree.missingLeft[k]! ? MISSING_LEFT : 0;
      if (tree.bin[k]! < 0) {
        out.flags[at]! |= CATEGORY;
        out.categoryAt[at] = categories.length;
        categories.push(...categoryWords(tree.bits.subarray(32 * k, 32 * k + 32), map, feature));
      } else {
        // The last bin of a column with missing values may hold all numbers: nothing but missing goes right.
        const cut = map.cuts[256 * feature + tree.bin[k]!]!;
        out.threshold[at] = Number.isFinite(cut) ? cut : MAX_FLOAT32;
      }
    }
    base += tree.nNodes;
  });
  out.roots[trees.length] = base;
  return { ...out, categories: Uint32Array.from(categories) };
}

const MAX_FLOAT32 = 3.4028234663852886e38;

const hasBit = (bits: Uint8Array, bin: number) => (bits[bin >> 3]! >> (bin & 7)) & 1;

function categoryWords(bits: Uint8Array, map: BinMap, feature: number): number[] {
  const table = map.tables[feature]!;
  const words = new Uint32Array(2 + Math.ceil(table.length / 32));
  words[0] = table.length;
  words[1] = hasBit(bits, OTHER);
  table.forEach((bin, level) => {
    if (hasBit(bits, bin)) words[2 + (level >> 5)]! |= 1 << (level & 31);
  });
  return [...words];
}
