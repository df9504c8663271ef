import type { Matrix } from '../../kernels/matrix.ts';
import type { Ensemble } from '../../kernels/trees/ensemble.ts';
import { Op, openTreeTeam } from '../../kernels/trees/kernels.ts';
import { placeEnsemble, predictThreads } from '../../kernels/trees/predictor.ts';
import { returnArena, takeArena } from '../../kernels/wasm/arena.ts';
import { shapTables } from './treePaths.ts';

export interface ShapValues {
  /** Shape (nRows, d): rows add up to output − base. */
  readonly values: Float64Array;
  readonly base: number;
}

/** Exact path-dependent TreeSHAP of one output column of an ensemble. */
export async function treeShap(ensemble: Ensemble, X: Matrix, output = 0, scale = 1): Promise<ShapValues> {
  const d = ensemble.nFeatures;
  const { nRows: n } = X;
  const tables = shapTables(ensemble, output, scale);
  const nLeaves = tables.leaves.length / 4;
  const arena = takeArena();
  const team = await openTreeTeam(arena, n * nLeaves < 100_000 ? 1 : predictThreads.count);
  try {
    const { nodes, bits, numberOf } = placeEnsemble(ensemble, arena);
    const put = (values: Uint32Array) => {
      const at = arena.alloc(4 * values.length);
      arena.u32(at, values.length).set(values);
      return at;
    };
    for (let at = 1; at < tables.paths.length; at += 4) tables.paths[at] = numberOf[tables.paths[at]!]!;
    const [leaves, paths, features] = [put(tables.leaves), put(tables.paths), put(tables.features)];
    const tablesAt = arena.alloc(8 * tables.tables.length);
    arena.f64(tablesAt, tables.tables.length).set(tables.tables);
    const rows = arena.alloc(4 * n * d);
    arena.f32(rows, n * d).set(X.data);
    const out = arena.alloc(8 * n * d);
    const nChunks = Math.ceil(n / 128);
    team.run(Op.treeShap, nChunks, [rows, d, n, nodes, bits, leaves, nLeaves, paths, features, tablesAt, out]);
    return { values: arena.f64(out, n * d).slice(), base: tables.base };
  } finally {
    team.close();
    returnArena(arena);
  }
}
