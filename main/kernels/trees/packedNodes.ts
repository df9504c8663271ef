import type { Arena } from '../wasm/arena.ts';
import { LEAF, type Ensemble } from './ensemble.ts';

const FEATURE_BITS = 12;
const MAX_FEATURES = 2 ** FEATURE_BITS;
const MAX_DISTANCE = 2 ** (32 - FEATURE_BITS);

/**
 * Writes 8 bytes a node (see `stepPacked` in assembly/route.ts) in the order of `nodeAt`; 0 where that cannot be: splits on
 * categories, features past 4,095 or a left child too far behind its parent.
 * @param order `nodeAt` and `numberOf`, shape (nNodes,)
 */
export function packNodes(
  ensemble: Ensemble,
  order: { readonly nodeAt: Int32Array; readonly numberOf: Int32Array },
  arena: Arena,
): number {
  if (ensemble.categories.length > 0 || ensemble.nFeatures > MAX_FEATURES) return 0;
  const n = ensemble.feature.length;
  const packed = arena.alloc(8 * n);
  const words = arena.u32(packed, 2 * n);
  const thresholds = arena.f32(packed, 2 * n);
  for (let at = 0; at < n; at++) {
    const k = order.nodeAt[at]!;
    const isLeaf = (ensemble.flags[k]! & LEAF) !== 0;
    const distance = isLeaf ? 0 : order.numberOf[ensemble.left[k]!]! - at;
    if (distance >= MAX_DISTANCE) return 0;
    // Nothing is above infinity, so rows stay in a leaf however often they step.
    thresholds[2 * at] = isLeaf ? Infinity : ensemble.threshold[k]!;
    words[2 * at + 1] = ((distance << FEATURE_BITS) | (isLeaf ? 0 : ensemble.feature[k]!)) >>> 0;
  }
  return packed;
}

/**
 * Splits from the root to the deepest leaf of each tree, shape (nTrees,).
 * @param nodeAt an order in which parents come before their children
 */
export function treeDepths({ roots, left, right, flags }: Ensemble, nodeAt: Int32Array): Int32Array {
  const depth = new Int32Array(flags.length);
  const deepest = new Int32Array(roots.length - 1);
  for (let t = 0; t + 1 < roots.length; t++) {
    for (let at = roots[t]!; at < roots[t + 1]!; at++) {
      const node = nodeAt[at]!;
      const d = depth[node]!;
      if ((flags[node]! & LEAF) !== 0) deepest[t] = Math.max(deepest[t]!, d);
      else {
        depth[left[node]!] = d + 1;
        depth[right[node]!] = d + 1;
      }
    }
  }
  return deepest;
}
