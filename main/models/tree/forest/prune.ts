import type { ForestTree } from '../../../kernels/trees/forest.ts';

/**
 * Minimal cost-complexity pruning (Breiman et al. 1984, as scikit-learn's ccp_alpha): while the weakest link — the inner
 * node whose branch lowers the impurity least per leaf it adds — does so by at most `alpha`, its branch becomes a leaf.
 * Impurities count by the node's share of all weight.
 */
export function pruneTree(tree: ForestTree, alpha: number, nOut: number): ForestTree {
  if (!(alpha > 0) || tree.nNodes === 1) return tree;
  const total = tree.cover[0]!;
  const risk = (k: number) => (tree.impurity[k]! * tree.cover[k]!) / total;
  const isLeaf = Uint8Array.from(tree.feature, (f) => Number(f < 0));
  for (;;) {
    // Children come after their parent, so one pass from the end sums up branches.
    const branchRisk = new Float64Array(tree.nNodes);
    const nLeaves = new Float64Array(tree.nNodes);
    let weakest = -1;
    let least = Infinity;
    for (let k = tree.nNodes - 1; k >= 0; k--) {
      if (isLeaf[k]) {
        branchRisk[k] = risk(k);
        nLeaves[k] = 1;
        continue;
      }
      const [l, r] = [tree.left[k]!, tree.right[k]!];
      branchRisk[k] = branchRisk[l]! + branchRisk[r]!;
      nLeaves[k] = nLeaves[l]! + nLeaves[r]!;
    }
    const reachable = reach(tree, isLeaf);
    for (let k = 0; k < tree.nNodes; k++) {
      if (isLeaf[k] || !reachable[k]) continue;
      const link = (risk(k) - branchRisk[k]!) / (nLeaves[k]! - 1);
      if (link < least) {
        least = link;
        weakest = k;
      }
    }
    if (weakest < 0 || least > alpha) return keep(tree, reachable, isLeaf, nOut);
    isLeaf[weakest] = 1;
  }
}

function reach(tree: ForestTree, isLeaf: Uint8Array): Uint8Array {
  const reachable = new Uint8Array(tree.nNodes);
  reachable[0] = 1;
  for (let k = 0; k < tree.nNodes; k++) {
    if (!reachable[k] || isLeaf[k]) continue;
    reachable[tree.left[k]!] = 1;
    reachable[tree.right[k]!] = 1;
  }
  return reachable;
}

function keep(tree: ForestTree, reachable: Uint8Array, isLeaf: Uint8Array, nOut: number): ForestTree {
  const kept = [...reachable.keys()].filter((k) => reachable[k]);
  const place = new Map(kept.map((k, at) => [k, at]));
  const inner = (k: number) => !isLeaf[k];
  return {
    nNodes: kept.length,
    feature: Int32Array.from(kept, (k) => (inner(k) ? tree.feature[k]! : -1)),
    bin: Int32Array.from(kept, (k) => tree.bin[k]!),
    missingLeft: Uint8Array.from(kept, (k) => tree.missingLeft[k]!),
    left: Int32Array.from(kept, (k) => (inner(k) ? place.get(tree.left[k]!)! : 0)),
    right: Int32Array.from(kept, (k) => (inner(k) ? place.get(tree.right[k]!)! : 0)),
    gain: Float64Array.from(kept, (k) => (inner(k) ? tree.gain[k]! : 0)),
    cover: Float64Array.from(kept, (k) => tree.cover[k]!),
    impurity: Float64Array.from(kept, (k) => tree.impurity[k]!),
    value: Float64Array.from(kept.flatMap((k) => [...tree.value.subarray(k * nOut, k * nOut + nOut)])),
    bits: Uint8Array.from(kept.flatMap((k) => [...tree.bits.subarray(32 * k, 32 * k + 32)])),
    leaves: [],
  };
}
