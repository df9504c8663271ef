import { memorySource, type Chunk, type RowSource } from '../../../main/coreset/rows.ts';
import { buildTree, type BuildOptions } from '../../../main/coreset/tree/build.ts';
import type { CoresetTree } from '../../../main/coreset/tree/coresetTree.ts';
import type { Matrix } from '../../../main/kernels/matrix.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import type { TargetInfo } from '../../../main/models/estimator.ts';

export interface Made {
  readonly X: Matrix;
  readonly y: Float64Array;
  readonly target: TargetInfo;
}

/** Rows of a noisy linear model: heavy-tailed features, classes of unequal size, or a target for `nClasses` 1. */
export function makeRows(n: number, d: number, nClasses: number, seed: number): Made {
  const rng = createRng(seed);
  const B = Float64Array.from({ length: Math.max(1, nClasses) * (d + 1) }, () => rng.normal());
  const data = new Float64Array(n * d);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const tail = rng.uniform() < 0.02 ? 6 : 1;
    for (let j = 0; j < d; j++) data[i * d + j] = tail * rng.normal();
    const f = (k: number) => {
      let sum = 0.7 * k * -1 + 1.5 * rng.normal();
      for (let j = 0; j < d; j++) sum += B[k * (d + 1) + j]! * data[i * d + j]!;
      return sum;
    };
    if (nClasses === 1) y[i] = f(0);
    else {
      const scores = Array.from({ length: nClasses }, (_, k) => f(k));
      y[i] = scores.indexOf(Math.max(...scores));
    }
  }
  const target: TargetInfo =
    nClasses === 1 ? { task: 'regression' } : { task: nClasses === 2 ? 'binary' : 'multiclass', nClasses };
  return { X: { data, nRows: n, nCols: d }, y, target };
}

export const sourceOf = (rows: Made): RowSource => memorySource(rows, rows.target);

/** The same stream in chunks of uneven size. */
export function inChunks(rows: Made, sizes: readonly number[]): RowSource {
  const d = rows.X.nCols;
  return {
    ...sourceOf(rows),
    async *chunks() {
      for (let from = 0, k = 0; from < rows.y.length; k++) {
        const to = Math.min(rows.y.length, from + sizes[k % sizes.length]!);
        const chunk: Chunk = {
          X: { data: rows.X.data.subarray(from * d, to * d), nRows: to - from, nCols: d },
          y: rows.y.subarray(from, to),
          rowIds: Uint32Array.from({ length: to - from }, (_, i) => from + i),
        };
        yield chunk;
        from = to;
      }
    },
  };
}

export const build = (source: RowSource, options: Partial<BuildOptions> = {}): Promise<CoresetTree> =>
  buildTree(source, { service: 'logistic', size: 300, seed: 7, threads: 1, ...options }, quietTask);

/** Everything that makes two trees the same. */
export const fingerprint = (tree: CoresetTree) => ({
  rows: [...tree.coreset(0).rowIds],
  weights: [...tree.coreset(0).weight],
  totals: [...tree.totals()],
  all: [...tree.rowsOf(99).rowIds],
});
