import { matrix, type Matrix } from '../../main/kernels/matrix.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { quietTask } from '../../main/kernels/task.ts';
import type { FitContext, TargetInfo } from '../../main/models/estimator.ts';

export interface Problem {
  readonly X: Matrix;
  readonly y: Float64Array;
  readonly target: TargetInfo;
}

export const N_FEATURES = 5;

/** Rows that every family can learn something from: float32 values (ONNX takes no others), one feature without use. */
export function problem(task: TargetInfo['task'], n: number, seed: number): Problem {
  const rng = createRng(seed);
  const data = new Float64Array(n * N_FEATURES);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = data.subarray(i * N_FEATURES, (i + 1) * N_FEATURES);
    for (let j = 0; j < N_FEATURES; j++) row[j] = Math.fround(rng.normal() * (j === 1 ? 2 : 1) + (j === 2 ? 1 : 0));
    const z = 1.5 * row[0]! - 0.7 * row[1]! + 0.5 * row[2]! - 0.5 + 0.3 * rng.normal();
    y[i] = task === 'regression' ? 3 * z + 10 : task === 'binary' ? Number(z > 0) : z < -1 ? 0 : z < 1 ? 1 : 2;
  }
  const target: TargetInfo = task === 'regression' ? { task } : { task, nClasses: task === 'binary' ? 2 : 3 };
  return { X: matrix(data, n, N_FEATURES), y, target };
}

export function context(extra: Partial<FitContext> = {}): FitContext {
  return { rng: createRng(7), task: quietTask, threads: 2, ...extra };
}

/** A task whose signal is aborted at its n-th call of `yield`; counts the calls. */
export function cancelledAt(n: number): { readonly context: FitContext; readonly reason: Error; yields: () => number } {
  const controller = new AbortController();
  const reason = new Error('cancelled by the person');
  let yields = 0;
  const task = {
    ...quietTask,
    signal: controller.signal,
    isDue: () => true,
    yield: async () => {
      yields++;
      if (yields === n) controller.abort(reason);
    },
  };
  return { context: context({ task }), reason, yields: () => yields };
}
