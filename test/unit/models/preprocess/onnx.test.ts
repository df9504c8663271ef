import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { PreprocessConfig } from '../../../../main/contract/config.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import type { Column, Table } from '../../../../main/kernels/table.ts';
import { quietTask } from '../../../../main/kernels/task.ts';
import type { TargetInfo } from '../../../../main/models/estimator.ts';
import { FittedPipeline, loadPipeline } from '../../../../main/models/pipeline/pipeline.ts';
import { planColumns } from '../../../../main/models/preprocess/columnPlan.ts';
import { fitPreprocessor } from '../../../../main/models/preprocess/preprocessor.ts';
import { estimatorEntry } from '../../../../main/models/registry.ts';
import { encodeOnnx } from '../../../../main/tensor/encode.ts';
import { OnnxGraph } from '../../../../main/tensor/onnxGraph.ts';

const towns = ['Ulm', 'Bonn', 'Köln', 'Aachen', 'Jena', 'Trier', 'São Paulo', '東京'];
const words = ['free', 'call', 'Zürich', 'now', 'later', 'home', 'prize', 'tea'];
const columns = [
  { name: 'age', type: 'number' },
  { name: 'income', type: 'number' },
  { name: 'since', type: 'time' },
  { name: 'town', type: 'text' },
  { name: 'note', type: 'text' },
] as const;

/** Columns with gaps; towns from `from` on, so that later tables hold levels that earlier ones do not. */
function people(n: number, seed: number, from: number): Table {
  const rng = createRng(seed);
  const numbers = (name: string, draw: () => number): Column => ({
    kind: 'number',
    name,
    values: Float64Array.from({ length: n }, () => (rng.uniform() < 0.1 ? NaN : draw())),
  });
  const texts = (name: string, cells: (string | null)[]): Column => {
    const levels = [...new Set(cells.filter((c) => c !== null))];
    return {
      kind: 'category',
      name,
      levels,
      codes: Int32Array.from(cells, (c) => (c === null ? -1 : levels.indexOf(c))),
    };
  };
  const sentence = () =>
    Array.from({ length: rng.int(6) }, () => words[rng.int(words.length)]).join(rng.int(5) ? ' ' : '  ');
  const orMissing = (draw: () => string) =>
    Array.from({ length: n }, () => (rng.uniform() < 0.1 ? null : draw() || null));
  return {
    nRows: n,
    columns: [
      numbers('age', () => 20 + 60 * rng.uniform()),
      numbers('income', () => (rng.uniform() < 0.2 ? -1 : 1) * Math.exp(10 + rng.normal())),
      numbers('since', () => Math.floor(1.8e9 * (rng.uniform() - 0.2))),
      texts(
        'town',
        orMissing(() => towns[from + rng.int(5)]!),
      ),
      texts('note', orMissing(sentence)),
    ],
  };
}

const tensors = (table: Table) =>
  Object.fromEntries(
    table.columns.map((c) => [
      c.name,
      c.kind === 'number'
        ? new ort.Tensor('float64', c.values, [table.nRows, 1])
        : new ort.Tensor(
            'string',
            Array.from(c.codes, (k) => c.levels[k] ?? ''),
            [table.nRows, 1],
          ),
    ]),
  );

/** Relative to values above 1; missing agrees with missing only. */
function gapOf(a: number, b: number): number {
  if (Number.isNaN(a) && Number.isNaN(b)) return 0;
  return Number.isNaN(a - b) ? Infinity : Math.abs(a - b) / Math.max(1, Math.abs(b));
}

const tasks: Record<string, TargetInfo> = {
  binary: { task: 'binary', nClasses: 2, classNames: ['no', 'yes'] },
  multiclass: { task: 'multiclass', nClasses: 3, classNames: ['low', 'middle', 'high'] },
  regression: { task: 'regression' },
};

test.each([
  { config: { encode: 'target' }, task: 'binary', model: 'logisticRegression' },
  { config: { encode: 'target' }, task: 'multiclass', model: 'logisticRegression' },
  { config: { encode: 'target', targetSmoothing: 5, minLevelCount: 110 }, task: 'regression', model: 'ridge' },
  { config: { encode: 'target' }, task: 'regression', model: 'gradientBoosting' },
  { config: { encode: 'hashing' }, task: 'binary', model: 'logisticRegression' },
  {
    config: { encode: 'hashing', hashFeatures: 4, dropConstant: false },
    task: 'regression',
    model: 'gradientBoosting',
  },
  { config: { scale: 'power' }, task: 'regression', model: 'ridge' },
  { config: { scale: 'power', missingIndicator: true, impute: 'mean' }, task: 'binary', model: 'neuralNetwork' },
  { config: { text: 'hashedNgrams', textFeatures: 32 }, task: 'binary', model: 'logisticRegression' },
  { config: { text: 'hashedNgrams', textFeatures: 7 }, task: 'regression', model: 'randomForest' },
  { config: { interactions: true }, task: 'binary', model: 'logisticRegression' },
  { config: { interactions: true, scale: 'none' }, task: 'regression', model: 'gradientBoosting' },
  { config: { interactions: true, scale: 'robust' }, task: 'multiclass', model: 'logisticRegression' },
  {
    config: { interactions: true, scale: 'power', encode: 'target', text: 'hashedNgrams', missingIndicator: true },
    task: 'regression',
    model: 'ridge',
  },
])('$config, $task, $model: the file scores raw columns as the studio does', async ({ config, task, model }) => {
  const parsed = PreprocessConfig.parse({ types: { note: 'text' }, ...config });
  const info = tasks[task]!;
  const table = people(600, 1, 0);
  const rng = createRng(9);
  const [age, , , town, note] = table.columns as [Column, Column, Column, Column, Column];
  const y = Float64Array.from({ length: table.nRows }, (_, i) => {
    const signal =
      (age.kind === 'number' && age.values[i]! > 50 ? 1 : 0) +
      (town.kind === 'category' ? town.codes[i]! % 2 : 0) +
      (note.kind === 'category' && note.levels[note.codes[i]!]?.includes('free') ? 1 : 0) +
      0.3 * rng.normal();
    if (info.task === 'regression') return signal;
    return info.nClasses === 2 ? Number(signal > 1) : Math.min(2, Math.max(0, Math.round(signal)));
  });
  const target = { info, y };
  const entry = await estimatorEntry(model);
  const preprocessor = fitPreprocessor(table, planColumns(columns, parsed, []), parsed, {
    isNative: entry.spec.family === 'tree',
    target,
  });
  const params = model === 'neuralNetwork' ? { layers: [8], epochs: 5 } : {};
  const fitted = await entry.make(params).fit(preprocessor.transformTraining(table, target), y, info, {
    rng: createRng(1),
    task: quietTask,
    threads: 1,
    features: preprocessor.features,
  });
  const classes = info.task === 'regression' ? [] : [...info.classNames!];
  const pipeline = await loadPipeline(new FittedPipeline(preprocessor, fitted, 'y', classes).save());
  // Three of its five towns are new.
  const fresh = people(300, 2, 3);

  const graph = new OnnxGraph();
  graph.output('x', pipeline.preprocessor.toOnnx(graph));
  const prepare = await ort.InferenceSession.create(encodeOnnx(graph));
  const feeds = Object.fromEntries(prepare.inputNames.map((name) => [name, tensors(fresh)[name]!]));
  const features = (await prepare.run(feeds))['x']!;
  const here = pipeline.preprocessor.transform(fresh);
  expect(features.dims).toEqual([here.nRows, here.nCols]);
  expect(here.nCols).toBe(preprocessor.features.length);
  const gap = (features.data as Float32Array).reduce((most, v, i) => Math.max(most, gapOf(v, here.data[i]!)), 0);
  expect(gap).toBeLessThan(1e-6);

  const session = await ort.InferenceSession.create(pipeline.toOnnx(), { logSeverityLevel: 3 });
  const isRegression = info.task === 'regression';
  const answer = (await session.run(feeds))[isRegression ? 'prediction' : 'probabilities']!.data as Float32Array;
  const ours = isRegression ? await pipeline.predict(fresh) : (await pipeline.predictProba(fresh)).data;
  expect(answer).toHaveLength(ours.length);
  answer.forEach((v, i) => expect(Math.abs(v - ours[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(v))));
  expect(new Set(Array.from(answer, (v) => v.toFixed(4))).size).toBeGreaterThan(20);
});

test('texts of one word, none, or blanks only, and a single row', async () => {
  const parsed = PreprocessConfig.parse({ types: { note: 'text' }, text: 'hashedNgrams', textFeatures: 16 });
  const tableOf = (cells: string[]): Table => ({
    nRows: cells.length,
    columns: [{ kind: 'category', name: 'note', levels: cells, codes: Int32Array.from(cells.keys()) }],
  });
  const inputs = planColumns([{ name: 'note', type: 'text' }], parsed, []);
  const preprocessor = fitPreprocessor(tableOf(['a b', 'b c']), inputs, parsed, { isNative: false });
  const graph = new OnnxGraph();
  graph.output('x', preprocessor.toOnnx(graph));
  const session = await ort.InferenceSession.create(encodeOnnx(graph));
  for (const cells of [['one'], [''], [' '], ['', ' ', '  '], ['a', '', ' a  b ', 'tab\there b'], ['東京 ü']]) {
    const table = tableOf(cells);
    const { data } = preprocessor.transform(table);
    const answer = (await session.run(tensors(table)))['x']!.data as Float32Array;
    data.forEach((v, i) => expect(answer[i]).toBeCloseTo(v, 6));
  }
});
