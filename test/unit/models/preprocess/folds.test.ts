import { describe, expect, test } from 'vitest';
import { RunConfig } from '../../../../main/contract/config.ts';
import { encodedOn } from '../../../../main/experiment/rows/encodedOn.ts';
import { plainFolds } from '../../../../main/experiment/folds/plainFolds.ts';
import { prepare, type Prepared } from '../../../../main/experiment/rows/prepare.ts';
import { uniformSample } from '../../../../main/experiment/rows/samples.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import { estimatorEntry } from '../../../../main/models/registry.ts';
import { versionOf } from '../../../helpers/tableFile.ts';

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  const mean = (v: ArrayLike<number>) => Array.from(v).reduce((s, x) => s + x, 0) / n;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

/** A column with about two rows a level and a target it says nothing of. */
async function noise(): Promise<Prepared> {
  const rng = createRng(1);
  const lines = Array.from({ length: 1500 }, () => `k${rng.int(600)},${rng.int(2) ? 'yes' : 'no'}`);
  const { file } = await versionOf(['key,answer', ...lines].join('\n'));
  const config = RunConfig.parse({
    data: { target: 'answer' },
    preprocess: { encode: 'target', types: { key: 'category' } },
    model: { type: 'logisticRegression' },
  });
  return prepare(file, config, await estimatorEntry('logisticRegression'));
}

describe('noise encoded by the target', () => {
  test('says nothing of the target in training, validation or any fold', async () => {
    const prepared = await noise();
    const { train, validation, preprocessor, trainTable } = prepared;
    expect(preprocessor.features.map(({ name }) => name)).toEqual(['key: share of yes']);
    // What it would be without cross-fitting.
    expect(correlation(preprocessor.transform(trainTable!).data, train.y)).toBeGreaterThan(0.6);
    expect(correlation(train.X.data, train.y)).toBeLessThan(0.1);
    expect(Math.abs(correlation(validation.X.data, validation.y))).toBeLessThan(0.15);
    for (const part of [train, uniformSample(train, 700, 3)]) {
      for (const fold of plainFolds(part, 4, 1, prepared)) {
        expect(fold.trainX.nRows).toBe(fold.trainY.length);
        expect(fold.testX.nRows + fold.trainX.nRows).toBe(part.y.length);
        expect(correlation(fold.trainX.data, fold.trainY)).toBeLessThan(0.15);
        expect(Math.abs(correlation(fold.testX.data, fold.testY))).toBeLessThan(0.25);
      }
    }
  });

  test('targets of rows that are not learned from move no feature', async () => {
    const prepared = await noise();
    const { train } = prepared;
    const known = Uint32Array.from({ length: 600 }, (_, i) => i);
    const others = Uint32Array.from({ length: 600 }, (_, i) => 600 + i);
    const flip = (isFlipped: (i: number) => boolean) =>
      encodedOn({ ...prepared, train: { ...train, y: train.y.map((v, i) => (isFlipped(i) ? 1 - v : v)) } }, known);
    const all = (encoded: ReturnType<typeof encodedOn>) =>
      [encoded.X, encoded.others(others), encoded.validation()].map(({ data }) => data);
    expect(all(flip((i) => i >= 600))).toEqual(all(encodedOn(prepared, known)));
    expect(all(flip((i) => i < 300))).not.toEqual(all(encodedOn(prepared, known)));
  });
});
