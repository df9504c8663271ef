import type { FidelityCurve } from '../../../contract/coreset.ts';
import type { Fidelity } from '../../../contract/run.ts';
import { metricGaps } from '../../../evaluate/compare.ts';
import { lossScores, rowLosses } from '../../../evaluate/classification.ts';
import { said as saidBy, score, type Said } from '../../../evaluate/scorer.ts';
import { isStructureModel, scoreStructure, structureGaps, type StructureScores } from '../../../evaluate/structure.ts';
import { columnMeans } from '../../../kernels/columnMeans.ts';
import { createRng } from '../../../kernels/rng.ts';
import { quietTask } from '../../../kernels/task.ts';
import type { Feature, Fitted, TargetInfo } from '../../../models/estimator.ts';
import { structureOf } from '../../../models/registry.ts';
import { refreshLeaves } from '../../../models/tree/refresh.ts';
import { structureParams } from '../../../models/tree/structureParams.ts';
import type { JobContext } from '../../handlers.ts';
import { fullObjective } from '../../../experiment/result/objective.ts';
import type { Part } from '../../../experiment/rows/prepare.ts';
import { meanOne, type Sample } from '../../../experiment/rows/samples.ts';
import type { DrawnSample } from './draws.ts';
import type { ChosenModel } from './models.ts';
import type { MeasuredRows } from './rows.ts';

/** Rows a silhouette is computed on, the same for every model: it takes every pair. */
const SILHOUETTE_ROWS = 600;

/** What models without a target are fitted for; they ignore it. */
const NONE: TargetInfo = { task: 'regression' };

/** What samples are measured by: a model fitted on them, its loss, and its metrics on rows held out. */
export interface Yardstick {
  readonly loss: NonNullable<FidelityCurve['loss']>;
  /** Whether leaf values can be refitted on all rows. */
  readonly canRefresh: boolean;
  fit(sample: Part & Partial<Pick<DrawnSample, 'weight' | 'initialCentres'>>, seed: number): Promise<Fitted>;
  /** Structure from the sample, leaf values from all training rows. */
  fitRefreshed(sample: Sample, seed: number): Promise<Fitted>;
  measure(fitted: Fitted): Promise<Measured>;
}

/** A model by its loss and by what it says of the validation rows. */
export interface Measured {
  readonly loss: number;
  readonly said: Said | StructureScores;
}

/**
 * The training objective over all rows where the model has one that rows add up to (linear models, linear SVM, clusters,
 * components), else its log loss or root mean squared error on the validation rows.
 */
export function yardstickFor(
  { entry, params: given }: ChosenModel,
  { train, validation, target }: MeasuredRows,
  features: readonly Feature[],
  { signal, threads }: JobContext,
): Yardstick {
  const of = target ?? NONE;
  const task = { ...quietTask, signal };
  const isTree = entry.spec.family === 'tree';
  const params = entry.spec.type === 'svr' ? { ...given, ...tubeFor(train.y) } : given;
  const fitWith = (
    own: typeof params,
    { X, y, weight, initialCentres }: Parameters<Yardstick['fit']>[0],
    seed: number,
  ) =>
    entry.make(own).fit(X, y, of, {
      rng: createRng(seed).fork('fit'),
      task,
      threads,
      features,
      ...(initialCentres && { initialCentres }),
      // Trees count rows and weigh gradients: weights of mean 1 leave the regularisation of leaves as it is.
      ...(weight && { sampleWeight: isTree ? meanOne(weight) : weight }),
    });
  const mean = columnMeans(train.X);
  const saidOf = async (fitted: Fitted): Promise<Measured['said']> => {
    if (isStructureModel(fitted)) return scoreStructure(fitted, validation.X, mean, SILHOUETTE_ROWS);
    return saidBy(fitted, validation.X);
  };
  const kind = lossKind(entry.spec.type, structureOf(entry.spec), of);
  return {
    loss: { ...kind, nRows: (kind.rows === 'training' ? train : validation).rowIds.length },
    canRefresh: isTree,
    fit: (sample, seed) => fitWith(params, sample, seed),
    async fitRefreshed(sample, seed) {
      const grown = structureParams(entry.spec.type, params, sample.y.length, train.y.length);
      const fitted = await fitWith(grown, sample, seed);
      const { learningRate } = grown;
      const rate = typeof learningRate === 'number' ? { learningRate } : {};
      return refreshLeaves(fitted, train.X, train.y, { task, threads, ...rate });
    },
    async measure(fitted) {
      const said = await saidOf(fitted);
      const objective = kind.rows === 'training' ? await fullObjective(fitted, train, params) : null;
      return { said, loss: objective ?? heldOutLoss(said, validation.y) };
    },
  };
}

/** Each metric of `a` minus that of `b`. */
export function gapsBetween(a: Measured, b: Measured, y: Float64Array): Fidelity['gaps'] {
  if ('spread' in a.said && 'spread' in b.said) return structureGaps(a.said, b.said, 0);
  return metricGaps(a.said as Said, b.said as Said, y, createRng(0), 0);
}

/** Closer than this, a sample is as good as all rows for choosing a model: held-out losses scatter more than objectives. */
const CLOSE = { objective: 0.001, cost: 0.01, heldOut: 0.01 };

function lossKind(
  type: string,
  structure: ReturnType<typeof structureOf>,
  { task }: TargetInfo,
): Omit<NonNullable<FidelityCurve['loss']>, 'nRows'> {
  if (structure === 'clustering') return { name: 'cost', rows: 'training', tolerance: CLOSE.cost };
  if (structure === 'decomposition') return { name: 'reconstruction error', rows: 'training', tolerance: CLOSE.cost };
  if (OBJECTIVES.has(type)) return { name: 'training loss', rows: 'training', tolerance: CLOSE.objective };
  return { name: task === 'regression' ? 'RMSE' : 'log loss', rows: 'validation', tolerance: CLOSE.heldOut };
}

/** Models whose objective over all rows is known (`fullObjective`). */
const OBJECTIVES: ReadonlySet<string> = new Set(['logisticRegression', 'ridge', 'linearRegression', 'linearSvm']);

function heldOutLoss(said: Measured['said'], y: Float64Array): number {
  if ('proba' in said) return lossScores(rowLosses(said.proba, y)).logLoss ?? NaN;
  if ('predicted' in said) return score(said, y).rmse ?? NaN;
  return said.loss.reduce((a, b) => a + b, 0);
}

/** C and ε in units of the target: the same as fitting on a target of variance 1 with C = 1 and ε = 0.1. */
function tubeFor(y: Float64Array): { C: number; epsilon: number } {
  const mean = y.reduce((a, b) => a + b, 0) / y.length;
  const sd = Math.sqrt(y.reduce((sum, v) => sum + (v - mean) ** 2, 0) / y.length) || 1;
  return { C: sd, epsilon: 0.1 * sd };
}
