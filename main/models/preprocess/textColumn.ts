import type { PreprocessConfig } from '../../contract/config.ts';
import type { CategoryColumn } from '../../kernels/table.ts';

/** How one free text column becomes features: a weight per word of the vocabulary, rows of length 1. */
export interface TextPlan {
  readonly kind: 'text';
  readonly name: string;
  /** Words as they are written, between blanks. */
  readonly words: readonly string[];
  /** log((1 + n) / (1 + rows with the word)) + 1, as scikit-learn's smooth_idf. */
  readonly weights: readonly number[];
}

/** A word in fewer texts than this says nothing about others. */
const MIN_TEXTS = 2;

/** Words between blanks, as ONNX Runtime's StringSplit finds them: tabs and line ends are part of a word. */
export const wordsOf = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/** The vocabulary of the training rows: the words that occur in most texts. Null when none occurs twice. */
export function fitText(column: CategoryColumn, config: PreprocessConfig): TextPlan | null {
  const textsWith = new Map<string, number>();
  const wordsIn = column.levels.map((level) => new Set(wordsOf(level)));
  for (const code of column.codes) {
    if (code < 0) continue;
    for (const word of wordsIn[code]!) textsWith.set(word, (textsWith.get(word) ?? 0) + 1);
  }
  const kept = [...textsWith]
    .filter(([, count]) => count >= MIN_TEXTS)
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, config.textFeatures)
    .toSorted((a, b) => (a[0] < b[0] ? -1 : 1));
  if (kept.length === 0) return null;
  const n = column.codes.length;
  return {
    kind: 'text',
    name: column.name,
    words: kept.map(([word]) => word),
    weights: kept.map(([, count]) => Math.log((1 + n) / (1 + count)) + 1),
  };
}

/** Features of a text that are not 0: positions, ascending, and values. */
export interface TextFeatures {
  readonly at: Int32Array;
  readonly value: Float64Array;
}

/** Features of a text by the plan. */
export function textFeatures({ words, weights }: TextPlan): (text: string) => TextFeatures {
  const place = new Map(words.map((word, i) => [word, i]));
  return (text) => {
    const counts = new Map<number, number>();
    for (const word of wordsOf(text)) {
      const i = place.get(word);
      if (i !== undefined) counts.set(i, (counts.get(i) ?? 0) + 1);
    }
    const at = Int32Array.from(counts.keys()).sort();
    const raw = Float64Array.from(at, (i) => counts.get(i)! * weights[i]!);
    const length = Math.sqrt(raw.reduce((sum, v) => sum + v * v, 0));
    return { at, value: raw.map((v) => v / length) };
  };
}
