import { matrix, type Matrix } from '../../../../main/kernels/matrix.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import { quietTask } from '../../../../main/kernels/task.ts';
import type { Feature, FitContext, TargetInfo } from '../../../../main/models/estimator.ts';

export interface Problem {
  readonly X: Matrix;
  readonly y: Float64Array;
  readonly target: TargetInfo;
  readonly features: Feature[];
}

/** Six columns: four numbers (one with gaps), a category of 20 levels with gaps, and noise. */
export function problem(task: TargetInfo['task'], n: number, seed: number): Problem {
  const rng = createRng(seed);
  const d = 6;
  const data = new Float64Array(n * d);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = data.subarray(i * d, i * d + d);
    for (let j = 0; j < d; j++) row[j] = rng.normal();
    if (rng.uniform() < 0.2) row[3] = NaN;
    row[4] = rng.uniform() < 0.1 ? NaN : rng.int(20);
    const z =
      row[0]! +
      row[1]! * row[2]! +
      (Number.isNaN(row[3]!) ? 1 : 0) +
      (row[4]! % 3 === 0 ? 1.5 : 0) +
      0.3 * rng.normal();
    y[i] = task === 'regression' ? 3 * z + 10 : task === 'binary' ? Number(z > 0.5) : z < -0.3 ? 0 : z < 1 ? 1 : 2;
  }
  const target: TargetInfo = task === 'regression' ? { task } : { task, nClasses: task === 'binary' ? 2 : 3 };
  const features = Array.from({ length: d }, (_, j): Feature => {
    const named = { name: `f${j}`, source: `f${j}` };
    return j === 4 ? { ...named, kind: 'category', nLevels: 20 } : { ...named, kind: 'number' };
  });
  return { X: matrix(data, n, d), y, target, features };
}

export function context(extra: Partial<FitContext> = {}): FitContext {
  return { rng: createRng(7), task: quietTask, threads: 1, ...extra };
}

/** Area under the ROC curve of `score` for y in {0, 1}. */
export function auc(score: ArrayLike<number>, y: ArrayLike<number>): number {
  const order = Array.from({ length: y.length }, (_, i) => i).toSorted((a, b) => score[a]! - score[b]!);
  let [ranks, positives] = [0, 0];
  for (let k = 0; k < order.length;) {
    let end = k;
    while (end < order.length && score[order[end]!] === score[order[k]!]) end++;
    for (let j = k; j < end; j++) {
      if (y[order[j]!] !== 1) continue;
      ranks += (k + 1 + end) / 2;
      positives++;
    }
    k = end;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (y.length - positives));
}

export const column = ({ data, nRows, nCols }: Matrix, c: number): Float64Array =>
  Float64Array.from({ length: nRows }, (_, i) => data[i * nCols + c]!);
