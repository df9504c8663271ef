import { describe, expect, test } from 'vitest';
import { likeliest, reaches } from '../../../../main/kernels/likeliest.ts';
import { matrix } from '../../../../main/kernels/matrix.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import type { Table } from '../../../../main/kernels/table.ts';
import { quietTask } from '../../../../main/kernels/task.ts';
import { PreprocessConfig } from '../../../../main/contract/config.ts';
import { compareOnnx } from '../../../../main/models/pipeline/compareOnnx.ts';
import { FittedPipeline } from '../../../../main/models/pipeline/pipeline.ts';
import { fitPreprocessor } from '../../../../main/models/preprocess/preprocessor.ts';
import { estimatorEntry } from '../../../../main/models/registry.ts';
import { fitNasty, freshTable } from '../../../contract/nasty.ts';

test.each([
  { name: 'an exact tie goes to the first', row: [0.5, 0.5], want: 0 },
  { name: 'a tie that rounding broke, too', row: [0.5 - 1e-9, 0.5 + 1e-9], want: 0 },
  { name: 'a lead beyond rounding counts', row: [0.499, 0.501], want: 1 },
  { name: 'the first of the likeliest', row: [0.1, 0.45, 0.45], want: 1 },
  { name: 'no number at all', row: [NaN, NaN], want: 0 },
])('likeliest: $name', ({ row, want }) => {
  expect([...likeliest(matrix(Float64Array.from(row), 1, row.length))]).toEqual([want]);
});

test.each([
  { p: 0.7, threshold: 0.7, want: true },
  { p: Math.fround(0.7), threshold: 0.7, want: true },
  { p: 0.69, threshold: 0.7, want: false },
])('$p reaches $threshold: $want', ({ p, threshold, want }) => {
  expect(reaches(p, threshold)).toBe(want);
});

/** Leaves hold 10 rows each, so that their shares are tenths: ties with one another and with thresholds. */
async function tenths(type: string, params: Readonly<Record<string, unknown>>) {
  const rng = createRng(4);
  const n = 400;
  const values = Float64Array.from({ length: n }, (_, i) => Math.floor(i / 10));
  const y = Float64Array.from(values, (v, i) => Number(i % 10 < v % 11));
  const table: Table = {
    nRows: n,
    columns: [
      { kind: 'number', name: 'x', values },
      { kind: 'number', name: 'z', values: Float64Array.from(values, () => rng.int(2)) },
    ],
  };
  const config = PreprocessConfig.parse({});
  const inputs = table.columns.map(({ name }) => ({ name, type: 'number', as: 'number' }) as const);
  const preprocessor = fitPreprocessor(table, inputs, config, { isNative: true });
  const fitted = await (
    await estimatorEntry(type)
  )
    .make(params)
    .fit(
      preprocessor.transform(table),
      y,
      { task: 'binary', nClasses: 2 },
      { rng: createRng(1), task: quietTask, threads: 1, features: preprocessor.features },
    );
  return { table, pipeline: new FittedPipeline(preprocessor, fitted, 'y', ['no', 'yes']) };
}

describe.each([
  { type: 'decisionTree', params: { minSamplesLeaf: 10 } },
  { type: 'randomForest', params: { minSamplesLeaf: 10, nEstimators: 3, bootstrap: false } },
  { type: 'extraTrees', params: { minSamplesLeaf: 10, nEstimators: 10 } },
  { type: 'decisionTree', params: { minSamplesLeaf: 10, criterion: 'entropy' } },
])('$type $params', ({ type, params }) => {
  test.each([undefined, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])(
    'ties are decided alike here and in the exported file, threshold %s',
    async (threshold) => {
      const { table, pipeline } = await tenths(type, params);
      const found = await compareOnnx(pipeline, pipeline.toOnnx(threshold), table, threshold);
      expect(found).toMatchObject({ nDifferentLabels: 0, nNearTies: 0, isSame: true });
    },
  );
});

test('a file of another model is found out', async () => {
  const [one, other] = [await fitNasty('decisionTree', 'binary', {}), await fitNasty('baseline', 'binary', {})];
  const mixed = new FittedPipeline(one.preprocessor, other.fitted, 'y', one.classes);
  const found = await compareOnnx(one, mixed.toOnnx(), freshTable());
  expect(found.isSame).toBe(false);
  expect(found.nDifferentLabels).toBeGreaterThan(10);
  expect(found.sentence).toMatch(/does not say/);
});
