import { expect, test } from 'vitest';
import { scoreOf } from '../../../main/jobs/kinds/coreset/foldScore.ts';
import type { Feature } from '../../../main/models/estimator.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { workContext } from '../../helpers/workContext.ts';
import { build, makeRows, sourceOf } from '../coreset/data.ts';

const features: Feature[] = ['a', 'b', 'c'].map((name) => ({ name, source: name, kind: 'number' }));

test.each([
  // Three rows cannot be in each of five folds.
  { nPositive: 3, hasMean: false },
  { nPositive: 600, hasMean: true },
])('a coreset of $nPositive positive rows has a mean over its folds: $hasMean', async ({ nPositive, hasMean }) => {
  const rows = makeRows(2000, 3, 2, 5);
  const y = rows.y.map((_, i) => Number(i < nPositive));
  const tree = await build(sourceOf({ ...rows, y }));
  const { metric, mean, standardError } = await scoreOf(tree, features, workContext(tempDir()));
  expect(metric).toBe('rocAuc');
  expect([mean !== null, standardError !== null]).toEqual([hasMean, hasMean]);
});
