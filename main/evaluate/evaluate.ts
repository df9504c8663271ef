import type { MetricName } from '../contract/metrics.ts';
import type { Evaluation, FitRows, MetricSet, MetricValue } from '../contract/run.ts';
import { takeRows, takeValues } from '../kernels/matrix.ts';
import type { Table } from '../kernels/table.ts';
import { oneAgainstRest } from './classification.ts';
import { classScores, confusionMatrix, defined } from './confusion.ts';
import { calibrationCurve, precisionRecallCurve, rocCurve } from './curves.ts';
import { clustersOf } from './intervals/groups/clusters.ts';
import { widenByClusters } from './intervals/groups/widen.ts';
import { rankIntervals } from './intervals/ofRankings.ts';
import { valueIntervals } from './intervals/ofValues.ts';
import { jeffreys } from './intervals/proportion.ts';
import { weightedMean } from './losses.ts';
import { rankAreas, rankCounts, ranking } from './ranking.ts';
import { score, type Said, type SaidClasses, type Scorer } from './scorer.ts';
import { evaluateSlices } from './slices.ts';
import { attach, scoreWithIntervals, valueWith } from './withIntervals.ts';

export interface EvaluationContext {
  readonly rows: FitRows;
  readonly nFitRows: number;
  readonly hasIntervals: boolean;
  /** Code of each row, shape (nSamples,): rows of one code depend on each other, and intervals are as wide as that asks. */
  readonly groups?: ArrayLike<number> | undefined;
  /** Raw columns of the validation rows; slices are left out without it. */
  readonly sliceTable?: Table;
}

/**
 * Everything a run's record says of a model on some rows.
 * @param y class indices or values, shape (nSamples,)  @param classes names in class order; none for regression
 */
export function evaluate(
  said: Said,
  y: Float64Array,
  classes: readonly string[],
  context: EvaluationContext,
): Evaluation {
  return 'predicted' in said
    ? evaluateRegressor(said.predicted, y, context)
    : evaluateClassifier(said, y, classes, context);
}

const metricsOf = (said: Said, y: Float64Array, { hasIntervals, groups }: EvaluationContext): MetricSet =>
  hasIntervals ? scoreWithIntervals(said, y, { groups }) : attach(score(said, y), {});

/** @param y class indices  @param classes names in class order */
function evaluateClassifier(
  said: SaidClasses,
  y: Float64Array,
  classes: readonly string[],
  context: EvaluationContext,
): Evaluation {
  const { labels, proba } = said;
  const counts = confusionMatrix(y, labels, classes.length);
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
    metrics: metricsOf(said, y, context),
    classes: [...classes],
    confusion: counts,
    perClass: classScores(counts).map((scores, k) => ({ label: classes[k]!, ...scores })),
    roc: ranked.map((side) => rocCurve(side.counts)),
    precisionRecall: ranked.map((side) => precisionRecallCurve(side.counts)),
    calibration: ranked.map((side) => calibrationCurve(side.isPositive, side.score)),
    ...(positive && { thresholds: thresholdTable(positive.isPositive, positive.score) }),
    ...(context.sliceTable && { slices: classifierSlices(context.sliceTable, said, y, context.groups) }),
  };
}

function classifierSlices(
  table: Table,
  { labels, proba }: SaidClasses,
  y: Float64Array,
  groups: EvaluationContext['groups'],
): NonNullable<Evaluation['slices']> {
  if (proba.nCols === 2) {
    return evaluateSlices(
      table,
      'rocAuc',
      (rows) => {
        const actual = takeValues(y, rows);
        const { score, isPositive } = oneAgainstRest(takeRows(proba, rows), actual, 1);
        const own = ranking(isPositive, score);
        const areas = rankAreas(own);
        if (!areas) return undefined;
        const scorer: Scorer = (weight) => defined({ rocAuc: rankAreas(own, weight)?.rocAuc });
        const alone = valueWith(areas.rocAuc, rankIntervals([own]).rocAuc);
        return ofSlice('rocAuc', alone, scorer, { rows, groups, classOf: actual });
      },
      (rows) => takeValues(y, rows).reduce((s, v) => s + v, 0) / rows.length,
    );
  }
  return evaluateSlices(
    table,
    'accuracy',
    (rows) => {
      const isRight = Float64Array.from(rows, (i) => Number(labels[i] === y[i]));
      const share = weightedMean(isRight);
      const alone = valueWith(share, jeffreys(share, rows.length));
      const scorer: Scorer = (weight) => defined({ accuracy: weightedMean(isRight, weight) });
      return ofSlice('accuracy', alone, scorer, { rows, groups, classOf: null });
    },
    null,
  );
}

/** Slices are many: fewer groups are told apart in large ones. */
const SLICE_WIDTH = 10;

/** A slice's one metric, its interval as wide as rows in groups ask. */
function ofSlice(
  name: MetricName,
  alone: MetricValue,
  scorer: Scorer,
  of: {
    readonly rows: Uint32Array;
    readonly groups: EvaluationContext['groups'];
    readonly classOf: Float64Array | null;
  },
): MetricValue {
  const { rows, groups, classOf } = of;
  if (!groups) return alone;
  const codes = Float64Array.from(rows, (i) => groups[i]!);
  return widenByClusters({ [name]: alone }, scorer, clustersOf(codes, SLICE_WIDTH), classOf)[name]!;
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
function evaluateRegressor(predicted: Float64Array, y: Float64Array, context: EvaluationContext): Evaluation {
  const shown = Math.min(y.length, 1500);
  const at = Array.from({ length: shown }, (_, k) => Math.floor((k * y.length) / shown));
  const rmseOf = (rows: Uint32Array) => {
    const [own, actual] = [takeValues(predicted, rows), takeValues(y, rows)];
    const squares = own.map((v, i) => (v - actual[i]!) ** 2);
    const alone = valueWith(Math.sqrt(weightedMean(squares)), valueIntervals(own, actual).rmse);
    const scorer: Scorer = (weight) => defined({ rmse: Math.sqrt(weightedMean(squares, weight)) });
    return ofSlice('rmse', alone, scorer, { rows, groups: context.groups, classOf: null });
  };
  return {
    rows: context.rows,
    nFitRows: context.nFitRows,
    nValidation: y.length,
    metrics: metricsOf({ predicted }, y, context),
    predictedActual: { predicted: at.map((i) => predicted[i]!), actual: at.map((i) => y[i]!) },
    residuals: histogram(
      Float64Array.from(y, (v, i) => v - predicted[i]!),
      40,
    ),
    ...(context.sliceTable && { slices: evaluateSlices(context.sliceTable, 'rmse', rmseOf, null) }),
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
