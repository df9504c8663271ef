import { expect, test } from 'vitest';
import { SharedSource } from '../../../main/coreset/tree/sharedSource.ts';
import type { RowSource } from '../../../main/coreset/rows.ts';
import { build, fingerprint, inChunks, makeRows, sourceOf } from './data.ts';

test('builds that share their passes come out as they do alone, and the data is read no more often', async () => {
  const rows = makeRows(5000, 4, 2, 8);
  let nPasses = 0;
  const counted: RowSource = {
    ...inChunks(rows, [700, 1300]),
    chunks() {
      nPasses++;
      return inChunks(rows, [700, 1300]).chunks();
    },
  };
  await build(counted, { size: 400 });
  const alone = nPasses;
  nPasses = 0;
  const settings = [{ size: 100 }, { size: 400 }, { size: 400, seed: 9 }];
  const shared = new SharedSource(counted, settings.length);
  const trees = await Promise.all(
    settings.map((setting) => build(shared.reader(), setting).finally(() => shared.leave())),
  );
  expect(nPasses).toBeLessThanOrEqual(alone + 1);
  for (const [i, setting] of settings.entries()) {
    expect(fingerprint(trees[i]!)).toEqual(fingerprint(await build(sourceOf(rows), setting)));
  }
});

test('a source that fails fails every build that reads it', async () => {
  const rows = makeRows(2000, 3, 2, 1);
  const failing: RowSource = {
    ...sourceOf(rows),
    // oxlint-disable-next-line require-yield -- it fails before the first chunk
    async *chunks() {
      throw new Error('the disk is gone');
    },
  };
  const shared = new SharedSource(failing, 2);
  const outcomes = await Promise.allSettled(
    [1, 2].map((seed) => build(shared.reader(), { seed }).finally(() => shared.leave())),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
