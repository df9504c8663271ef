import { gradientSample } from '../../../coreset/draw/gradientSample.ts';
import { rowLogLoss, weightedMean } from '../../../evaluate/losses.ts';
import { regressionMetrics } from '../../../evaluate/regression.ts';
import { takeRows, takeValues } from '../../../kernels/matrix.ts';
import { createRng, permutation } from '../../../kernels/rng.ts';
import { quietTask, type TaskContext } from '../../../kernels/task.ts';
import type { Feature, Fitted, TargetInfo } from '../../../models/estimator.ts';
import { estimatorEntry } from '../../../models/registry.ts';
import type { Part } from './prepare.ts';
import { stratifiedSample, take, uniformSample, type Sample } from './samples.ts';

const PILOT_ROWS = 2000;
const PILOT = { maxIter: 20, maxDepth: 4, maxLeafNodes: 16, learningRate: 0.2 };
/** What the two candidates are compared with: enough rounds that a difference shows. */
const JUDGE = { maxIter: 40 };
const JUDGE_ROWS = 10_000;

export interface TreeSample {
  readonly sample: Sample;
  readonly service: 'tree' | 'stratified' | 'uniform';
}

/**
 * Rows for tree models: drawn by gradients of a pilot, or with equal class shares where that serves better. Gradients
 * help most sets and hurt some, so a quick model on each sample is judged on rows that neither holds.
 */
export async function treeSample(
  train: Part,
  target: TargetInfo,
  features: readonly Feature[],
  size: number,
  seed: number,
  threads: number,
  task: TaskContext,
): Promise<TreeSample> {
  const { make } = await estimatorEntry('gradientBoosting');
  const isRegression = target.task === 'regression';
  const plain = isRegression ? uniformSample(train, size, seed) : stratifiedSample(train, size, seed);
  const service = isRegression ? 'uniform' : 'stratified';
  const fit = (params: object, part: Pick<Part, 'X' | 'y'> & { weight?: Float64Array }): Promise<Fitted> =>
    make({ ...params }).fit(part.X, part.y, target, {
      rng: createRng(seed).fork('pilot'),
      task: { ...quietTask, signal: task.signal },
      threads,
      features,
      ...(part.weight && { sampleWeight: part.weight }),
    });
  task.report({ fraction: 0, step: 'Fitting a pilot for the draw' });
  const pilotRows = isRegression
    ? uniformSample(train, PILOT_ROWS, seed + 1)
    : stratifiedSample(train, PILOT_ROWS, seed + 1);
  const pilot = await fit(PILOT, { X: pilotRows.X, y: pilotRows.y });
  task.report({ fraction: 0.3, step: 'Drawing rows by gradient' });
  const drawn = await gradientSample(pilot, train.X, train.y, target, size, createRng(seed).fork('gradient'));
  const byGradient = take(train, drawn.rows, drawn.weight);
  if (!isRegression && new Set(byGradient.y).size < new Set(plain.y).size) return { sample: evenly(plain), service };
  task.report({ fraction: 0.6, step: 'Choosing between two draws' });
  const judges = takeJudges(train, new Set([...plain.rowIds, ...byGradient.rowIds]), seed);
  if (judges.y.length < 100) return { sample: evenly(plain), service };
  const lossOf = async (sample: Sample): Promise<number> => {
    const fitted = await fit(JUDGE, { X: sample.X, y: sample.y, weight: sample.weight });
    if (isRegression) return regressionMetrics(await fitted.predict(judges.X), judges.y)['rmse'] ?? Infinity;
    return weightedMean(rowLogLoss(await fitted.predictProba(judges.X), judges.y));
  };
  const even = evenly(plain);
  return (await lossOf(byGradient)) < (await lossOf(even))
    ? { sample: byGradient, service: 'tree' }
    : { sample: even, service };
}

/** Trees count rows and weigh gradients: weights of mean 1 leave the regularisation of leaves as it is on all rows. */
export function evenly(sample: Sample): Sample {
  const mean = sample.weight.reduce((a, b) => a + b, 0) / Math.max(1, sample.weight.length);
  return { ...sample, weight: sample.weight.map((w) => w / mean) };
}

/** Training rows that no candidate holds. */
function takeJudges(train: Part, used: ReadonlySet<number>, seed: number): Pick<Part, 'X' | 'y'> {
  const rows: number[] = [];
  for (const i of permutation(train.y.length, createRng(seed).fork('judges'))) {
    if (rows.length === JUDGE_ROWS) break;
    if (!used.has(train.rowIds[i]!)) rows.push(i);
  }
  const ids = Uint32Array.from(rows);
  return { X: takeRows(train.X, ids), y: takeValues(train.y, ids) };
}
