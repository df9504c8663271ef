import type { Rng } from '../../kernels/rng.ts';
import { systematicDraw } from '../draw/systematic.ts';
import { inclusion, type DrawOptions, type Leaf } from './leaves.ts';

/** A node stands for leaves [from, to) and names the rows it keeps; the rows themselves stay in the leaves. */
export interface TreeNode {
  readonly from: number;
  readonly to: number;
  /** Shape (m,): leaf ordinal and row within that leaf. */
  readonly leaf: Uint32Array;
  readonly row: Uint32Array;
  /** Shape (m,): probability that the row came this far up. */
  readonly pi: Float64Array;
}

/**
 * Where the range [from, to) splits: at the multiple of the largest power of two inside it. Ranges of whole powers of two
 * are then the same whatever is appended behind or dropped in front, so only O(log n) nodes change.
 */
export function splitPoint(from: number, to: number): number {
  for (let step = 2 ** Math.floor(Math.log2(Math.max(1, to - 1))); step >= 1; step /= 2) {
    const multiple = (Math.floor(from / step) + 1) * step;
    if (multiple < to) return multiple;
  }
  throw new RangeError(`splitPoint: [${from}, ${to}) has no inside`);
}

/** Leaves never change the rows they keep, so each is one node. */
const leafNodes = new WeakMap<Leaf, TreeNode>();

/** A leaf seen as a node. */
export function leafNode(of: Leaf): TreeNode {
  const known = leafNodes.get(of);
  if (known) return known;
  const { ordinal, y, pi } = of;
  const row = new Uint32Array(y.length);
  for (let i = 0; i < row.length; i++) row[i] = i;
  const made = { from: ordinal, to: ordinal + 1, leaf: new Uint32Array(y.length).fill(ordinal), row, pi };
  leafNodes.set(of, made);
  return made;
}

/** Joins two nodes and draws again, by score × the weight rows have come to. */
export function mergeNodes(
  left: TreeNode,
  right: TreeNode,
  leafAt: (ordinal: number) => Leaf,
  options: DrawOptions,
  rng: Rng,
): TreeNode {
  const n = left.row.length + right.row.length;
  const leaf = join(Uint32Array, left.leaf, right.leaf);
  const row = join(Uint32Array, left.row, right.row);
  const pi = join(Float64Array, left.pi, right.pi);
  const mass = new Float64Array(n);
  const key = new Float64Array(n);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const from = leafAt(leaf[i]!);
    const at = row[i]!;
    mass[i] = (from.score[at]! * from.rowWeight[at]!) / pi[i]!;
    key[i] = from.key[at]!;
    y[i] = from.y[at]!;
  }
  const next = inclusion(mass, y, options);
  const rows = systematicDraw(next, key, rng);
  const m = rows.length;
  const out = { leaf: new Uint32Array(m), row: new Uint32Array(m), pi: new Float64Array(m) };
  for (let at = 0; at < m; at++) {
    const i = rows[at]!;
    out.leaf[at] = leaf[i]!;
    out.row[at] = row[i]!;
    out.pi[at] = pi[i]! * next[i]!;
  }
  return { from: left.from, to: right.to, ...out };
}

function join<T extends Uint32Array | Float64Array>(kind: new (length: number) => T, a: T, b: T): T {
  const out = new kind(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
