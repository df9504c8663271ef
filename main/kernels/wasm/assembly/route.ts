// Trees applied to rows.

/**
 * Adds tree values to the scores of binned rows [from, to).
 * Node, 32 bytes: feature i32 (-1: leaf), threshold bin i32, left i32, right i32, missing left i32, is category i32, value f64.
 * @param rows u32 row numbers or 0 for the positions themselves  @param bits 32 bytes a node  @param leafOut i32 (n,) or 0
 */
export function routeBinned(bins: usize, stride: i32, rows: usize, from: i32, to: i32, nodes: usize, bits: usize, score: usize, leafOut: usize): void {
  for (let i = from; i < to; i++) {
    const row = rows ? <usize>load<u32>(rows + (<usize>i << 2)) : <usize>i;
    const x = bins + row * stride;
    let at: usize = 0;
    let node = nodes;
    let feature = load<i32>(node);
    while (feature >= 0) {
      const bin = <u32>load<u8>(x + feature);
      let isLeft: bool;
      if (load<i32>(node, 20)) isLeft = ((load<u8>(bits + (at << 5) + (bin >> 3)) >> (bin & 7)) & 1) != 0;
      else isLeft = bin == 255 ? load<i32>(node, 16) != 0 : bin <= load<u32>(node, 4);
      at = <usize>(isLeft ? load<i32>(node, 8) : load<i32>(node, 12));
      node = nodes + (at << 5);
      feature = load<i32>(node);
    }
    if (leafOut) store<i32>(leafOut + (row << 2), <i32>at);
    if (score) {
      const s = score + (row << 3);
      store<f64>(s, load<f64>(s) + load<f64>(node, 24));
    }
  }
}

// Raw trees. Node, 16 bytes: threshold f32, feature u16, flags u16, left i32, word offset of the category bits u32.
// The right child is left + 1. Leaves point at themselves (feature 0, threshold +inf, missing left), so that several rows
// can walk in step. flags: 1 missing goes left, 2 category, 4 leaf.

@inline
function step(nodes: usize, at: usize, x: usize, bits: usize): usize {
  const node = nodes + (at << 4);
  const flags = <u32>load<u16>(node, 6);
  const v = load<f32>(x + (<usize>load<u16>(node, 4) << 2));
  let isLeft: u32;
  if (flags & 2) isLeft = isCategoryLeft(node, flags, v, bits);
  else isLeft = u32(v <= load<f32>(node)) | (u32(v != v) & flags & 1);
  return <usize>load<i32>(node, 8) + (isLeft ^ 1);
}

/**
 * `step` where nothing is missing and no split is on a category, over packed nodes of 8 bytes: threshold f32, then feature (low 12 bits) and how far behind the node its left
 * child stands (high 20; 0: a leaf). Half the memory is half the cache misses.
 */
@inline
function stepPacked(packed: usize, at: usize, x: usize): usize {
  const node = packed + (at << 3);
  const word = load<u32>(node, 4);
  return at + <usize>(word >> 12) + u32(load<f32>(x + (<usize>(word & 4095) << 2)) > load<f32>(node));
}

export function isCategoryLeft(node: usize, flags: u32, v: f32, bits: usize): u32 {
  // bits: nLevels u32, unseen left u32, then a bit a level
  const at = bits + (<usize>load<u32>(node, 12) << 2);
  if (v != v) return flags & 1;
  if (v < 0 || v >= f32(load<u32>(at))) return load<u32>(at, 4);
  const code = <u32>v;
  return (load<u32>(at + 8 + (<usize>(code >> 5) << 2)) >> (code & 31)) & 1;
}

@inline
function addLeaf(values: usize, nOut: i32, offset: i32, leaf: usize, out: usize, scale: f64): void {
  if (nOut == 1) {
    const v = load<f64>(values + (leaf << 3));
    const o = out + (<usize>offset << 3);
    store<f64>(o, load<f64>(o) + v * scale);
    return;
  }
  for (let k = 0; k < nOut; k++) {
    const o = out + (<usize>k << 3);
    store<f64>(o, load<f64>(o) + load<f64>(values + ((leaf * nOut + k) << 3)) * scale);
  }
}

/** Whether some value of X, f32, is missing. */
export function hasMissing(X: usize, n: i32): bool {
  let all = i32x4.splat(-1);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const v = v128.load(X + (<usize>i << 2));
    all = v128.and(all, f32x4.eq(v, v));
  }
  if (!i32x4.all_true(all)) return true;
  for (; i < n; i++) {
    const v = load<f32>(X + (<usize>i << 2));
    if (v != v) return true;
  }
  return false;
}

/**
 * Leaves of eight rows that walk a packed tree in step: i32 (8,) to `out`. Nothing may be missing.
 * @param row bytes a row  @param depth of the tree
 */
@inline
function walkPacked(packed: usize, root: usize, depth: i32, x0: usize, row: usize, out: usize): void {
  const x1 = x0 + row;
  const x2 = x1 + row;
  const x3 = x2 + row;
  const x4 = x3 + row;
  const x5 = x4 + row;
  const x6 = x5 + row;
  const x7 = x6 + row;
  let a0 = root, a1 = root, a2 = root, a3 = root, a4 = root, a5 = root, a6 = root, a7 = root;
  for (let s = 0; s < depth; s += 2) {
    a0 = stepPacked(packed, a0, x0);
    a1 = stepPacked(packed, a1, x1);
    a2 = stepPacked(packed, a2, x2);
    a3 = stepPacked(packed, a3, x3);
    a4 = stepPacked(packed, a4, x4);
    a5 = stepPacked(packed, a5, x5);
    a6 = stepPacked(packed, a6, x6);
    a7 = stepPacked(packed, a7, x7);
    const p0 = a0, p1 = a1, p2 = a2, p3 = a3, p4 = a4, p5 = a5, p6 = a6, p7 = a7;
    a0 = stepPacked(packed, a0, x0);
    a1 = stepPacked(packed, a1, x1);
    a2 = stepPacked(packed, a2, x2);
    a3 = stepPacked(packed, a3, x3);
    a4 = stepPacked(packed, a4, x4);
    a5 = stepPacked(packed, a5, x5);
    a6 = stepPacked(packed, a6, x6);
    a7 = stepPacked(packed, a7, x7);
    if (((a0 ^ p0) | (a1 ^ p1) | (a2 ^ p2) | (a3 ^ p3) | (a4 ^ p4) | (a5 ^ p5) | (a6 ^ p6) | (a7 ^ p7)) == 0) break;
  }
  store<u32>(out, <u32>a0);
  store<u32>(out, <u32>a1, 4);
  store<u32>(out, <u32>a2, 8);
  store<u32>(out, <u32>a3, 12);
  store<u32>(out, <u32>a4, 16);
  store<u32>(out, <u32>a5, 20);
  store<u32>(out, <u32>a6, 24);
  store<u32>(out, <u32>a7, 28);
}

/**
 * out, f64 (nRows, width) += scale * leaf values of trees, for rows [from, to) of X, f32 (nRows, d).
 * @param packed see `stepPacked`, or 0 where splits on categories or large numbers keep nodes from being packed
 * @param roots i32 (nTrees + 1,)  @param depths i32 (nTrees,)  @param values f64 (nNodes, nOut): nOut = 1 adds to column tree % width, else nOut = width
 * @param scratch 32 bytes
 * @param blockRows rows that pass a tree before the next tree: few while all trees fit in the cache, many when they do not
 */
export function predictRaw(X: usize, d: i32, from: i32, to: i32, nodes: usize, bits: usize, packed: usize, roots: usize, depths: usize, nTrees: i32, values: usize, nOut: i32, width: i32, scale: f64, blockRows: i32, scratch: usize, out: usize): void {
  const isPlain = packed != 0 && !hasMissing(X + (<usize>(from * d) << 2), (to - from) * d);
  const row = <usize>d << 2;
  const outRow = <usize>width << 3;
  for (let b = from; b < to; b += blockRows) {
    const e = min(b + blockRows, to);
    for (let t = 0; t < nTrees; t++) {
      const root = <usize>load<i32>(roots + (<usize>t << 2));
      const column = nOut == 1 ? t % width : 0;
      let i = b;
      if (isPlain) {
        const depth = load<i32>(depths + (<usize>t << 2));
        for (; i + 8 <= e; i += 8) {
          walkPacked(packed, root, depth, X + <usize>i * row, row, scratch);
          const o = out + <usize>i * outRow;
          for (let k: usize = 0; k < 8; k++) addLeaf(values, nOut, column, load<u32>(scratch + (k << 2)), o + k * outRow, scale);
        }
      } else {
        for (; i + 4 <= e; i += 4) {
          const x0 = X + <usize>i * row;
          const x1 = x0 + row;
          const x2 = x1 + row;
          const x3 = x2 + row;
          let a0 = root, a1 = root, a2 = root, a3 = root;
          for (;;) {
            const p0 = a0, p1 = a1, p2 = a2, p3 = a3;
            a0 = step(nodes, a0, x0, bits);
            a1 = step(nodes, a1, x1, bits);
            a2 = step(nodes, a2, x2, bits);
            a3 = step(nodes, a3, x3, bits);
            if (((a0 ^ p0) | (a1 ^ p1) | (a2 ^ p2) | (a3 ^ p3)) == 0) break;
          }
          const o = out + <usize>i * outRow;
          addLeaf(values, nOut, column, a0, o, scale);
          addLeaf(values, nOut, column, a1, o + outRow, scale);
          addLeaf(values, nOut, column, a2, o + 2 * outRow, scale);
          addLeaf(values, nOut, column, a3, o + 3 * outRow, scale);
        }
      }
      for (; i < e; i++) {
        const x = X + <usize>i * row;
        let a = root;
        for (;;) {
          const p = a;
          a = step(nodes, a, x, bits);
          if (a == p) break;
        }
        addLeaf(values, nOut, column, a, out + <usize>i * outRow, scale);
      }
    }
  }
}

/** Leaf reached in every tree: out, i32 (nRows, nTrees), for rows [from, to). */
export function applyRaw(X: usize, d: i32, from: i32, to: i32, nodes: usize, bits: usize, roots: usize, nTrees: i32, out: usize): void {
  for (let i = from; i < to; i++) {
    const x = X + ((<usize>i * d) << 2);
    for (let t = 0; t < nTrees; t++) {
      let a = <usize>load<i32>(roots + (<usize>t << 2));
      for (;;) {
        const p = a;
        a = step(nodes, a, x, bits);
        if (a == p) break;
      }
      store<i32>(out + ((<usize>i * nTrees + t) << 2), <i32>a);
    }
  }
}

/** Adds one row's gradients to the sums of its leaf. */
@inline
function addSums(sums: usize, leaf: usize, i: i32, g: usize, h: usize, weights: usize): void {
  const w = weights ? load<f64>(weights + (<usize>i << 3)) : 1;
  const out = sums + leaf * 24;
  store<f64>(out, load<f64>(out) + w * f64(load<f32>(g + (<usize>i << 2))));
  store<f64>(out, load<f64>(out, 8) + w * f64(load<f32>(h + (<usize>i << 2))), 8);
  store<f64>(out, load<f64>(out, 16) + w, 16);
}

/**
 * Leaf of rows [from, to) of X, f32 (nRows, d), in one raw tree whose nodes are [root, root + nNodes), and the sums of
 * gradients by leaf.
 * @param packed see `stepPacked`, or 0; only where no value is missing
 * @param g,h f32 (nRows,)  @param weights f64 (nRows,) or 0
 * @param leafOut i32 (nRows,): number within the tree  @param sums out f64 (nNodes, 3): Σ w g, Σ w h, Σ w
 */
export function routeSums(X: usize, d: i32, from: i32, to: i32, nodes: usize, bits: usize, packed: usize, root: i32, nNodes: i32, g: usize, h: usize, weights: usize, leafOut: usize, sums: usize): void {
  memory.fill(sums, 0, <usize>nNodes * 24);
  let i = from;
  if (packed) {
    const first = packed + (<usize>root << 3);
    for (; i + 8 <= to; i += 8) walkPacked(first, 0, nNodes, X + ((<usize>i * d) << 2), <usize>d << 2, leafOut + (<usize>i << 2));
  }
  for (; i < to; i++) {
    const x = X + ((<usize>i * d) << 2);
    let a = <usize>root;
    for (;;) {
      const p = a;
      a = step(nodes, a, x, bits);
      if (a == p) break;
    }
    store<i32>(leafOut + (<usize>i << 2), <i32>(a - root));
  }
  for (i = from; i < to; i++) addSums(sums, <usize>load<i32>(leafOut + (<usize>i << 2)), i, g, h, weights);
}

// Trees over bins. Node, 40 bytes: feature u32, left child u32 as the distance of its node from the first in bytes, then a bit
// a bin: 1 goes right. Numbers, categories and what is missing are then one and the same. The right child follows the left;
// leaves point at themselves.
const BIN_NODE: usize = 40;

@inline
function stepBins(nodes: usize, at: usize, x: usize): usize {
  const node = nodes + at;
  const bin = <u32>load<u8>(x + load<u32>(node));
  const isRight = (<u32>load<u8>(node + (bin >> 3), 8) >> (bin & 7)) & 1;
  return load<u32>(node, 4) + isRight * BIN_NODE;
}

/** As `routeSums`, over binned rows, u8 (nRows, stride). @param nodes a tree of `nNodes` nodes, see `stepBins` */
export function routeBinSums(bins: usize, stride: i32, from: i32, to: i32, nodes: usize, nNodes: i32, g: usize, h: usize, weights: usize, leafOut: usize, sums: usize): void {
  memory.fill(sums, 0, <usize>nNodes * 24);
  const row = <usize>stride;
  let i = from;
  for (; i + 8 <= to; i += 8) {
    const x0 = bins + <usize>i * row;
    const x1 = x0 + row;
    const x2 = x1 + row;
    const x3 = x2 + row;
    const x4 = x3 + row;
    const x5 = x4 + row;
    const x6 = x5 + row;
    const x7 = x6 + row;
    let a0: usize = 0, a1: usize = 0, a2: usize = 0, a3: usize = 0, a4: usize = 0, a5: usize = 0, a6: usize = 0, a7: usize = 0;
    for (;;) {
      a0 = stepBins(nodes, a0, x0);
      a1 = stepBins(nodes, a1, x1);
      a2 = stepBins(nodes, a2, x2);
      a3 = stepBins(nodes, a3, x3);
      a4 = stepBins(nodes, a4, x4);
      a5 = stepBins(nodes, a5, x5);
      a6 = stepBins(nodes, a6, x6);
      a7 = stepBins(nodes, a7, x7);
      const p0 = a0, p1 = a1, p2 = a2, p3 = a3, p4 = a4, p5 = a5, p6 = a6, p7 = a7;
      a0 = stepBins(nodes, a0, x0);
      a1 = stepBins(nodes, a1, x1);
      a2 = stepBins(nodes, a2, x2);
      a3 = stepBins(nodes, a3, x3);
      a4 = stepBins(nodes, a4, x4);
      a5 = stepBins(nodes, a5, x5);
      a6 = stepBins(nodes, a6, x6);
      a7 = stepBins(nodes, a7, x7);
      if (((a0 ^ p0) | (a1 ^ p1) | (a2 ^ p2) | (a3 ^ p3) | (a4 ^ p4) | (a5 ^ p5) | (a6 ^ p6) | (a7 ^ p7)) == 0) break;
    }
    const o = leafOut + (<usize>i << 2);
    store<u32>(o, <u32>a0 / <u32>BIN_NODE);
    store<u32>(o, <u32>a1 / <u32>BIN_NODE, 4);
    store<u32>(o, <u32>a2 / <u32>BIN_NODE, 8);
    store<u32>(o, <u32>a3 / <u32>BIN_NODE, 12);
    store<u32>(o, <u32>a4 / <u32>BIN_NODE, 16);
    store<u32>(o, <u32>a5 / <u32>BIN_NODE, 20);
    store<u32>(o, <u32>a6 / <u32>BIN_NODE, 24);
    store<u32>(o, <u32>a7 / <u32>BIN_NODE, 28);
  }
  for (; i < to; i++) {
    let a: usize = 0;
    for (;;) {
      const p = a;
      a = stepBins(nodes, a, bins + <usize>i * row);
      if (a == p) break;
    }
    store<u32>(leafOut + (<usize>i << 2), <u32>a / <u32>BIN_NODE);
  }
  for (i = from; i < to; i++) addSums(sums, <usize>load<i32>(leafOut + (<usize>i << 2)), i, g, h, weights);
}

/** score, f64 (n,) += values[leaf], f64 by node of the tree, for rows [from, to). */
export function addReached(leaf: usize, from: i32, to: i32, values: usize, score: usize): void {
  for (let i = from; i < to; i++) {
    const s = score + (<usize>i << 3);
    store<f64>(s, load<f64>(s) + load<f64>(values + (<usize>load<i32>(leaf + (<usize>i << 2)) << 3)));
  }
}
