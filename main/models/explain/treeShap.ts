import type { Matrix } from '../../kernels/matrix.ts';
import { LEAF, type Ensemble } from '../../kernels/trees/ensemble.ts';
import { quietTask, type TaskContext } from '../../kernels/task.ts';
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
export async function treeShap(
  ensemble: Ensemble,
  X: Matrix,
  output = 0,
  scale = 1,
  task: TaskContext = quietTask,
): Promise<ShapValues> {
  const d = ensemble.nFeatures;
  const { nRows: n } = X;
  const nLeaves = ensemble.flags.reduce((sum, flags) => sum + (flags & LEAF ? 1 : 0), 0);
  const arena = takeArena();
  const team = await openTreeTeam(arena, n * nLeaves < 100_000 ? 1 : predictThreads.count);
  try {
    const { nodes, bits, numberOf } = placeEnsemble(ensemble, arena);
    const rows = arena.alloc(4 * n * d);
    arena.f32(rows, n * d).set(X.data);
    const out = arena.alloc(8 * n * d);
    // Batches are about equally large: later ones mostly fit where the first one was.
    const places = Array.from({ length: 4 }, () => ({ at: 0, bytes: 0 }));
    const put = (k: number, values: Uint32Array | Float64Array) => {
      const place = places[k]!;
      if (values.byteLength > place.bytes)
        Object.assign(place, { at: arena.alloc(values.byteLength), bytes: values.byteLength });
      const view =
        values instanceof Float64Array ? arena.f64(place.at, values.length) : arena.u32(place.at, values.length);
      view.set(values);
      return place.at;
    };
    let base = 0;
    let nDone = 0;
    for (const tables of shapTables(ensemble, output, scale)) {
      base += tables.base;
      for (let at = 1; at < tables.paths.length; at += 4) tables.paths[at] = numberOf[tables.paths[at]!]!;
      const [leaves, paths, features] = [put(0, tables.leaves), put(1, tables.paths), put(2, tables.features)];
      const tablesAt = put(3, tables.tables);
      const count = tables.leaves.length / 4;
      const nChunks = Math.ceil(n / 128);
      team.run(Op.treeShap, nChunks, [rows, d, n, nodes, bits, leaves, count, paths, features, tablesAt, out]);
      nDone += count;
      if (!task.isDue()) continue;
      await task.yield();
      task.signal.throwIfAborted();
      // Leaves of all outputs are counted, of which one output may have but its share.
      task.report({ fraction: Math.min(1, (nDone * (ensemble.nOut === 1 ? ensemble.width : 1)) / nLeaves) });
    }
    return { values: arena.f64(out, n * d).slice(), base };
  } finally {
    team.close();
    returnArena(arena);
  }
}
