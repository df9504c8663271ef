import os from 'node:os';
import type { Matrix } from '../matrix.ts';
import type { Team } from '../threads/team.ts';
import { returnArena, takeArena, type Arena } from '../wasm/arena.ts';
import { LEAF, MISSING_LEFT, type Ensemble } from './ensemble.ts';
import { Op, openTreeTeam } from './kernels.ts';
import { placeLeafBits, type LeafBits } from './leafBits.ts';
import { packNodes, treeDepths } from './packedNodes.ts';

/** Rows handed to shared memory at a time. */
const BLOCK_ROWS = 65_536;
/** Trees smaller than this stay in a core's cache. */
const CACHE_BYTES = 300_000;
/** A packed node and its value. */
const NODE_BYTES = 16;
/** Fewer node visits than this are done before threads wake up. */
const SMALL_WORK = 2_000_000;

/** Threads that prediction may use; results do not depend on it. */
export const predictThreads = { count: Math.min(8, os.availableParallelism()) };

/** Σ over trees of scale · leaf value, shape (nRows, width). */
export async function predictEnsemble(ensemble: Ensemble, X: Matrix, scale = 1): Promise<Float64Array> {
  const { width } = ensemble;
  const out = new Float64Array(X.nRows * width);
  // 64 rows stay in the first-level cache while all trees pass over them, if those stay in the second.
  const blockRows = ensemble.feature.length * NODE_BYTES < CACHE_BYTES ? 64 : 1024;
  let bits: (LeafBits & { readonly columns: number }) | null = null;
  await overBlocks(ensemble, X, 8 * width, (team, arena, place, rows, start) => {
    // Columns of a block for each chunk of 1,024 rows; later blocks have no more rows than the first.
    bits ??= {
      ...placeLeafBits(ensemble, arena),
      columns: arena.alloc(256 * X.nCols * Math.ceil(rows / 1024)),
    };
    arena.f64(place.out, rows * width).fill(0);
    team.run(Op.predictRaw, Math.ceil(rows / 1024), [
      place.X,
      X.nCols,
      rows,
      place.nodes,
      place.bits,
      place.packed,
      place.roots,
      place.depths,
      ensemble.roots.length - 1,
      place.values,
      ensemble.nOut,
      width,
      scale,
      blockRows,
      place.out,
      bits.tests,
      bits.starts,
      bits.leafValues,
      bits.columns,
    ]);
    out.set(arena.f64(place.out, rows * width), start * width);
  });
  return out;
}

/** Node reached in each tree, shape (nRows, nTrees), numbered in the whole ensemble. */
export async function applyEnsemble(ensemble: Ensemble, X: Matrix): Promise<Int32Array> {
  const nTrees = ensemble.roots.length - 1;
  const out = new Int32Array(X.nRows * nTrees);
  await overBlocks(ensemble, X, 4 * nTrees, (team, arena, place, rows, start) => {
    team.run(Op.applyRaw, Math.ceil(rows / 1024), [
      place.X,
      X.nCols,
      rows,
      place.nodes,
      place.bits,
      place.roots,
      nTrees,
      place.out,
    ]);
    const reached = arena.i32(place.out, rows * nTrees);
    for (let i = 0; i < reached.length; i++) out[start * nTrees + i] = place.nodeAt[reached[i]!]!;
  });
  return out;
}

/** Addresses of an ensemble in shared memory, see assembly/route.ts, where nodes have other numbers. */
export interface EnsemblePlace {
  readonly nodes: number;
  readonly bits: number;
  readonly roots: number;
  readonly values: number;
  /** Number there of each node of the ensemble, and the other way round. */
  readonly numberOf: Int32Array;
  readonly nodeAt: Int32Array;
}

/** Writes the ensemble to `arena` in the layout of assembly/route.ts: children side by side. */
export function placeEnsemble(ensemble: Ensemble, arena: Arena): EnsemblePlace {
  const n = ensemble.feature.length;
  const { nodeAt, numberOf } = siblingOrder(ensemble);
  const nodes = arena.alloc(16 * n);
  const words = arena.i32(nodes, 4 * n);
  const thresholds = arena.f32(nodes, 4 * n);
  const { nOut } = ensemble;
  const values = arena.alloc(8 * ensemble.values.length);
  const out = arena.f64(values, ensemble.values.length);
  for (let at = 0; at < n; at++) {
    const k = nodeAt[at]!;
    const isLeaf = (ensemble.flags[k]! & LEAF) !== 0;
    thresholds[4 * at] = isLeaf ? Infinity : ensemble.threshold[k]!;
    words[4 * at + 1] = ensemble.feature[k]! | ((ensemble.flags[k]! | (isLeaf ? MISSING_LEFT : 0)) << 16);
    words[4 * at + 2] = isLeaf ? at : numberOf[ensemble.left[k]!]!;
    words[4 * at + 3] = ensemble.categoryAt[k]!;
    for (let c = 0; c < nOut; c++) out[at * nOut + c] = ensemble.values[k * nOut + c]!;
  }
  const bits = arena.alloc(4 * ensemble.categories.length);
  arena.u32(bits, ensemble.categories.length).set(ensemble.categories);
  const roots = arena.alloc(4 * ensemble.roots.length);
  // Trees keep their place among each other, and a root is the first node of its tree.
  arena.i32(roots, ensemble.roots.length).set(ensemble.roots);
  return { nodes, bits, roots, values, numberOf, nodeAt };
}

/** Depth first with both children behind one another, so that a path stays close together. */
function siblingOrder(e: Ensemble): { nodeAt: Int32Array; numberOf: Int32Array } {
  const nodeAt = new Int32Array(e.feature.length);
  const numberOf = new Int32Array(e.feature.length);
  let next = 0;
  const put = (node: number) => {
    nodeAt[next] = node;
    numberOf[node] = next++;
  };
  for (let t = 0; t + 1 < e.roots.length; t++) {
    put(e.roots[t]!);
    const open = [e.roots[t]!];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (e.flags[node]! & LEAF) continue;
      put(e.left[node]!);
      put(e.right[node]!);
      open.push(e.right[node]!, e.left[node]!);
    }
  }
  return { nodeAt, numberOf };
}

type Place = EnsemblePlace & {
  readonly X: number;
  readonly out: number;
  readonly packed: number;
  readonly depths: number;
};

async function overBlocks(
  ensemble: Ensemble,
  X: Matrix,
  outBytesPerRow: number,
  work: (team: Team, arena: Arena, place: Place, rows: number, start: number) => void,
): Promise<void> {
  if (X.nCols !== ensemble.nFeatures) {
    throw new RangeError(`The model was fitted on ${ensemble.nFeatures} features, got ${X.nCols}`);
  }
  const arena = takeArena();
  const isSmall = X.nRows * (ensemble.roots.length - 1) * 8 < SMALL_WORK;
  const team = await openTreeTeam(arena, isSmall ? 1 : predictThreads.count);
  try {
    const block = Math.min(X.nRows, BLOCK_ROWS);
    const base = placeEnsemble(ensemble, arena);
    const packed = packNodes(ensemble, base, arena);
    const depths = arena.alloc(4 * (ensemble.roots.length - 1));
    arena.i32(depths, ensemble.roots.length - 1).set(treeDepths(ensemble, base.nodeAt));
    const place = {
      ...base,
      packed,
      depths,
      X: arena.alloc(4 * block * X.nCols),
      out: arena.alloc(outBytesPerRow * block),
    };
    for (let start = 0; start < X.nRows; start += block) {
      const rows = Math.min(block, X.nRows - start);
      const from = start * X.nCols;
      arena.f32(place.X, rows * X.nCols).set(X.data.subarray(from, from + rows * X.nCols));
      work(team, arena, place, rows, start);
    }
  } finally {
    team.close();
    returnArena(arena);
  }
}
