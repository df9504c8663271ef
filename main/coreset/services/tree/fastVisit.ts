import type { Ensemble } from '../../../kernels/trees/ensemble.ts';
import { placeLeafBits } from '../../../kernels/trees/leafBits.ts';
import { placeEnsemble } from '../../../kernels/trees/predictor.ts';
import type { Matrix } from '../../../kernels/matrix.ts';
import type { PassMemory } from '../service.ts';

/** Scores of rows by a pilot's trees. */
export interface Routed {
  /** Shape (nRows, width): sums of leaf values, without the baseline. */
  readonly raw: Float64Array;
  /** Shape (nRows, nCellTrees): cell of each row in each of the first trees. */
  readonly cells: Int32Array;
}

/**
 * Routes blocks of rows in WebAssembly. What it returns are views that the next block overwrites.
 * @param cellOf shape (nNodes,): cell of each node of the first `nCellTrees` trees
 */
export function blockRouter(e: Ensemble, nCellTrees: number, cellOf: Int32Array, { wasm, arena }: PassMemory) {
  const nTrees = e.roots.length - 1;
  const { width } = e;
  const place = placeEnsemble(e, arena);
  const bits = placeLeafBits(e, arena);
  const cellAt = place.nodeAt.map((node) => cellOf[node]!);
  const columns = arena.alloc(256 * e.nFeatures);
  let room = { nRows: 0, X: 0, raw: 0, leaves: 0 };
  return ({ data, nRows, nCols: d }: Matrix): Routed => {
    if (nRows > room.nRows) {
      const [X, raw, leaves] = [4 * d, 8 * width, 4 * nCellTrees].map((bytes) => arena.alloc(bytes * nRows));
      room = { nRows, X: X!, raw: raw!, leaves: leaves! };
    }
    const { X, leaves } = room;
    arena.f32(X, nRows * d).set(data);
    const raw = arena.f64(room.raw, nRows * width).fill(0);
    const { tests, starts, leafValues } = bits;
    const isDone =
      tests !== 0 &&
      wasm.predictLeafBits(X, d, 0, nRows, tests, starts, leafValues, nTrees, width, 1, columns, room.raw) !== 0;
    if (!isDone) {
      const { nodes, bits: sets, roots, values } = place;
      wasm.predictRaw(X, d, 0, nRows, nodes, sets, 0, roots, 0, nTrees, values, 1, width, 1, 64, columns, room.raw);
    }
    wasm.applyRaw(X, d, 0, nRows, place.nodes, place.bits, place.roots, nCellTrees, leaves);
    const cells = arena.i32(leaves, nRows * nCellTrees);
    for (let at = 0; at < cells.length; at++) cells[at] = cellAt[cells[at]!]!;
    return { raw, cells };
  };
}
