import { CATEGORY, LEAF, MISSING_LEFT, type Ensemble } from '../../../kernels/trees/ensemble.ts';

/** Leaf (numbered in the whole ensemble) that the row at `data[at …]` reaches from `root`; values are taken as float32. */
export function leafOf(e: Ensemble, root: number, data: Float32Array | Float64Array, at: number): number {
  const { feature, threshold, flags, left, right } = e;
  let node = root;
  for (let flag = flags[node]!; (flag & LEAF) === 0; flag = flags[node]!) {
    const v = Math.fround(data[at + feature[node]!]!);
    const isLeft =
      (flag & CATEGORY) !== 0
        ? isCategoryLeft(e, node, v)
        : v <= threshold[node]! || (v !== v && (flag & MISSING_LEFT) !== 0);
    node = isLeft ? left[node]! : right[node]!;
  }
  return node;
}

function isCategoryLeft({ flags, categoryAt, categories }: Ensemble, node: number, code: number): boolean {
  if (code !== code) return (flags[node]! & MISSING_LEFT) !== 0;
  const at = categoryAt[node]!;
  if (code < 0 || code >= categories[at]!) return categories[at + 1] === 1;
  return ((categories[at + 2 + (code >> 5)]! >>> (code & 31)) & 1) === 1;
}
