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

// Raw trees. Node, 16 bytes: threshold f32 (or word offset of the category bits, as u32), feature u16, flags u16, left i32, right i32.
// Leaves point at themselves (feature 0, threshold NaN, right = left = self), so several rows can walk in step.
// flags: 1 missing goes left, 2 category, 4 leaf.

@inline
function step(nodes: usize, at: usize, x: usize, bits: usize): usize {
  const node = nodes + (at << 4);
  const flags = <u32>load<u16>(node, 6);
  const v = load<f32>(x + (<usize>load<u16>(node, 4) << 2));
  if (flags & 2) return stepCategory(node, flags, v, bits);
  const t = load<f32>(node);
  const isLeft = u32(v <= t) | (u32(v != v) & flags);
  return <usize>load<i32>(node + (isLeft & 1 ? 8 : 12));
}

function stepCategory(node: usize, flags: u32, v: f32, bits: usize): usize {
  // bits: nLevels u32, unseen left u32, then a bit a level
  const at = bits + (<usize>load<u32>(node) << 2);
  let isLeft: u32;
  if (v != v) isLeft = flags & 1;
  else if (v < 0 || v >= f32(load<u32>(at))) isLeft = load<u32>(at, 4);
  else {
    const code = <u32>v;
    isLeft = (load<u32>(at + 8 + (<usize>(code >> 5) << 2)) >> (code & 31)) & 1;
  }
  return <usize>load<i32>(node + (isLeft ? 8 : 12));
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

/**
 * out, f64 (nRows, width) += scale * leaf values of trees, for rows [from, to) of X, f32 (nRows, d).
 * @param roots i32 (nTrees + 1,)  @param values f64 (nNodes, nOut): nOut = 1 adds to column tree % width, else nOut = width
 */
export function predictRaw(X: usize, d: i32, from: i32, to: i32, nodes: usize, bits: usize, roots: usize, nTrees: i32, values: usize, nOut: i32, width: i32, scale: f64, out: usize): void {
  // 64 rows stay in the first-level cache while all trees pass over them.
  for (let b = from; b < to; b += 64) {
    const e = min(b + 64, to);
    for (let t = 0; t < nTrees; t++) {
      const root = <usize>load<i32>(roots + (<usize>t << 2));
      const column = nOut == 1 ? t % width : 0;
      let i = b;
      for (; i + 4 <= e; i += 4) {
        const x0 = X + ((<usize>i * d) << 2);
        const x1 = x0 + (<usize>d << 2);
        const x2 = x1 + (<usize>d << 2);
        const x3 = x2 + (<usize>d << 2);
        let a0 = root, a1 = root, a2 = root, a3 = root;
        for (;;) {
          const p0 = a0, p1 = a1, p2 = a2, p3 = a3;
          a0 = step(nodes, a0, x0, bits);
          a1 = step(nodes, a1, x1, bits);
          a2 = step(nodes, a2, x2, bits);
          a3 = step(nodes, a3, x3, bits);
          if (((a0 ^ p0) | (a1 ^ p1) | (a2 ^ p2) | (a3 ^ p3)) == 0) break;
        }
        const o = out + ((<usize>i * width) << 3);
        addLeaf(values, nOut, column, a0, o, scale);
        addLeaf(values, nOut, column, a1, o + (<usize>width << 3), scale);
        addLeaf(values, nOut, column, a2, o + (<usize>(2 * width) << 3), scale);
        addLeaf(values, nOut, column, a3, o + (<usize>(3 * width) << 3), scale);
      }
      for (; i < e; i++) {
        const x = X + ((<usize>i * d) << 2);
        let a = root;
        for (;;) {
          const p = a;
          a = step(nodes, a, x, bits);
          if (a == p) break;
        }
        addLeaf(values, nOut, column, a, out + ((<usize>i * width) << 3), scale);
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
