import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PreprocessConfig } from '../../../main/contract/config.ts';
import type { TargetInfo } from '../../../main/models/estimator.ts';
import { hashedTextFeatures } from '../../../main/models/preprocess/hashedText.ts';
import { bucketOf, murmur3 } from '../../../main/models/preprocess/murmur3.ts';
import { fitNumber, numberValue } from '../../../main/models/preprocess/numberColumn.ts';
import { encodeLevels, type Smoothing } from '../../../main/models/preprocess/targetEncoding.ts';

interface Golden {
  readonly power: { readonly name: string; readonly x: number[]; readonly lambda: number; readonly z: number[] }[];
  readonly target: {
    readonly task: TargetInfo['task'];
    readonly smooth: Smoothing;
    readonly codes: number[];
    readonly y: number[];
    /** Shape (nOutputs, nLevels). */
    readonly encodings: number[][];
    readonly mean: number[];
  }[];
  readonly hash: { readonly words: string[]; readonly nBuckets: number; readonly rows: number[][] };
  readonly texts: { readonly texts: string[]; readonly nBuckets: number; readonly rows: number[][] };
}

const golden = JSON.parse(readFileSync(new URL('./sklearn.json', import.meta.url), 'utf8')) as Golden;

describe('preprocessing as scikit-learn does it', () => {
  test.each(golden.power)('PowerTransformer: $name', ({ x, lambda, z }) => {
    const plan = fitNumber('x', Float64Array.from(x), PreprocessConfig.parse({ scale: 'power' }), false, 'value')!;
    expect(Math.abs(plan.power! - lambda)).toBeLessThan(1e-5 * Math.max(1, Math.abs(lambda)));
    x.forEach((value, i) => expect(numberValue(plan, value)).toBeCloseTo(z[i]!, 5));
  });

  test.each(golden.target)('TargetEncoder: $task, smooth $smooth', ({ task, smooth, codes, y, encodings, mean }) => {
    const info: TargetInfo = task === 'regression' ? { task } : { task, nClasses: task === 'binary' ? 2 : 3 };
    const found = encodeLevels(Int32Array.from(codes), 6, { info, y: Float64Array.from(y) }, smooth);
    expect(found.values).toHaveLength(6 * encodings.length);
    encodings.forEach((levels, k) =>
      levels.forEach((want, l) => expect(found.values[l * encodings.length + k]).toBeCloseTo(want, 9)),
    );
    mean.forEach((want, k) => expect(found.prior[k]).toBeCloseTo(want, 9));
  });

  test('FeatureHasher', () => {
    const { words, nBuckets, rows } = golden.hash;
    const ours = words.map((word) => {
      const { bucket, sign } = bucketOf(murmur3(word), nBuckets);
      return Array.from({ length: nBuckets }, (_, b) => (b === bucket ? sign : 0));
    });
    // scikit-learn leaves out the empty text.
    expect(ours.slice(1)).toEqual(rows.slice(1));
  });

  test('HashingVectorizer of words and pairs', () => {
    const { texts, nBuckets, rows } = golden.texts;
    texts.forEach((text, i) => {
      const row = Array.from({ length: nBuckets }, () => 0);
      const { at, value } = hashedTextFeatures({ kind: 'hashedText', name: 'x', nBuckets }, text);
      at.forEach((bucket, k) => (row[bucket] = value[k]!));
      row.forEach((v, b) => expect(v).toBeCloseTo(rows[i]![b]!, 12));
    });
  });
});
