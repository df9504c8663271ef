import { METRICS, type MetricName, type Scores } from '../contract/metrics.ts';
import { likeliest } from '../kernels/likeliest.ts';
import type { Matrix } from '../kernels/matrix.ts';
import type { Fitted } from '../models/estimator.ts';
import { lossScores, rankingsOf, rankScores, rowLosses } from './classification.ts';
import { confusionMatrix, confusionScores } from './confusion.ts';
import { regressionScores } from './regression.ts';

/**
 * The one place where a fitted model is scored: labels are those of `predict`, which need not be those of the largest
 * probabilities (SVC); probabilities are those of `predictProba`.
 */

type Scored = Pick<Fitted, 'target' | 'predict' | 'predictProba' | 'toOnnxLabelled'>;

export interface SaidClasses {
  /** Class index, shape (nSamples,). */
  readonly labels: Float64Array;
  /** Shape (nSamples, nClasses). */
  readonly proba: Matrix;
}

export interface SaidValues {
  /** Shape (nSamples,). */
  readonly predicted: Float64Array;
}

/** What a model said about some rows. */
export type Said = SaidClasses | SaidValues;

export async function said(model: Scored, X: Matrix): Promise<Said> {
  if (model.target.task === 'regression') return { predicted: await model.predict(X) };
  const proba = await model.predictProba(X);
  // Most models label by their probabilities: to predict once more would take as long again and say the same.
  return { labels: model.toOnnxLabelled ? await model.predict(X) : likeliest(proba), proba };
}

/** Scores the same predictions under any weights; all that does not depend on weights is done once. */
export type Scorer = (weight?: Float64Array) => Scores;

/** The metrics of what was said. */
export function scorerOf(said: Said, y: Float64Array): Scorer {
  if ('predicted' in said) return (weight) => regressionScores(said.predicted, y, weight);
  const { labels, proba } = said;
  const rankings = rankingsOf(proba, y);
  const losses = rowLosses(proba, y);
  return (weight) => ({
    ...rankScores(rankings, weight),
    ...lossScores(losses, weight),
    ...confusionScores(confusionMatrix(y, labels, proba.nCols, weight)),
  });
}

/**
 * Every metric of what was said; one that these rows do not define is left out.
 * @param y class indices or values, shape (nSamples,)  @param weight shape (nSamples,); undefined means ones
 */
export const score = (said: Said, y: Float64Array, weight?: Float64Array): Scores => scorerOf(said, y)(weight);

/** One metric of a model on rows; asks the model only for what it needs. Undefined where the rows do not define it. */
export async function scoreOn(
  model: Scored,
  X: Matrix,
  y: Float64Array,
  metric: MetricName,
  weight?: Float64Array,
): Promise<number | undefined> {
  const { target } = model;
  if (target.task === 'regression') return regressionScores(await model.predict(X), y, weight)[metric];
  if (METRICS[metric].needs === 'labels')
    return confusionScores(confusionMatrix(y, await model.predict(X), target.nClasses, weight))[metric];
  const proba = await model.predictProba(X);
  const scores =
    METRICS[metric].average === 'rows'
      ? lossScores(rowLosses(proba, y), weight)
      : rankScores(rankingsOf(proba, y), weight);
  return scores[metric];
}
