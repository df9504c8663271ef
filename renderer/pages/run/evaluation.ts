import type { Evaluation, RunDetail } from '../../../main/contract/run.ts';
import { inReadingOrder } from '../../charts/metricNames.ts';

/** Which of the two fitted models a page shows. */
export type RowsShown = 'coreset' | 'full' | 'both';

export interface EvaluationPair {
  readonly coreset: Evaluation | undefined;
  readonly full: Evaluation | undefined;
  readonly baseline: Evaluation | undefined;
}

export type RunResult = NonNullable<RunDetail['result']>;

export function evaluationPair(result: RunResult): EvaluationPair {
  const find = (rows: Evaluation['rows']) => result.evaluations.find((e) => e.rows === rows);
  return { coreset: find('coreset'), full: find('full'), baseline: find('baseline') };
}

/** The evaluation whose numbers come first: the coreset's unless all rows were asked for or it has none. */
export function leading(pair: EvaluationPair, shown: RowsShown): Evaluation | undefined {
  return shown === 'full' ? (pair.full ?? pair.coreset) : (pair.coreset ?? pair.full);
}

const MAX_TILES = 5;

/** The metrics that are shown large. */
export const tileNames = ({ metrics }: Evaluation): string[] =>
  inReadingOrder(Object.keys(metrics)).slice(0, MAX_TILES);

/**
 * The metric by which a model is held against the baseline: the run's own, or the first shown large whose interval says
 * something where that one has too few rows or groups. Null where neither was measured on both.
 */
export function measuredBeside(first: Evaluation, baseline: Evaluation, metric: string): string | null {
  const isOnBoth = (name: string) => first.metrics[name] !== undefined && baseline.metrics[name] !== undefined;
  const names = [metric, ...tileNames(first)].filter(isOnBoth);
  return names.find((name) => first.metrics[name]!.interval === undefined) ?? names[0] ?? null;
}

/** The evaluations to draw, coreset first. */
export function shownEvaluations(pair: EvaluationPair, shown: RowsShown): Evaluation[] {
  const both = [pair.coreset, pair.full].filter((e): e is Evaluation => e !== undefined);
  if (shown === 'both' || both.length < 2) return both;
  return both.filter((e) => e.rows === shown);
}

export type ThresholdCounts = NonNullable<Evaluation['thresholds']>[number];

/** Counts at the threshold nearest to `threshold`; undefined when the evaluation has none. */
export function countsAt(evaluation: Evaluation | undefined, threshold: number): ThresholdCounts | undefined {
  let best: ThresholdCounts | undefined;
  for (const t of evaluation?.thresholds ?? []) {
    if (!best || Math.abs(t.threshold - threshold) < Math.abs(best.threshold - threshold)) best = t;
  }
  return best;
}

/** As a matrix [actual][predicted], negative class first. */
export function toMatrix(c: ThresholdCounts): number[][] {
  return [
    [c.tn, c.fp],
    [c.fn, c.tp],
  ];
}

/** Precision, recall, F1 and share flagged at one threshold; null where a rate has no rows to stand on. */
export function ratesOf(c: ThresholdCounts): {
  precision: number | null;
  recall: number | null;
  f1: number | null;
  flagged: number;
  falsePositiveRate: number | null;
} {
  const over = (a: number, b: number) => (b > 0 ? a / b : null);
  const n = c.tp + c.fp + c.tn + c.fn;
  return {
    precision: over(c.tp, c.tp + c.fp),
    recall: over(c.tp, c.tp + c.fn),
    f1: over(2 * c.tp, 2 * c.tp + c.fp + c.fn),
    flagged: n > 0 ? (c.tp + c.fp) / n : 0,
    falsePositiveRate: over(c.fp, c.fp + c.tn),
  };
}

/** Total cost by threshold and the threshold where it is lowest (the first of equals). */
export function costCurve(evaluation: Evaluation | undefined, falseAlarmCost: number, missedCost: number) {
  const points = (evaluation?.thresholds ?? []).map((t) => ({
    threshold: t.threshold,
    cost: t.fp * falseAlarmCost + t.fn * missedCost,
  }));
  const best = points.reduce<(typeof points)[number] | null>((b, p) => (b === null || p.cost < b.cost ? p : b), null);
  return { points, best };
}

/** Threshold at which F1 is largest, and where the rates of both classes are largest together (balanced accuracy). */
export function bestThresholds(evaluation: Evaluation | undefined): { f1: number; balancedAccuracy: number } | null {
  const points = evaluation?.thresholds ?? [];
  if (points.length === 0) return null;
  const at = (score: (c: ThresholdCounts) => number) =>
    points.reduce((a, b) => (score(b) > score(a) ? b : a)).threshold;
  const rate = (part: number, rest: number) => (part + rest > 0 ? part / (part + rest) : 0);
  return {
    f1: at((c) => ratesOf(c).f1 ?? 0),
    balancedAccuracy: at((c) => rate(c.tp, c.fn) + rate(c.tn, c.fp)),
  };
}

/** "99.98 %": how much of the all-rows result the coreset keeps, from the excess loss or else the main metric's gap. */
export function fidelityShare(
  result: RunResult,
  metric: string | null,
): { share: number; spread: number | null } | null {
  const fidelity = result.fidelity;
  if (!fidelity) return null;
  if (fidelity.excessLoss !== null) return { share: 1 - Math.abs(fidelity.excessLoss), spread: null };
  const pair = evaluationPair(result);
  const gap = metric === null ? undefined : fidelity.gaps[metric];
  const full = metric === null ? undefined : pair.full?.metrics[metric]?.value;
  if (!gap || !full) return null;
  const spread = gap.low !== undefined && gap.high !== undefined ? (gap.high - gap.low) / 2 / Math.abs(full) : null;
  return { share: 1 - Math.abs(gap.gap) / Math.abs(full), spread };
}

/** "coreset" / "all rows" …: the words for fit rows, everywhere. */
export function rowsWord(rows: Evaluation['rows']): string {
  return rows === 'full' ? 'all rows' : rows;
}
