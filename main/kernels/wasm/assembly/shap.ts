// Exact TreeSHAP (Lundberg et al. 2020, path dependent). For every leaf the contribution of a feature on its path depends
// only on which of the path's features the row satisfies: a table by that pattern (Yang 2021, "Fast TreeSHAP" v2) is made
// once per leaf, then each row costs a few comparisons and one table row a leaf.

/**
 * Leaf record, 32 bytes: path offset u32 (in path entries), nFeatures u32, table offset u32 (in f64), nOut handled by caller.
 * Path entry, 16 bytes: feature u32, slot u32 (unique feature of this leaf), node u32, goes left u32.
 */
@inline
function satisfies(nodes: usize, bits: usize, node: usize, x: usize, goesLeft: u32): u32 {
  const at = nodes + (node << 4);
  const flags = <u32>load<u16>(at, 6);
  const v = load<f32>(x + (<usize>load<u16>(at, 4) << 2));
  let isLeft: u32;
  if (flags & 2) {
    const words = bits + (<usize>load<u32>(at) << 2);
    if (v != v) isLeft = flags & 1;
    else if (v < 0 || v >= f32(load<u32>(words))) isLeft = load<u32>(words, 4);
    else {
      const code = <u32>v;
      isLeft = (load<u32>(words + 8 + (<usize>(code >> 5) << 2)) >> (code & 31)) & 1;
    }
  } else isLeft = (u32(v <= load<f32>(at)) | (u32(v != v) & flags)) & 1;
  return u32(isLeft == goesLeft);
}

/**
 * Adds the contributions of leaves [0, nLeaves) to out, f64 (nRows, d), for rows [from, to) of X, f32 (nRows, d).
 * @param leaves 16 bytes each: first path entry, number of path entries, first table value, number of unique features m
 * @param paths 16 bytes each: slot, node, goes left, feature of the slot
 * @param features u32: unique features of each leaf in order of slot, at its first path entry
 * @param tables f64: (2^m, m) values of each leaf
 */
export function treeShapRows(X: usize, d: i32, from: i32, to: i32, nodes: usize, bits: usize, leaves: usize, nLeaves: i32, paths: usize, features: usize, tables: usize, out: usize): void {
  for (let b = from; b < to; b += 32) {
    const e = min(b + 32, to);
    for (let leaf = 0; leaf < nLeaves; leaf++) {
      const record = leaves + (<usize>leaf << 4);
      const first = <usize>load<u32>(record);
      const nPath = load<i32>(record, 4);
      const table = tables + (<usize>load<u32>(record, 8) << 3);
      const m = load<i32>(record, 12);
      const path = paths + (first << 4);
      const unique = features + (first << 2);
      for (let i = b; i < e; i++) {
        const x = X + ((<usize>i * d) << 2);
        let failed: u32 = 0;
        for (let k = 0; k < nPath; k++) {
          const p = path + (<usize>k << 4);
          failed |= (satisfies(nodes, bits, <usize>load<u32>(p, 4), x, load<u32>(p, 8)) ^ 1) << load<u32>(p);
        }
        const pattern = ((1 << m) - 1) & ~failed;
        const values = table + ((<usize>pattern * m) << 3);
        const o = out + ((<usize>i * d) << 3);
        for (let k = 0; k < m; k++) {
          const at = o + (<usize>load<u32>(unique + (<usize>k << 2)) << 3);
          store<f64>(at, load<f64>(at) + load<f64>(values + (<usize>k << 3)));
        }
      }
    }
  }
}
