import os from 'node:os';
import type { Matrix } from '../matrix.ts';
import type { Team } from '../threads/team.ts';
import { returnArena, takeArena, type Arena } from '../wasm/arena.ts';
import { CATEGORY, type Ensemble } from './ensemble.ts';
import { Op, openTreeTeam } from './kernels.ts';

/** Rows handed to shared memory at a time. */
const BLOCK_ROWS = 65_536;
/** Fewer node visits than this are done before threads wake up. */
const SMALL_WORK = 2_000_000;

/** Threads that prediction may use; results do not depend on it. */
export const predictThreads = { count: Math.min(8, os.availableParallelism()) };

/** Σ over trees of scale · leaf value, shape (nRows, width). */
export async function predictEnsemble(ensemble: Ensemble, X: Matrix, scale = 1): Promise<Float64Array> {
  const { width } = ensemble;
  const out = new Float64Array(X.nRows * width);
  await overBlocks(ensemble, X, 8 * width, (team, arena, place, rows, start) => {
    arena.f64(place.out, rows * width).fill(0);
    team.run(Op.predictRaw, Math.ceil(rows / 1024), [
      place.X,
      X.nCols,
      rows,
      place.nodes,
      place.bits,
      place.roots,
      ensemble.roots.length - 1,
      place.values,
      ensemble.nOut,
      width,
      scale,
      place.out,
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
    out.set(arena.i32(place.out, rows * nTrees), start * nTrees);
  });
  return out;
}

/** Addresses of an ensemble in shared memory, see assembly/route.ts. */
export interface EnsemblePlace {
  readonly nodes: number;
  readonly bits: number;
  readonly roots: number;
  readonly values: number;
}

/** Writes the ensemble to `arena` in the layout of assembly/route.ts. */
export function placeEnsemble(ensemble: Ensemble, arena: Arena): EnsemblePlace {
  const n = ensemble.feature.length;
  const nodes = arena.alloc(16 * n);
  const words = arena.i32(nodes, 4 * n);
  const thresholds = arena.f32(nodes, 4 * n);
  for (let k = 0; k < n; k++) {
    if (ensemble.flags[k]! & CATEGORY) words[4 * k] = ensemble.categoryAt[k]!;
    else thresholds[4 * k] = ensemble.threshold[k]!;
    words[4 * k + 1] = ensemble.feature[k]! | (ensemble.flags[k]! << 16);
  }
  for (let k = 0; k < n; k++) {
    words[4 * k + 2] = ensemble.left[k]!;
    words[4 * k + 3] = ensemble.right[k]!;
  }
  const bits = arena.alloc(4 * ensemble.categories.length);
  arena.u32(bits, ensemble.categories.length).set(ensemble.categories);
  const roots = arena.alloc(4 * ensemble.roots.length);
  arena.i32(roots, ensemble.roots.length).set(ensemble.roots);
  const values = arena.alloc(8 * ensemble.values.length);
  arena.f64(values, ensemble.values.length).set(ensemble.values);
  return { nodes, bits, roots, values };
}

type Place = EnsemblePlace & { readonly X: number; readonly out: number };

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
    const place = { ...base, X: arena.alloc(4 * block * X.nCols), out: arena.alloc(outBytesPerRow * block) };
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
