import type { Evaluation, Fidelity, FitRows } from '../contract/run.ts';
import type { Matrix } from '../kernels/matrix.ts';
import { createRng } from '../kernels/rng.ts';
import { silhouetteRows, type SilhouetteRows } from '../models/cluster/silhouette.ts';
import type { Fitted } from '../models/estimator.ts';
import { pairedGaps } from './compare.ts';
import { defined } from './confusion.ts';
import { clustersOf } from './intervals/groups/clusters.ts';
import { widenByClusters } from './intervals/groups/widen.ts';
import { oneMinus } from './intervals/ofValues.ts';
import { ratioInterval } from './intervals/ratio.ts';
import { meanInterval, skewedInterval, SQUARED_TAIL } from './intervals/skewedMean.ts';
import { MIN_ROWS } from './intervals/tooFew.ts';
import type { Scorer } from './scorer.ts';
import { attach } from './withIntervals.ts';

/** A model that finds structure: what it leaves unexplained of each row adds up to its cost. */
export interface StructureModel extends Fitted {
  /** Squared distance of each row to its centre or to the subspace, shape (nSamples,). */
  rowLoss(X: Matrix): Float64Array;
}

export const isStructureModel = (fitted: Fitted): fitted is StructureModel => 'rowLoss' in fitted;

/** Σ of what the model leaves unexplained of the rows: inertia, or the squared reconstruction error. */
export const costOf = (model: StructureModel, X: Matrix): number => model.rowLoss(X).reduce((sum, v) => sum + v, 0);

/** What a structure model says of the rows it is judged on. */
export interface StructureScores {
  readonly loss: Float64Array;
  /** Squared distance of each row to the mean of the training rows. */
  readonly spread: Float64Array;
  /** Null for models without clusters, and where all rows are in one. */
  readonly silhouette: SilhouetteRows | null;
  readonly nClusters: number | null;
}

/** @param mean of the training rows, shape (nFeatures,) */
export async function scoreStructure(
  model: StructureModel,
  X: Matrix,
  mean: Float64Array,
  maxRows?: number,
): Promise<StructureScores> {
  const { data, nRows, nCols: d } = X;
  const spread = Float64Array.from({ length: nRows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += (data[i * d + j]! - mean[j]!) ** 2;
    return sum;
  });
  const k = model.target.task === 'regression' ? null : model.target.nClasses;
  const silhouette =
    k === null ? null : silhouetteRows(X, await model.predict(X), k, createRng(3).fork('silhouette'), maxRows);
  return { loss: model.rowLoss(X), spread, silhouette, nClusters: k };
}

/** The metrics of a structure under any row weights. */
export function structureScorer({ loss, spread, silhouette, nClusters }: StructureScores): Scorer {
  const n = loss.length;
  return (w) => {
    const at = (i: number) => (w ? w[i]! : 1);
    let [unexplained, all, mass] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      unexplained += at(i) * loss[i]!;
      all += at(i) * spread[i]!;
      mass += at(i);
    }
    const explainedVariance = all > 0 ? 1 - unexplained / all : NaN;
    const mean = unexplained / mass;
    if (nClusters === null) return defined({ explainedVariance, reconstructionError: mean });
    let [sum, drawn] = [0, 0];
    silhouette?.rows.forEach((row, r) => {
      sum += at(row) * silhouette.values[r]!;
      drawn += at(row);
    });
    // Inertia is a sum over rows; under weights it is the sum for as many rows.
    return defined({ silhouette: silhouette ? sum / drawn : NaN, explainedVariance, inertia: mean * n });
  };
}

/** Intervals of a structure's metrics: costs are means of squares, explained variance is their ratio to the spread. */
function structureIntervals({ loss, spread, silhouette, nClusters }: StructureScores) {
  const n = loss.length;
  if (n < MIN_ROWS.rows) {
    return { silhouette: null, explainedVariance: null, inertia: null, reconstructionError: null };
  }
  const cost = skewedInterval(loss, SQUARED_TAIL);
  const explainedVariance = oneMinus(ratioInterval(loss, spread));
  if (nClusters === null) return { explainedVariance, reconstructionError: cost };
  return {
    silhouette: silhouette && silhouette.values.length >= MIN_ROWS.rows ? meanInterval(silhouette.values) : null,
    explainedVariance,
    inertia: { low: cost.low * n, high: cost.high * n },
  };
}

/** The record of one fitted structure on the rows held out. */
export function evaluateStructure(
  scores: StructureScores,
  context: {
    readonly rows: FitRows;
    readonly nFitRows: number;
    readonly hasIntervals: boolean;
    /** Code of each row: rows of one code depend on each other. */
    readonly groups: ArrayLike<number> | undefined;
  },
): Evaluation {
  const scorer = structureScorer(scores);
  const alone = attach(scorer(), context.hasIntervals ? structureIntervals(scores) : {});
  return {
    rows: context.rows,
    nFitRows: context.nFitRows,
    nValidation: scores.loss.length,
    metrics: context.groups ? widenByClusters(alone, scorer, clustersOf(context.groups, 1), null) : alone,
  };
}

/** Each metric of `a` minus that of `b` on the same rows, with a paired 95 % interval. */
export const structureGaps = (
  a: StructureScores,
  b: StructureScores,
  nResamples: number,
  groups?: ArrayLike<number>,
): Fidelity['gaps'] =>
  pairedGaps(structureScorer(a), structureScorer(b), a.loss.length, createRng(11), nResamples, groups);
