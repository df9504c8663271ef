import type { Evaluation, FitRows } from '../contract/run.ts';
import { takeRows, takeValues, type Matrix } from '../kernels/matrix.ts';
import type { Rng } from '../kernels/rng.ts';
import type { Table } from '../kernels/table.ts';
import { classificationScorer, oneAgainstRest } from './classification.ts';
import { argmaxRows, classScores, confusionMatrix } from './confusion.ts';
import { calibrationCurve, precisionRecallCurve, rocCurve } from './curves.ts';
import { metricsWithIntervals } from './intervals.ts';
import { rankCounts, rocAuc, rocAucStandardError } from './ranking.ts';
import { regressionMetrics } from './regression.ts';
import { evaluateSlices } from './slices.ts';

export interface EvaluationContext {
  readonly rows: FitRows;
  readonly nFitRows: number;
  readonly rng: Rng;
  /** Resamples for the 95 % intervals; 0 leaves them out. */
  readonly nResamples: number;
  /** Raw columns of the validation rows; slices are left out without it. */
  readonly sliceTable?: Table;
}

/** @param proba shape (nSamples, nClasses)  @param y class indices  @param classes names in class order */
export function evaluateClassifier(
  proba: Matrix,
  y: Float64Array,
  classes: readonly string[],
  context: EvaluationContext,
): Evaluation {
  const counts = confusionMatrix(y, argmaxRows(proba), classes.length);
  const drawn = classes.length === 2 ? [1] : classes.map((_, k) => k);
  const ranked = drawn
    .map((k) => ({ ...oneAgainstRest(proba, y, k), k }))
    .map((side) => ({ ...side, counts: rankCounts(side.isPositive, side.score) }))
    .filter((side) => side.counts.nPositive > 0 && side.counts.nNegative > 0);
  const positive = classes.length === 2 ? ranked[0] : undefined;
  return {
    rows: context.rows,
    nFitRows: context.nFitRows,
    nValidation: y.length,
    metrics: metricsWithIntervals(classificationScorer(proba, y), y.length, context),
    classes: [...classes],
    confusion: counts,
    perClass: classScores(counts).map((scores, k) => ({ label: classes[k]!, ...scores })),
    roc: ranked.map((side) => rocCurve(side.counts)),
    precisionRecall: ranked.map((side) => precisionRecallCurve(side.counts)),
    calibration: ranked.map((side) => calibrationCurve(side.isPositive, side.score)),
    ...(positive && { thresholds: thresholdTable(positive.isPositive, positive.score) }),
    ...(context.sliceTable && { slices: classifierSlices(context.sliceTable, proba, y) }),
  };
}

function classifierSlices(table: Table, proba: Matrix, y: Float64Array): NonNullable<Evaluation['slices']> {
  if (proba.nCols === 2) {
    return evaluateSlices(
      table,
      'rocAuc',
      false,
      (rows) => {
        const { score, isPositive } = oneAgainstRest(takeRows(proba, rows), takeValues(y, rows), 1);
        const value = rocAuc(rankCounts(isPositive, score));
        const se = rocAucStandardError(isPositive, score);
        return Number.isFinite(se)
          ? { value, low: Math.max(0, value - 1.96 * se), high: Math.min(1, value + 1.96 * se) }
          : null;
      },
      (rows) => takeValues(y, rows).reduce((s, v) => s + v, 0) / rows.length,
    );
  }
  const predicted = argmaxRows(proba);
  return evaluateSlices(
    table,
    'accuracy',
    false,
    (rows) => {
      const value = rows.reduce((s, i) => s + (predicted[i] === y[i] ? 1 : 0), 0) / rows.length;
      const half = 1.96 * Math.sqrt((value * (1 - value)) / rows.length);
      return { value, low: Math.max(0, value - half), high: Math.min(1, value + half) };
    },
    null,
  );
}

/** Outcomes of "predict positive at or above t" for t = 0, 0.01 … 1. */
function thresholdTable(isPositive: Uint8Array, score: Float64Array): NonNullable<Evaluation['thresholds']> {
  const positives = new Float64Array(102);
  const negatives = new Float64Array(102);
  for (let i = 0; i < score.length; i++) {
    // The last threshold t with t ≤ score; a hundredth is compared as it is shown.
    const t = Math.floor(score[i]! * 100 + 1e-9);
    (isPositive[i] ? positives : negatives)[t]! += 1;
  }
  const nPositive = positives.reduce((a, b) => a + b, 0);
  const nNegative = negatives.reduce((a, b) => a + b, 0);
  let tp = nPositive;
  let fp = nNegative;
  return Array.from({ length: 101 }, (_, t) => {
    const entry = { threshold: t / 100, tp, fp, tn: nNegative - fp, fn: nPositive - tp };
    tp -= positives[t]!;
    fp -= negatives[t]!;
    return entry;
  });
}

/** @param predicted shape (nSamples,)  @param y shape (nSamples,) */
export function evaluateRegressor(predicted: Float64Array, y: Float64Array, context: EvaluationContext): Evaluation {
  const shown = Math.min(y.length, 1500);
  const at = Array.from({ length: shown }, (_, k) => Math.floor((k * y.length) / shown));
  const rmseOf = (rows: Uint32Array) => {
    const squares = Float64Array.from(rows, (i) => (predicted[i]! - y[i]!) ** 2);
    const mean = squares.reduce((a, b) => a + b, 0) / squares.length;
    const se = Math.sqrt(squares.reduce((s, v) => s + (v - mean) ** 2, 0)) / squares.length;
    return { value: Math.sqrt(mean), low: Math.sqrt(Math.max(0, mean - 1.96 * se)), high: Math.sqrt(mean + 1.96 * se) };
  };
  return {
    rows: context.rows,
    nFitRows: context.nFitRows,
    nValidation: y.length,
    metrics: metricsWithIntervals((weight) => regressionMetrics(predicted, y, weight), y.length, context),
    predictedActual: { predicted: at.map((i) => predicted[i]!), actual: at.map((i) => y[i]!) },
    residuals: histogram(
      Float64Array.from(y, (v, i) => v - predicted[i]!),
      40,
    ),
    ...(context.sliceTable && { slices: evaluateSlices(context.sliceTable, 'rmse', true, rmseOf, null) }),
  };
}

function histogram(values: Float64Array, nBins: number): { edges: number[]; counts: number[] } {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const width = (high - low) / nBins || 1;
  const counts = Array.from({ length: nBins }, () => 0);
  for (const v of values) counts[Math.min(nBins - 1, Math.floor((v - low) / width))]!++;
  return { edges: Array.from({ length: nBins + 1 }, (_, k) => low + k * width), counts };
}
