import type { TaskContext } from '../../kernels/task.ts';

export interface CurvePoint {
  readonly nRows: number;
  readonly train: number;
  readonly validation: number;
  readonly low?: number;
  readonly high?: number;
}

/** Train and validation score of one fit on `nRows` rows. */
export type FitAndScore = (
  nRows: number,
  repeat: number,
) => Promise<{ readonly train: number; readonly validation: number }>;

/** Scores by number of training rows, with the range over repeats. Sizes are fitted smallest first. */
export async function learningCurve(
  sizes: readonly number[],
  nRepeats: number,
  fitAndScore: FitAndScore,
  task: TaskContext,
): Promise<CurvePoint[]> {
  const out: CurvePoint[] = [];
  const ordered = [...new Set(sizes)].toSorted((a, b) => a - b);
  for (const [at, nRows] of ordered.entries()) {
    const scores = [];
    for (let repeat = 0; repeat < nRepeats; repeat++) {
      scores.push(await fitAndScore(nRows, repeat));
      await task.yield();
      task.signal.throwIfAborted();
    }
    const validation = scores.map((s) => s.validation);
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    out.push({
      nRows,
      train: mean(scores.map((s) => s.train)),
      validation: mean(validation),
      ...(nRepeats > 1 && { low: Math.min(...validation), high: Math.max(...validation) }),
    });
    task.report({ fraction: (at + 1) / ordered.length, step: `Fitting on ${nRows} rows` });
  }
  return out;
}

/** What a learning curve says, for scores where larger is better; the regularisation that answers over-fitting. */
export function curveAdvice(points: readonly CurvePoint[], modelType: string): string[] {
  const last = points.at(-1);
  const before = points.at(-2);
  if (!last || !before) return [];
  const scale = Math.max(Math.abs(last.validation), 1e-12);
  const noise = (last.high ?? last.validation) - (last.low ?? last.validation);
  const advice: string[] = [];
  const rise = last.validation - before.validation;
  if (rise > Math.max(0.005 * scale, noise / 2)) {
    advice.push(
      `More rows would help: the validation score still rises (by ${rise.toPrecision(2)} over the last step).`,
    );
  } else advice.push('More rows of the same kind would change little: the validation score has levelled off.');
  const gap = last.train - last.validation;
  if (gap > 0.05 * scale) {
    advice.push(`The model over-fits: it scores ${gap.toPrecision(2)} better on its own rows. ${remedyOf(modelType)}`);
  } else if (rise <= 0.005 * scale) {
    advice.push('Train and validation scores are close: a more flexible model or better features may gain more.');
  }
  return advice;
}

function remedyOf(modelType: string): string {
  switch (modelType) {
    case 'gradientBoosting':
      return 'Try fewer leaves (maxLeafNodes), more rows per leaf (minSamplesLeaf), early stopping or more l2Regularization.';
    case 'randomForest':
    case 'extraTrees':
      return 'Try more rows per leaf (minSamplesLeaf) or fewer features per split (maxFeatures).';
    case 'decisionTree':
      return 'Prune it (ccpAlpha) or limit its depth (maxDepth).';
    case 'svc':
    case 'svr':
      return 'Try a smaller C or a smaller gamma.';
    default:
      return 'Try stronger regularisation.';
  }
}
