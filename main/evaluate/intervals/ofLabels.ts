import type { Scores } from '../../contract/metrics.ts';
import { combine, type Part } from './combine.ts';
import { effectiveRows, type Interval } from './interval.ts';
import { jeffreys, wilson } from './proportion.ts';
import { MIN_ROWS } from './tooFew.ts';

type Cells = readonly (readonly number[])[];
type Intervals = { [name in keyof Scores]: Interval | null };

/**
 * Intervals of the scores of a confusion matrix; null with too few rows of a class. Accuracy, precision and recall are
 * proportions (Jeffreys); balanced accuracy is the mean of independent ones (Wilson, square-and-add); F1 is 2J/(1 + J) of
 * the proportion J = TP/(TP + FP + FN).
 * @param counts weights by [actual][said]  @param squares sums of squared weights, the same way
 */
export function labelIntervals(counts: Cells, squares: Cells): Intervals {
  const K = counts.length;
  const at = (cells: Cells, a: number, b: number) => cells[a]![b]!;
  const sumOver = (cells: Cells, isIn: (a: number, b: number) => boolean) => {
    let sum = 0;
    for (let a = 0; a < K; a++) for (let b = 0; b < K; b++) if (isIn(a, b)) sum += at(cells, a, b);
    return sum;
  };
  const line = (cells: Cells, k: number) => cells[k]!.reduce((sum, v) => sum + v, 0);
  const column = (cells: Cells, k: number) => cells.reduce((sum, row) => sum + row[k]!, 0);
  const total = sumOver(counts, () => true);
  const nAll = effectiveRows(
    total,
    sumOver(squares, () => true),
  );
  const support = counts.map((_, k) => line(counts, k));
  const nActual = counts.map((_, k) => effectiveRows(support[k]!, line(squares, k)));
  const said = counts.map((_, k) => column(counts, k));
  const nSaid = (k: number) => effectiveRows(said[k]!, column(squares, k));
  const hits = counts.map((_, k) => at(counts, k, k));
  const present = support.flatMap((rows, k) => (rows > 0 ? [k] : []));
  const fewest = Math.min(...nActual);
  const accuracy = jeffreys(hits.reduce((a, b) => a + b, 0) / total, nAll);

  // One class's score: its interval and how a unit more in a cell of its row or column changes it.
  const recall = present.map((k) => {
    const value = hits[k]! / support[k]!;
    return { k, value, n: nActual[k]!, ...wilson(value, nActual[k]!), slope: () => 0 };
  });
  const precision = present.map((k) => {
    const value = said[k]! > 0 ? hits[k]! / said[k]! : NaN;
    return {
      k,
      value,
      n: nSaid(k),
      ...(said[k]! > 0 ? jeffreys(value, nSaid(k)) : { low: NaN, high: NaN }),
      slope: (a: number, b: number) => slopeIf(b === k, a === k, value, said[k]!),
    };
  });
  const f1 = present.map((k) => {
    const touched = support[k]! + said[k]! - hits[k]!;
    const n = effectiveRows(touched, line(squares, k) + column(squares, k) - at(squares, k, k));
    const { low, high } = jeffreys(hits[k]! / touched, n);
    const all = support[k]! + said[k]!;
    const value = (2 * hits[k]!) / all;
    return {
      k,
      value,
      n,
      low: (2 * low) / (1 + low),
      high: (2 * high) / (1 + high),
      slope: (a: number, b: number) =>
        a === k && b === k ? (2 - 2 * value) / all : a === k || b === k ? -value / all : 0,
    };
  });
  const mean = (of: readonly ClassScore[], isWeighted: boolean) =>
    of.length === 0 || of.some(({ value }) => Number.isNaN(value))
      ? null
      : meanOf(of, isWeighted, support, total, squares);
  const last = K === 2 && support[1]! > 0 ? present.indexOf(1) : -1;
  const leastF1 = K === 2 ? MIN_ROWS.f1 : MIN_ROWS.mean;
  const least = K === 2 ? 1 : MIN_ROWS.mean;
  const fewestSaid = Math.min(...counts.map((_, k) => nSaid(k)));
  const balanced = fewest < least ? null : mean(recall, false);
  const ofLast = (of: readonly ClassScore[]) => (last < 0 ? null : bounds(of[last]!));
  return {
    accuracy,
    balancedAccuracy: balanced,
    f1: fewest < MIN_ROWS.f1 ? null : ofLast(f1),
    f1Macro: fewest < leastF1 ? null : mean(f1, false),
    f1Weighted: fewest < leastF1 ? null : mean(f1, true),
    precision: K === 2 && said[1]! > 0 ? jeffreys(hits[1]! / said[1]!, nSaid(1)) : null,
    precisionMacro: Math.min(fewest, fewestSaid) < least ? null : mean(precision, false),
    precisionWeighted: mean(precision, true),
    recall: last < 0 ? null : jeffreys(recall[last]!.value, nActual[1]!),
    recallMacro: balanced,
    recallWeighted: accuracy,
  };
}

interface ClassScore extends Interval {
  readonly k: number;
  readonly value: number;
  /** Rows that count in it. */
  readonly n: number;
  slope(actual: number, said: number): number;
}

const bounds = ({ low, high }: Interval): Interval => ({ low, high });

/** Change of a proportion of `n` with a unit more among those counted in it. */
const slopeIf = (isIn: boolean, isHit: boolean, value: number, n: number): number =>
  isIn ? (Number(isHit) - value) / n : 0;

/**
 * Plain or weighted mean over classes; what classes share (an error counts for two of them) comes from the slopes. A class
 * without an error adds nothing to the upper side, so that many of them leave it too short: the interval is at least that of
 * a proportion of as many rows as give a mean of one recall its variance.
 */
function meanOf(
  of: readonly ClassScore[],
  isWeighted: boolean,
  support: readonly number[],
  total: number,
  squares: Cells,
): Interval {
  const share = (k: number) => (isWeighted ? support[k]! / total : 1 / of.length);
  const place = new Map(of.map(({ k }, i) => [k, i]));
  const mean = of.reduce((sum, { k, value }) => sum + share(k) * value, 0);
  const own = new Float64Array(of.length);
  let variance = 0;
  squares.forEach((row, a) =>
    row.forEach((square, b) => {
      if (square === 0) return;
      let slope = 0;
      for (const k of a === b ? [a] : [a, b]) {
        const i = place.get(k);
        if (i === undefined) continue;
        const part = of[i]!.slope(a, b);
        own[i]! += square * part * part;
        slope += share(k) * part;
      }
      // A row more of a class also changes the shares.
      if (isWeighted) slope += (of[place.get(a)!]!.value - mean) / total;
      variance += square * slope * slope;
    }),
  );
  const parts = of.map(({ k, value, low, high }, i): Part => ({
    value,
    low,
    high,
    share: share(k),
    variance: own[i]!,
  }));
  const { low, high } = combine(parts, variance);
  const pooled = jeffreys(Math.min(1, mean), 1 / of.reduce((sum, { k, n }) => sum + share(k) ** 2 / n, 0));
  return { low: Math.max(0, Math.min(low, pooled.low)), high: Math.min(1, Math.max(high, pooled.high)) };
}
