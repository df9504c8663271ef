import type { MetricName } from '../../../contract/metrics.ts';
import type { Coreset, CoresetTree } from '../../../coreset/tree/coresetTree.ts';
import { calibratedFolds } from '../../../coreset/tree/folds.ts';
import { mainMetric } from '../../../evaluate/metricNames.ts';
import { scoreOn } from '../../../evaluate/scorer.ts';
import { isStructureModel } from '../../../evaluate/structure.ts';
import { takeRows, takeValues } from '../../../kernels/matrix.ts';
import { createRng } from '../../../kernels/rng.ts';
import { quietTask } from '../../../kernels/task.ts';
import type { Feature, Fitted, TargetInfo } from '../../../models/estimator.ts';
import type { JobContext } from '../../handlers.ts';
import { chooseModel } from '../fidelity/models.ts';
import { structureSize } from '../fidelity/structureSize.ts';
import { meanOne } from '../../../experiment/rows/samples.ts';
import type { Compared } from './input.ts';

const N_FOLDS = 5;
/** What models without a target are fitted for; they ignore it. */
const NONE: TargetInfo = { task: 'regression' };

/** The model a tree's service stands for, cross-validated on folds of all rows, as the coreset tells them. */
export async function scoreOf(
  tree: CoresetTree,
  features: readonly Feature[],
  context: JobContext,
): Promise<Omit<Compared, 'comparisonId'>> {
  const { target } = tree;
  const { service, seed } = tree.settings;
  const { entry, params } = await chooseModel(service, target, { k: structureSize(tree) });
  const metric = target === null ? 'explainedVariance' : mainMetric(target.task);
  const fitWeights = entry.spec.family === 'tree' ? meanOne : (weight: Float64Array) => weight;
  const coreset = tree.coreset(0);
  const scores: number[] = [];
  const from = performance.now();
  for (const fold of calibratedFolds(tree, N_FOLDS, seed, coreset)) {
    const fitted = await entry
      .make(params)
      .fit(takeRows(coreset.X, fold.trainRows), takeValues(coreset.y, fold.trainRows), target ?? NONE, {
        rng: createRng(0),
        task: { ...quietTask, signal: context.signal },
        threads: context.threads,
        features,
        sampleWeight: fitWeights(fold.trainWeights),
      });
    const value = await metricOn(fitted, coreset, fold.testRows, fold.testWeights, metric);
    scores.push(value ?? NaN);
    await context.yield();
    context.signal.throwIfAborted();
  }
  const fitMs = (performance.now() - from) / N_FOLDS;
  // A mean over some of the folds would be compared with one over others.
  if (!scores.every(Number.isFinite)) return { metric, mean: null, standardError: null, fitMs };
  const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
  const variance = scores.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, scores.length - 1);
  return { metric, mean, standardError: Math.sqrt(variance / scores.length), fitMs };
}

async function metricOn(
  fitted: Fitted,
  coreset: Coreset,
  rows: Uint32Array,
  weights: Float64Array,
  metric: MetricName,
): Promise<number | undefined> {
  const X = takeRows(coreset.X, rows);
  if (isStructureModel(fitted)) return explainedVariance(fitted.rowLoss(X), X, weights);
  return scoreOn(fitted, X, takeValues(coreset.y, rows), metric, weights);
}

/** 1 − Σ w loss / Σ w |x − x̄|². */
function explainedVariance(loss: Float64Array, { data, nRows, nCols }: Coreset['X'], weight: Float64Array): number {
  const mass = weight.reduce((a, b) => a + b, 0);
  let [unexplained, all] = [0, 0];
  for (let i = 0; i < nRows; i++) unexplained += weight[i]! * loss[i]!;
  for (let j = 0; j < nCols; j++) {
    let mean = 0;
    for (let i = 0; i < nRows; i++) mean += (weight[i]! * data[i * nCols + j]!) / mass;
    for (let i = 0; i < nRows; i++) all += weight[i]! * (data[i * nCols + j]! - mean) ** 2;
  }
  return all > 0 ? 1 - unexplained / all : NaN;
}
