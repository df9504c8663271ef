import { expect, test } from 'vitest';
import { experimentOn, mixedTable } from '../helpers/experiment.ts';

const data = { target: 'two', drop: ['three', 'amount'] };
const C = (n: number) => Array.from({ length: n }, (_, i) => 10 ** (-3 + (5 * i) / n));

test('a run by default on a small table builds no coreset, and says so', async () => {
  const { result, artefacts } = await experimentOn(mixedTable(3500), {
    data,
    model: { type: 'logisticRegression' },
    tune: { space: { C: C(3) }, folds: 3 },
  });
  expect(result.coreset).toBeNull();
  expect(result.fidelity).toBeNull();
  expect(artefacts.map(({ name }) => name)).not.toContain('coreset-tree');
  expect(result.evaluations.map(({ rows }) => rows).toSorted()).toEqual(['baseline', 'full']);
  const { uses, note, cost } = result.coresetChoice!;
  expect(uses).toBe('allRows');
  expect(note).toMatch(
    /^All 2,800 training rows are used: a coreset would cost about .* s of computing, all rows about/,
  );
  expect(cost!.allRows).toBeLessThan(cost!.coreset);
});

test('a long search on a large table runs on a coreset by default, as if it had been asked for', async () => {
  const csv = mixedTable(12_000);
  const base = { data, model: { type: 'logisticRegression' }, tune: { space: { C: C(60) }, folds: 5 } };
  const auto = await experimentOn(csv, base);
  expect(auto.result.coresetChoice).toMatchObject({
    uses: 'coreset',
    note: expect.stringMatching(/^The search runs on a coreset of 2,000 of 9,600 training rows/) as string,
  });
  expect(auto.result.coreset).toMatchObject({ size: 2000, seed: 42, artefact: 'coreset-tree' });
  expect(auto.result.fidelity).not.toBeNull();

  const always = await experimentOn(csv, { ...base, coreset: {} });
  expect(always.result.coresetChoice).toBeUndefined();
  expect(always.result.coreset).toEqual(auto.result.coreset);
  expect(always.result.params).toEqual(auto.result.params);
  expect(always.result.trials.map(({ mean }) => mean)).toEqual(auto.result.trials.map(({ mean }) => mean));
});

test('clusters are searched on all rows of a small table too', async () => {
  const { result } = await experimentOn(mixedTable(3000), {
    data: { drop: ['two', 'three', 'amount'] },
    model: { type: 'kMeans' },
    tune: { space: { nClusters: [2, 3] }, folds: 2 },
  });
  expect(result.coreset).toBeNull();
  expect(result.coresetChoice).toMatchObject({ uses: 'allRows' });
});
