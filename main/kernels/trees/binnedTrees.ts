import type { Matrix } from '../matrix.ts';
import type { Team } from '../threads/team.ts';
import type { Arena } from '../wasm/arena.ts';
import { binMatrix, OTHER, type BinMap, type BinnedRows } from './binning.ts';
import { CATEGORY, LEAF, MISSING_LEFT, type Ensemble } from './ensemble.ts';

/** Size of a node, see `stepBins` in assembly/route.ts. */
const NODE_BYTES = 40;
const MISSING = 255;

/**
 * Trees over raw values as trees over bins whose cuts are the trees' own thresholds: rows are binned once and take the very
 * same ways, a byte a value and without a branch for categories or what is missing. One tree at a time is placed.
 */
export class BinnedTrees {
  readonly rows: BinnedRows;
  readonly nodes: number;
  private readonly e: Ensemble;
  private readonly arena: Arena;
  private readonly map: BinMap;

  private constructor(e: Ensemble, arena: Arena, map: BinMap, rows: BinnedRows) {
    this.e = e;
    this.arena = arena;
    this.map = map;
    this.rows = rows;
    this.nodes = arena.alloc(NODE_BYTES * largestTree(e));
  }

  /** null where a feature has more thresholds or levels than a byte can tell apart. */
  static of(e: Ensemble, X: Matrix, arena: Arena, team: Team): BinnedTrees | null {
    const map = mapOf(e);
    return map && new BinnedTrees(e, arena, map, binMatrix(X, map, arena, team, { needsColumns: false }));
  }

  /** Writes tree t to `nodes`. @returns number in the ensemble of each of its nodes there */
  place(t: number): Int32Array {
    const { e, arena, nodes } = this;
    const order = siblings(e, t);
    const first = e.roots[t]!;
    const numberOf = new Int32Array(order.length);
    order.forEach((node, at) => (numberOf[node - first] = at));
    const words = arena.u32(nodes, 10 * order.length).fill(0);
    const bytes = arena.u8(nodes, NODE_BYTES * order.length);
    for (let at = 0; at < order.length; at++) {
      const node = order[at]!;
      if (e.flags[node]! & LEAF) {
        words[10 * at + 1] = NODE_BYTES * at;
        continue;
      }
      words[10 * at] = e.feature[node]!;
      words[10 * at + 1] = NODE_BYTES * numberOf[e.left[node]! - first]!;
      this.writeRight(node, bytes.subarray(NODE_BYTES * at + 8, NODE_BYTES * (at + 1)));
    }
    return order;
  }

  /** Sets the bits of the bins that go right. */
  private writeRight(node: number, bits: Uint8Array): void {
    const { e, map } = this;
    const feature = e.feature[node]!;
    const flags = e.flags[node]!;
    const set = (bin: number) => (bits[bin >> 3]! |= 1 << (bin & 7));
    if (!(flags & MISSING_LEFT)) set(MISSING);
    if (flags & CATEGORY) {
      const at = e.categoryAt[node]!;
      const isLeft = (level: number) => (e.categories[at + 2 + (level >> 5)]! >>> (level & 31)) & 1;
      if (e.categories[at + 1] !== 1) set(OTHER);
      for (let level = 0; level < e.categories[at]!; level++) if (!isLeft(level)) set(level);
      return;
    }
    // Bins above the one that ends at the threshold, whole bytes at a time.
    const cut = findCut(map.cuts.subarray(256 * feature, 256 * feature + 256), e.threshold[node]!);
    for (let bin = cut + 1; bin < MISSING;) {
      if ((bin & 7) === 0 && bin + 8 <= MISSING) {
        bits[bin >> 3] = 255;
        bin += 8;
      } else set(bin++);
    }
  }
}

/** Bins between the thresholds of each feature. */
function mapOf(e: Ensemble): BinMap | null {
  const d = e.nFeatures;
  const thresholds = Array.from({ length: d }, () => new Set<number>());
  const nLevels = new Int32Array(d);
  for (let node = 0; node < e.feature.length; node++) {
    const flags = e.flags[node]!;
    const feature = e.feature[node]!;
    if (flags & LEAF) continue;
    if (flags & CATEGORY) nLevels[feature] = Math.max(1, e.categories[e.categoryAt[node]!]!);
    else thresholds[feature]!.add(e.threshold[node]!);
  }
  const cuts = new Float32Array(256 * d).fill(Infinity);
  const nBins = new Int32Array(d);
  for (let f = 0; f < d; f++) {
    const own = Float32Array.from(thresholds[f]!).sort();
    // 254 cuts make 255 bins; levels leave 254 to those that were not there at fit.
    if (own.length >= MISSING || nLevels[f]! > OTHER) return null;
    cuts.set(own, 256 * f);
    nBins[f] = nLevels[f]! > 0 ? -nLevels[f]! : own.length + 1;
  }
  const tables = Array.from(nLevels, (n) => (n > 0 ? Uint8Array.from({ length: n }, (_, level) => level) : undefined));
  return { nFeatures: d, cuts, nBins, tables };
}

/** Place of `threshold` among ascending cuts, which hold it. */
function findCut(cuts: Float32Array, threshold: number): number {
  let [low, high] = [0, cuts.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cuts[middle]! < threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Nodes of a tree, children side by side, parents first. */
function siblings(e: Ensemble, t: number): Int32Array {
  const order = new Int32Array(e.roots[t + 1]! - e.roots[t]!);
  order[0] = e.roots[t]!;
  for (let at = 0, next = 1; at < order.length; at++) {
    const node = order[at]!;
    if (e.flags[node]! & LEAF) continue;
    order[next++] = e.left[node]!;
    order[next++] = e.right[node]!;
  }
  return order;
}

/** Nodes of the largest tree. */
export function largestTree({ roots }: Ensemble): number {
  let most = 1;
  for (let t = 0; t + 1 < roots.length; t++) most = Math.max(most, roots[t + 1]! - roots[t]!);
  return most;
}
