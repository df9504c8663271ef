import type { ClassReport } from '../contract/run.ts';
import type { Scores } from '../contract/metrics.ts';

/** Weighted counts[actual][predicted]; `weight` undefined means ones. */
export function confusionMatrix(
  actual: Float64Array,
  predicted: Float64Array,
  nClasses: number,
  weight?: Float64Array,
): number[][] {
  const counts = Array.from({ length: nClasses }, () => Array.from({ length: nClasses }, () => 0));
  for (let i = 0; i < actual.length; i++) counts[actual[i]!]![predicted[i]!]! += weight ? weight[i]! : 1;
  return counts;
}

export type ClassScores = Omit<ClassReport, 'label'>;

/**
 * Per class, in class order. What would divide by nothing is null: the precision of a class that is never said, recall
 * and F1 of a class without rows.
 */
export function classScores(counts: readonly (readonly number[])[]): ClassScores[] {
  const nSaid = counts.map((_, k) => sum(counts.map((row) => row[k]!)));
  return counts.map((row, k) => {
    const truePositive = row[k]!;
    const support = sum(row);
    return {
      support,
      precision: nSaid[k]! > 0 ? truePositive / nSaid[k]! : null,
      recall: support > 0 ? truePositive / support : null,
      f1: support > 0 ? (2 * truePositive) / (support + nSaid[k]!) : null,
    };
  });
}

/**
 * Scores that follow from a confusion matrix alone. Those of two classes are the last one's; means are over the classes
 * that have rows, and undefined where one of these is.
 */
export function confusionScores(counts: readonly (readonly number[])[]): Scores {
  const classes = classScores(counts);
  const present = classes.filter(({ support }) => support > 0);
  const total = sum(present.map(({ support }) => support));
  const macro = (of: (s: ClassScores) => number | null) => mixed(present.map((s) => [of(s), 1 / present.length]));
  const weighted = (of: (s: ClassScores) => number | null) => mixed(present.map((s) => [of(s), s.support / total]));
  const last = counts.length === 2 ? classes[1] : undefined;
  return defined({
    accuracy: sum(counts.map((row, k) => row[k]!)) / total,
    balancedAccuracy: macro((s) => s.recall),
    f1: last?.f1,
    f1Macro: macro((s) => s.f1),
    f1Weighted: weighted((s) => s.f1),
    precision: last?.precision,
    precisionMacro: macro((s) => s.precision),
    precisionWeighted: weighted((s) => s.precision),
    recall: last?.recall,
    recallMacro: macro((s) => s.recall),
    recallWeighted: weighted((s) => s.recall),
  });
}

/** Without what is undefined. */
export function defined(scores: { readonly [name in keyof Scores]: number | null | undefined }): Scores {
  const isNumber = ([, value]: [string, number | null | undefined]) => Number.isFinite(value);
  return Object.fromEntries(Object.entries(scores).filter(isNumber)) as Scores;
}

/** Σ share × value; undefined without any, or where one is. */
const mixed = (parts: readonly (readonly [number | null, number])[]): number =>
  parts.length === 0 ? NaN : sum(parts.map(([value, share]) => (value === null ? NaN : share * value)));
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
