import { describe, expect, test } from 'vitest';
import { RunConfig } from '../../../../main/contract/config.ts';
import { allRowsFolds } from '../../../../main/experiment/folds/allRowsFolds.ts';
import { learnOn } from '../../../../main/experiment/folds/learnOn.ts';
import { prepare, type Prepared } from '../../../../main/experiment/rows/prepare.ts';
import { takeTableRows } from '../../../../main/kernels/table.ts';
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
    const { train, validation, preprocessor, table } = prepared;
    expect(preprocessor.features.map(({ name }) => name)).toEqual(['key: share of yes']);
    // What it would be without cross-fitting.
    expect(correlation(preprocessor.transform(takeTableRows(table, train.rowIds)).data, train.y)).toBeGreaterThan(0.6);
    expect(correlation(train.X.data, train.y)).toBeLessThan(0.1);
    expect(Math.abs(correlation(validation.X.data, validation.y))).toBeLessThan(0.15);
    for (const fold of allRowsFolds(prepared, 4, 1)) {
      expect(fold.trainX.nRows).toBe(fold.trainY.length);
      expect(fold.testX.nRows + fold.trainX.nRows).toBe(train.y.length);
      expect(correlation(fold.trainX.data, fold.trainY)).toBeLessThan(0.15);
      expect(Math.abs(correlation(fold.testX.data, fold.testY))).toBeLessThan(0.25);
    }
  });

  test('targets of rows that are not learned from move no feature', async () => {
    const prepared = await noise();
    const { train } = prepared;
    const known = Uint32Array.from({ length: 600 }, (_, i) => i);
    const others = Uint32Array.from({ length: 600 }, (_, i) => 600 + i);
    const flip = (isFlipped: (i: number) => boolean) => {
      const y = train.y.map((v, i) => (isFlipped(i) ? 1 - v : v));
      const learned = learnOn({ ...prepared, train: { ...train, y } }, known);
      return [learned.known(known), learned.known(known.subarray(0, 50)), learned.others(others)].map(
        ({ data }) => data,
      );
    };
    const asItIs = flip(() => false);
    expect(flip((i) => i >= 600)).toEqual(asItIs);
    expect(flip((i) => i < 300)).not.toEqual(asItIs);
    expect(asItIs[1]).toEqual(asItIs[0]!.subarray(0, 50));
  });
});
