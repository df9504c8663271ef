import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { PreprocessConfig } from '../../../../main/contract/config.ts';
import type { Table } from '../../../../main/kernels/table.ts';
import { fitPreprocessor } from '../../../../main/models/preprocess/preprocessor.ts';
import { encodeOnnx } from '../../../../main/tensor/encode.ts';
import { OnnxGraph } from '../../../../main/tensor/onnxGraph.ts';

const texts = Array.from({ length: 300 }, (_, i) =>
  i % 3 === 0 ? `Win a FREE prize no ${i}, call now` : i % 3 === 1 ? `see you at  home\tnow, ${i}` : `é ñ ok ${i} now`,
);
const tableOf = (cells: readonly (string | null)[]): Table => {
  const levels = [...new Set(cells.filter((cell) => cell !== null))].toSorted();
  const codes = Int32Array.from(cells, (cell) => (cell === null ? -1 : levels.indexOf(cell)));
  return { nRows: cells.length, columns: [{ kind: 'category', name: 'sms', codes, levels }] };
};
const inputs = [{ name: 'sms', type: 'text', as: 'category' }] as const;
const fit = (config: object) =>
  fitPreprocessor(tableOf(texts), inputs, PreprocessConfig.parse(config), { isNative: false });

test('words of free text become features of rows of length 1, and ONNX says the same', async () => {
  const preprocessor = fit({ text: 'tfidf', textFeatures: 8 });
  expect(preprocessor.features.map(({ name }) => name)).toContain('sms: FREE');
  const cells = [...texts.slice(0, 20), null, 'nothing known here', 'now now now FREE'];
  const { data, nCols } = preprocessor.transform(tableOf(cells));
  cells.forEach((_, i) => {
    const row = data.subarray(i * nCols, (i + 1) * nCols);
    const length = Math.hypot(...row);
    expect(i === 20 || i === 21 ? length : length - 1).toBeCloseTo(0, 5);
  });
  const graph = new OnnxGraph();
  graph.output('x', preprocessor.toOnnx(graph));
  const session = await ort.InferenceSession.create(encodeOnnx(graph));
  const sms = new ort.Tensor(
    'string',
    cells.map((cell) => cell ?? ''),
    [cells.length, 1],
  );
  const answer = (await session.run({ sms }))['x']!.data as Float32Array;
  data.forEach((value, i) => expect(answer[i]).toBeCloseTo(value, 5));
});

test('beside other columns it is left out unless asked for, and the way out is named', () => {
  const { columns, nRows } = tableOf(texts);
  const values = Float64Array.from(texts, (_, i) => i % 7);
  const table: Table = { nRows, columns: [...columns, { kind: 'number', name: 'age', values }] };
  const both = [...inputs, { name: 'age', type: 'number', as: 'number' } as const];
  const { features, state } = fitPreprocessor(table, both, PreprocessConfig.parse({}), { isNative: false });
  expect(features.map(({ name }) => name)).toEqual(['age']);
  expect(state.warnings.join(' ')).toMatch(/left out; preprocess.text: tfidf/);
});

test('where it is all there is, its words are used and the run is told', () => {
  const { features, state } = fit({ textFeatures: 8 });
  expect(features.map(({ name }) => name)).toContain('sms: FREE');
  expect(state.warnings[0]).toMatch(/words are used/);
});
