// Exact TreeSHAP (Lundberg et al. 2020, path dependent). For every leaf the contribution of a feature on its path depends
// only on which of the path's features the row satisfies: a table by that pattern (Yang 2021, "Fast TreeSHAP" v2) is made
// once per leaf, then each row costs a few comparisons and one table row a leaf.

import { isCategoryLeft } from './route';

/** Whether the row at x leaves `node` (layout of route.ts) to the side that leads to the leaf at hand. */
@inline
function satisfies(nodes: usize, bits: usize, node: usize, x: usize, goesLeft: u32): u32 {
  const at = nodes + (node << 4);
  const flags = <u32>load<u16>(at, 6);
  const v = load<f32>(x + (<usize>load<u16>(at, 4) << 2));
  let isLeft: u32;
  if (flags & 2) isLeft = isCategoryLeft(at, flags, v, bits);
  else isLeft = (u32(v <= load<f32>(at)) | (u32(v != v) & flags)) & 1;
  return u32(isLeft == goesLeft);
}

/**
 * Adds the contributions of leaves [0, nLeaves) to out, f64 (nRows, d), for rows [from, to) of X, f32 (nRows, d).
 * A leaf of value v whose path has features k with cover fractions z_k gives feature k
 *   v (o_k − z_k) ∫₀¹ Π_{j≠k} (z_j (1 − t) + o_j t) dt,   o_j = 1 when the row satisfies j, else 0,
 * the Shapley value of the game v Π; the integral of a polynomial is exact by Gauss–Legendre with ⌈m / 2⌉ points.
 * @param leaves 16 bytes each: first path entry, number of path entries, first table value, m; for m > 8 the table is
 *   v, then z (m,), then nQ, points (nQ,), weights (nQ,)
 * @param paths 16 bytes each: slot, node, goes left
 * @param features u32: unique features of each leaf in order of slot, at its first path entry
 * @param tables f64: (2^m, m) values of each leaf, by pattern of satisfied slots
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
        let failed: u64 = 0;
        for (let k = 0; k < nPath; k++) {
          const p = path + (<usize>k << 4);
          failed |= u64(satisfies(nodes, bits, <usize>load<u32>(p, 4), x, load<u32>(p, 8)) ^ 1) << load<u32>(p);
        }
        const o = out + ((<usize>i * d) << 3);
        if (m > 8) {
          direct(table, m, failed, unique, o);
          continue;
        }
        const pattern = <usize>(((u64(1) << m) - 1) & ~failed);
        const values = table + ((pattern * m) << 3);
        for (let k = 0; k < m; k++) {
          const at = o + (<usize>load<u32>(unique + (<usize>k << 2)) << 3);
          store<f64>(at, load<f64>(at) + load<f64>(values + (<usize>k << 3)));
        }
      }
    }
  }
}

function direct(table: usize, m: i32, failed: u64, unique: usize, out: usize): void {
  const v = load<f64>(table);
  const z = table + 8;
  const nQ = i32(load<f64>(z + (<usize>m << 3)));
  const points = z + (<usize>(m + 1) << 3);
  const weights = points + (<usize>nQ << 3);
  for (let q = 0; q < nQ; q++) {
    const t = load<f64>(points + (<usize>q << 3));
    let product = v * load<f64>(weights + (<usize>q << 3));
    for (let k = 0; k < m; k++) {
      const zk = load<f64>(z + (<usize>k << 3)) * (1 - t);
      product *= (failed >> k) & 1 ? zk : zk + t;
    }
    for (let k = 0; k < m; k++) {
      const zk = load<f64>(z + (<usize>k << 3));
      const isFailed = ((failed >> k) & 1) != 0;
      const factor = isFailed ? zk * (1 - t) : zk * (1 - t) + t;
      const at = out + (<usize>load<u32>(unique + (<usize>k << 2)) << 3);
      store<f64>(at, load<f64>(at) + (product / factor) * (isFailed ? -zk : 1 - zk));
    }
  }
}
