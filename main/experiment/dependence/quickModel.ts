import { takeRows, takeValues } from '../../kernels/matrix.ts';
import { createRng } from '../../kernels/rng.ts';
import { quietTask } from '../../kernels/task.ts';
import { randomForest } from '../../models/tree/forest/entry.ts';
import type { Frame } from './frame.ts';

export const N_FOLDS = 3;
const N_TREES = 20;
/** Columns tried per split: more classes take more time for each of them. */
const MAX_FEATURES = { regression: 0.33, classes: 'sqrt' };

/** What a quick forest said about rows it had not seen. */
export interface Predicted {
  /** Target less prediction, shape (nRows, width): one-hot classes, or the rank. */
  readonly residuals: Float64Array;
  readonly width: number;
  /** Squared error of each row, shape (nRows,). */
  readonly loss: Float64Array;
  /** Mean squared error of the mean prediction. */
  readonly baseline: number;
  /** Share of rows whose class is right, or of the variance (of ranks) explained. */
  readonly score: number;
}

/** Predictions of each fold's rows from the others; null where a fold leaves one class to learn from. */
export async function crossPredict(frame: Frame, foldOf: Uint8Array, seed: number): Promise<Predicted | null> {
  const { nRows, target, y } = frame;
  const width = target.task === 'regression' ? 1 : target.nClasses;
  const residuals = new Float64Array(nRows * width);
  let right = 0;
  for (let fold = 0; fold < N_FOLDS; fold++) {
    const rows = Uint32Array.from(foldOf.keys());
    const train = rows.filter((i) => foldOf[i] !== fold);
    const test = rows.filter((i) => foldOf[i] === fold);
    if (test.length === 0) continue;
    const trainY = takeValues(y, train);
    if (target.task !== 'regression' && new Set(trainY).size < 2) return null;
    const maxFeatures = MAX_FEATURES[target.task === 'regression' ? 'regression' : 'classes'];
    const fitted = await randomForest
      .make({ nEstimators: N_TREES, maxFeatures })
      .fit(takeRows(frame.X, train), trainY, target, {
        rng: createRng(seed).fork(fold),
        task: quietTask,
        threads: 1,
        features: frame.features,
      });
    const X = takeRows(frame.X, test);
    const said = target.task === 'regression' ? await fitted.predict(X) : (await fitted.predictProba(X)).data;
    test.forEach((row, i) => {
      let best = 0;
      for (let k = 0; k < width; k++) {
        const p = said[i * width + k]!;
        if (p > said[i * width + best]!) best = k;
        residuals[row * width + k] = (target.task === 'regression' ? y[row]! : Number(y[row] === k)) - p;
      }
      if (best === y[row]) right++;
    });
  }
  const loss = new Float64Array(nRows);
  for (let i = 0; i < nRows; i++) for (let k = 0; k < width; k++) loss[i]! += residuals[i * width + k]! ** 2;
  const baseline = variance(frame);
  const score = target.task === 'regression' ? 1 - mean(loss) / baseline : right / nRows;
  return { residuals, width, loss, baseline, score };
}

/** How much more a model errs on rows kept apart than on rows at random, and how sure that is. */
export interface Gap {
  /** (loss kept apart − loss at random) / loss of the mean. */
  readonly gap: number;
  /** The gap over its standard error, with rows of one cluster counted together. */
  readonly z: number;
  /** z of the signed ranks of the clusters' mean differences (Wilcoxon 1945): one cluster that is far off cannot hide the rest. */
  readonly rankZ: number;
}

/** @param clusterOf group or block of each row */
export function gapBetween(apart: Predicted, random: Predicted, clusterOf: ArrayLike<number>): Gap {
  const n = apart.loss.length;
  const clusters = new Map<number, { sum: number; n: number }>();
  let total = 0;
  apart.loss.forEach((loss, i) => {
    const cluster = clusters.get(clusterOf[i]!) ?? { sum: 0, n: 0 };
    clusters.set(clusterOf[i]!, { sum: cluster.sum + loss - random.loss[i]!, n: cluster.n + 1 });
    total += loss - random.loss[i]!;
  });
  const average = total / n;
  const squares = [...clusters.values()].reduce((sum, c) => sum + (c.sum - c.n * average) ** 2, 0);
  const error = Math.sqrt((clusters.size / Math.max(1, clusters.size - 1)) * squares) / n;
  const rankZ = signedRankZ([...clusters.values()].map((c) => c.sum / c.n));
  return { gap: average / apart.baseline, z: error > 0 ? average / error : 0, rankZ };
}

function signedRankZ(differences: readonly number[]): number {
  const m = differences.length;
  const sorted = differences.toSorted((a, b) => Math.abs(a) - Math.abs(b));
  const positive = sorted.reduce((sum, d, i) => sum + (d > 0 ? i + 1 : 0), 0);
  return (positive - (m * (m + 1)) / 4) / Math.sqrt((m * (m + 1) * (2 * m + 1)) / 24);
}

function variance({ y, target, nRows }: Frame): number {
  if (target.task === 'regression') {
    const average = mean(y);
    return y.reduce((sum, v) => sum + (v - average) ** 2, 0) / nRows;
  }
  const counts = new Float64Array(target.nClasses);
  for (const k of y) counts[k]!++;
  return 1 - counts.reduce((sum, n) => sum + (n / nRows) ** 2, 0);
}

const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
