import type { Matrix } from '../../kernels/matrix.ts';
import type { TaskContext } from '../../kernels/task.ts';

export interface ClassMoments {
  /** Σ of sample weights by class, shape (k,). */
  readonly mass: Float64Array;
  /** Weighted mean and variance of each feature in each class, shape (k, d); 0 for a class without rows. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Largest variance of a feature over all rows. */
  readonly largest: number;
}

/** Weighted moments by class in two passes: the one-pass formula cancels where |mean| is much larger than the spread. */
export async function classMoments(
  { data, nRows, nCols: d }: Matrix,
  y: Float64Array,
  k: number,
  sampleWeight: Float64Array | undefined,
  task: TaskContext,
): Promise<ClassMoments> {
  const mass = new Float64Array(k);
  const mean = new Float64Array(k * d);
  const variance = new Float64Array(k * d);
  const overall = new Float64Array(d);
  const spread = new Float64Array(d);
  const each = async (step: string, visit: (row: number, weight: number, at: number) => void) => {
    for (let i = 0; i < nRows; i++) {
      const w = sampleWeight ? sampleWeight[i]! : 1;
      if (w > 0) visit(i, w, y[i]! * d);
      if (!task.isDue()) continue;
      await task.yield();
      task.signal.throwIfAborted();
      task.report({ fraction: i / nRows, step });
    }
  };
  await each('Adding up means', (i, w, at) => {
    mass[y[i]!]! += w;
    for (let j = 0; j < d; j++) mean[at + j]! += w * data[i * d + j]!;
  });
  const total = mass.reduce((a, b) => a + b, 0);
  mean.forEach((sum, at) => (overall[at % d]! += sum / total));
  mean.forEach((sum, at) => (mean[at] = mass[Math.floor(at / d)]! > 0 ? sum / mass[Math.floor(at / d)]! : 0));
  await each('Adding up variances', (i, w, at) => {
    for (let j = 0; j < d; j++) {
      const v = data[i * d + j]!;
      variance[at + j]! += w * (v - mean[at + j]!) ** 2;
      spread[j]! += (w / total) * (v - overall[j]!) ** 2;
    }
  });
  variance.forEach((sum, at) => (variance[at] = mass[Math.floor(at / d)]! > 0 ? sum / mass[Math.floor(at / d)]! : 0));
  return { mass, mean, variance, largest: spread.reduce((a, b) => Math.max(a, b), 0) };
}
