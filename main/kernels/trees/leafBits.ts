import type { Arena } from '../wasm/arena.ts';
import { LEAF, type Ensemble } from './ensemble.ts';

const MAX_LEAVES = 32;
/** Rows of a block, see assembly/leafBits.ts. */
const BLOCK = 64;
/** Above this many features a block of columns leaves the cache. */
const MAX_FEATURES = 512;

/** Addresses of the splits as tests, see assembly/leafBits.ts; `tests` is 0 where the trees are not for it. */
export interface LeafBits {
  readonly tests: number;
  readonly starts: number;
  readonly leafValues: number;
}

const NONE: LeafBits = { tests: 0, starts: 0, leafValues: 0 };

/** Writes trees of at most 32 leaves over numbers as tests and bits. */
export function placeLeafBits(e: Ensemble, arena: Arena): LeafBits {
  const nTrees = e.roots.length - 1;
  if (e.categories.length > 0 || e.nOut !== 1 || e.nFeatures > MAX_FEATURES) return NONE;
  // A tree of n leaves has 2n − 1 nodes.
  for (let t = 0; t < nTrees; t++) if (e.roots[t + 1]! - e.roots[t]! >= 2 * MAX_LEAVES) return NONE;
  const nSplits = (e.feature.length - nTrees) / 2;
  const tests = arena.alloc(12 * Math.max(1, nSplits));
  const starts = arena.alloc(4 * (nTrees + 1));
  const leafValues = arena.alloc(8 * MAX_LEAVES * nTrees);
  const words = arena.u32(tests, 3 * nSplits);
  const thresholds = arena.f32(tests, 3 * nSplits);
  const first = arena.i32(starts, nTrees + 1);
  const values = arena.f64(leafValues, MAX_LEAVES * nTrees);
  let test = 0;
  for (let t = 0; t < nTrees; t++) {
    first[t] = test;
    let nLeaves = 0;
    /** Bits of the leaves below a node, numbered from the left. */
    const visit = (node: number): number => {
      if (e.flags[node]! & LEAF) {
        values[MAX_LEAVES * t + nLeaves] = e.values[node]!;
        return 1 << nLeaves++;
      }
      const left = visit(e.left[node]!);
      const right = visit(e.right[node]!);
      words[3 * test] = 4 * BLOCK * e.feature[node]!;
      thresholds[3 * test + 1] = e.threshold[node]!;
      words[3 * test + 2] = left >>> 0;
      test++;
      return left | right;
    };
    visit(e.roots[t]!);
  }
  first[nTrees] = test;
  return { tests, starts, leafValues };
}
