import type { Evaluation, Fidelity, FitRows } from '../contract/run.ts';
import type { Matrix } from '../kernels/matrix.ts';
import { createRng } from '../kernels/rng.ts';
import { silhouetteRows, type SilhouetteRows } from '../models/cluster/silhouette.ts';
import type { Fitted } from '../models/estimator.ts';
import { percentileInterval, poissonWeights } from './bootstrap.ts';
import type { Scorer } from './classification.ts';
import { metricsWithIntervals } from './intervals.ts';

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
    if (nClusters === null) return { explainedVariance, reconstructionError: mean };
    let [sum, drawn] = [0, 0];
    silhouette?.rows.forEach((row, r) => {
      sum += at(row) * silhouette.values[r]!;
      drawn += at(row);
    });
    // Inertia is a sum over rows; under weights it is the sum for as many rows.
    return { silhouette: silhouette ? sum / drawn : NaN, explainedVariance, inertia: mean * n };
  };
}

/** The record of one fitted structure on the rows held out. */
export function evaluateStructure(
  scores: StructureScores,
  context: { readonly rows: FitRows; readonly nFitRows: number; readonly nResamples: number },
): Evaluation {
  const n = scores.loss.length;
  const rng = createRng(7).fork(context.rows);
  return {
    rows: context.rows,
    nFitRows: context.nFitRows,
    nValidation: n,
    metrics: metricsWithIntervals(structureScorer(scores), n, { rng, nResamples: context.nResamples }),
  };
}

/** Each metric of `a` minus that of `b` on the same rows, with a paired 95 % interval. */
export function structureGaps(a: StructureScores, b: StructureScores, nResamples: number): Fidelity['gaps'] {
  const [scoreA, scoreB] = [structureScorer(a), structureScorer(b)];
  const [ofA, ofB] = [scoreA(), scoreB()];
  const rng = createRng(11);
  const draws = Array.from({ length: nResamples }, () => {
    const w = poissonWeights(a.loss.length, rng);
    const [drawA, drawB] = [scoreA(w), scoreB(w)];
    return Object.fromEntries(Object.keys(drawA).map((name) => [name, drawA[name]! - (drawB[name] ?? NaN)]));
  });
  return Object.fromEntries(
    Object.keys(ofA)
      .map((name) => [name, ofA[name]! - (ofB[name] ?? NaN)] as const)
      .filter(([, gap]) => Number.isFinite(gap))
      .map(([name, gap]) => [name, { gap, ...percentileInterval(draws.map((d) => d[name] ?? NaN)) }]),
  );
}
