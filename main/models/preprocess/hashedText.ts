import type { PreprocessConfig } from '../../contract/config.ts';
import { bucketOf, murmur3 } from './murmur3.ts';
import { wordsOf, type TextFeatures } from './textColumn.ts';

/**
 * How one free text column becomes signed buckets of its words and pairs of neighbouring words, rows of length 1: what
 * scikit-learn's HashingVectorizer does with `ngram_range=(1, 2)`, `lowercase=False` and words between blanks. Nothing is
 * learned, so words that training never saw count too.
 */
export interface HashedTextPlan {
  readonly kind: 'hashedText';
  readonly name: string;
  readonly nBuckets: number;
}

export const planHashedText = (name: string, { textFeatures }: PreprocessConfig): HashedTextPlan => ({
  kind: 'hashedText',
  name,
  nBuckets: textFeatures,
});

/** Features of a text: positions, ascending, and values. */
export function hashedTextFeatures({ nBuckets }: HashedTextPlan, text: string): TextFeatures {
  const words = wordsOf(text);
  const sums = new Map<number, number>();
  const count = (gram: string) => {
    const { bucket, sign } = bucketOf(murmur3(gram), nBuckets);
    sums.set(bucket, (sums.get(bucket) ?? 0) + sign);
  };
  words.forEach((word, i) => {
    count(word);
    if (i > 0) count(`${words[i - 1]} ${word}`);
  });
  const at = Int32Array.from(sums.keys()).sort();
  const raw = Float64Array.from(at, (bucket) => sums.get(bucket)!);
  // Signs may cancel to nothing.
  const length = Math.sqrt(raw.reduce((sum, v) => sum + v * v, 0)) || 1;
  return { at, value: raw.map((v) => v / length) };
}
