import type { Matrix } from '../kernels/matrix.ts';

/** Index of the largest probability of each row, shape (nSamples,); the first of equals. */
export function argmaxRows(proba: Matrix): Float64Array {
  const out = new Float64Array(proba.nRows);
  for (let i = 0; i < proba.nRows; i++) {
    let best = 0;
    for (let k = 1; k < proba.nCols; k++) {
      if (proba.data[i * proba.nCols + k]! > proba.data[i * proba.nCols + best]!) best = k;
    }
    out[i] = best;
  }
  return out;
}

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

export interface ClassScores {
  readonly support: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Per class, in class order; a class never predicted has precision 0, as in scikit-learn. */
export function classScores(counts: readonly (readonly number[])[]): ClassScores[] {
  return counts.map((row, k) => {
    const truePositive = row[k]!;
    const support = sum(row);
    const nPredicted = sum(counts.map((r) => r[k]!));
    const precision = nPredicted > 0 ? truePositive / nPredicted : 0;
    const recall = support > 0 ? truePositive / support : 0;
    const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
    return { support, precision, recall, f1 };
  });
}

/** Scores that follow from a confusion matrix alone; binary ones are those of the last class. */
export function confusionMetrics(counts: readonly (readonly number[])[]): Record<string, number> {
  const scores = classScores(counts);
  const present = scores.filter((s) => s.support > 0);
  const total = sum(scores.map((s) => s.support));
  const macro = (of: (s: ClassScores) => number) => sum(scores.map(of)) / scores.length;
  const weighted = (of: (s: ClassScores) => number) => sum(scores.map((s) => s.support * of(s))) / total;
  const positive = counts.length === 2 ? scores[1] : undefined;
  return {
    accuracy: sum(counts.map((row, k) => row[k]!)) / total,
    balancedAccuracy: sum(present.map((s) => s.recall)) / present.length,
    ...(positive && { precision: positive.precision, recall: positive.recall, f1: positive.f1 }),
    precisionMacro: macro((s) => s.precision),
    recallMacro: macro((s) => s.recall),
    f1Macro: macro((s) => s.f1),
    precisionWeighted: weighted((s) => s.precision),
    recallWeighted: weighted((s) => s.recall),
    f1Weighted: weighted((s) => s.f1),
  };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
