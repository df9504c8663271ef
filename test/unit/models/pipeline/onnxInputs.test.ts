import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { PreprocessConfig } from '../../../../main/contract/config.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import type { Table } from '../../../../main/kernels/table.ts';
import { quietTask } from '../../../../main/kernels/task.ts';
import { compareOnnx } from '../../../../main/models/pipeline/compareOnnx.ts';
import { FittedPipeline } from '../../../../main/models/pipeline/pipeline.ts';
import { inputContract } from '../../../../main/models/preprocess/onnx/contract.ts';
import { fitPreprocessor } from '../../../../main/models/preprocess/preprocessor.ts';
import { estimatorEntry } from '../../../../main/models/registry.ts';
import { openModel } from '../../../../main/tensor/session.ts';
import { fitNasty } from '../../../contract/nasty.ts';

const N = 60;
/** A truth value and a time, under names that outputs and nodes have too. */
async function flagsAndTimes(encode: string) {
  const rng = createRng(2);
  const codes = Int32Array.from({ length: N }, () => rng.int(2));
  const table: Table = {
    nRows: N,
    columns: [
      { kind: 'category', name: 'label', codes, levels: ['false', 'true'] },
      { kind: 'number', name: 'IsNaN_3', values: Float64Array.from({ length: N }, () => 86_400 * rng.int(20_000)) },
    ],
  };
  const config = PreprocessConfig.parse({ encode });
  const inputs = [
    { name: 'label', type: 'boolean', as: 'category' },
    { name: 'IsNaN_3', type: 'time', as: 'number' },
  ] as const;
  const info = { task: 'binary', nClasses: 2 } as const;
  const y = Float64Array.from(codes, (c) => (rng.uniform() < 0.1 ? 1 - c : c));
  const preprocessor = fitPreprocessor(table, inputs, config, { isNative: false, target: { info, y } });
  const fitted = await (
    await estimatorEntry('logisticRegression')
  )
    .make({})
    .fit(preprocessor.transform(table), y, info, { rng, task: quietTask, threads: 1 });
  const pipeline = new FittedPipeline(preprocessor, fitted, 'y', ['no', 'yes']);
  const session = await openModel(pipeline.toOnnx(), { threads: 1 });
  const run = async (flags: string[], times: number[]) => {
    const feeds = {
      label: new Tensor('string', flags, [flags.length, 1]),
      IsNaN_3: new Tensor('float64', Float64Array.from(times), [times.length, 1]),
    };
    const answer = await session.run(feeds);
    return Array.from(answer[session.outputNames.at(-1)!]!.data as Float32Array);
  };
  return { table, pipeline, run, outputNames: session.outputNames };
}

describe.each(['oneHot', 'ordinal', 'target', 'hashing'])('encode: %s', (encode) => {
  test('truth values may be written as pandas, Arrow and JSON write them', async () => {
    const { run } = await flagsAndTimes(encode);
    const yes = ['true', 'True', 'TRUE', '1', '1.0'];
    const no = ['false', 'False', 'FALSE', '0', '0.0'];
    const gone = ['', 'nan', 'None', 'null', '<NA>'];
    const times = yes.map(() => 1e9);
    const [asYes, asNo, asGone] = [await run(yes, times), await run(no, times), await run(gone, times)];
    for (const answers of [asYes, asNo, asGone]) {
      expect(new Set(answers.filter((_, i) => i % 2 === 0)).size).toBe(1);
    }
    expect(asYes[1]!).toBeGreaterThan(asNo[1]! + 0.2);
  });

  test('columns may be called as outputs and nodes are', async () => {
    const { table, pipeline, outputNames } = await flagsAndTimes(encode);
    expect(outputNames).toEqual(['output_label', 'probabilities']);
    expect(await compareOnnx(pipeline, pipeline.toOnnx(), table)).toMatchObject({ isSame: true, nNearTies: 0 });
  });
});

test.each([
  { unit: 'milliseconds', at: 1.7e12 },
  { unit: 'microseconds', at: 1.7e15 },
  { unit: 'nanoseconds', at: 1.7e18 },
])('times in $unit are refused by name, those missing are not', async ({ at }) => {
  const { run } = await flagsAndTimes('oneHot');
  await expect(run(['true', 'true'], [1e9, at])).rejects.toThrow(/IsNaN_3: give seconds since 1970 UTC/);
  expect(await run(['true', 'true', 'true'], [1e9, NaN, Infinity])).toHaveLength(6);
});

test('the file says what its inputs take', async () => {
  const { preprocessor } = await fitNasty('logisticRegression', 'binary', { types: { note: 'text' }, text: 'tfidf' });
  const contract = new Map(inputContract(preprocessor.state).map((input) => [input.name, input]));
  expect([...contract.keys()]).toEqual(preprocessor.inputs.map(({ name }) => name));
  expect(contract.get('gaps')).toMatchObject({ tensor: 'float64', missing: 'NaN' });
  expect(Number.isFinite(Number(contract.get('gaps')!.missingBecomes))).toBe(true);
  expect(contract.get('since')).toMatchObject({ unit: 'seconds since 1970-01-01 00:00 UTC' });
  expect(contract.get('town')).toMatchObject({ tensor: 'string', missing: '', missingBecomes: 'a level of its own' });
  expect(contract.get('town')!.levels).toContain('São Paulo');
  expect(contract.get('flag')!.spellings!.true).toContain('True');
  expect(contract.get('note')!.unseenBecomes).toMatch(/words/);
});

test('a model of trees says that it takes gaps as they are', async () => {
  const { preprocessor } = await fitNasty('decisionTree', 'binary', {});
  const gaps = inputContract(preprocessor.state).find(({ name }) => name === 'gaps')!;
  expect(gaps.missingBecomes).toBe('missing, which the model takes as it is');
});
