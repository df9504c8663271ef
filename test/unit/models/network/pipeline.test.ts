import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PreprocessConfig } from '../../../../main/contract/config.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import { takeTableRows, type Table } from '../../../../main/kernels/table.ts';
import { quietTask } from '../../../../main/kernels/task.ts';
import type { TargetInfo } from '../../../../main/models/estimator.ts';
import { FittedPipeline, loadPipeline } from '../../../../main/models/pipeline/pipeline.ts';
import { planColumns } from '../../../../main/models/preprocess/columnPlan.ts';
import { fitPreprocessor } from '../../../../main/models/preprocess/preprocessor.ts';
import { estimatorEntry } from '../../../../main/models/registry.ts';
import { tempDir } from '../../../helpers/tempDir.ts';

const towns = ['Ulm', 'Bonn', 'Köln', 'Aachen', 'Jena', 'Trier'];
const columns = [
  { name: 'age', type: 'number' as const },
  { name: 'income', type: 'number' as const },
  { name: 'town', type: 'text' as const },
];

/** Numbers with gaps, towns with gaps, and a target that needs both. */
function people(n: number, seed: number) {
  const rng = createRng(seed);
  const age = Float64Array.from({ length: n }, () => (rng.uniform() < 0.1 ? NaN : 20 + 60 * rng.uniform()));
  const income = Float64Array.from({ length: n }, () => 1e5 + 3e4 * rng.normal());
  const codes = Int32Array.from({ length: n }, () => (rng.uniform() < 0.1 ? -1 : rng.int(towns.length)));
  const score = Float64Array.from(age, (a, i) => (a > 50 ? 1 : 0) + (codes[i]! % 2) + (income[i]! - 1e5) / 6e4);
  const table: Table = {
    nRows: n,
    columns: [
      { kind: 'number', name: 'age', values: age },
      { kind: 'number', name: 'income', values: income },
      { kind: 'category', name: 'town', codes, levels: towns },
    ],
  };
  return { table, score };
}

/** Raw rows through the file in a process of its own that has nothing of ours but onnxruntime. */
function scoreElsewhere(model: Uint8Array, table: Table, output: string): number[] {
  const file = path.join(tempDir(), 'model.onnx');
  writeFileSync(file, model);
  const inputs = table.columns.map((c) =>
    c.kind === 'number'
      ? { name: c.name, type: 'float64', data: Array.from(c.values, (v) => (Number.isNaN(v) ? null : v)) }
      : { name: c.name, type: 'string', data: Array.from(c.codes, (k) => (k < 0 ? '' : c.levels[k]!)) },
  );
  const script = `
    import ort from 'onnxruntime-node';
    const { file, inputs, output } = JSON.parse(await new Response(process.stdin).text());
    const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 });
    const feeds = Object.fromEntries(inputs.map(({ name, type, data }) => [name, new ort.Tensor(type,
      type === 'string' ? data : Float64Array.from(data, (v) => (v === null ? NaN : v)), [data.length, 1])]));
    const out = await session.run(feeds);
    process.stdout.write(JSON.stringify(Array.from(out[output].data)));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    input: JSON.stringify({ file, inputs, output }),
    encoding: 'utf8',
    cwd: path.join(import.meta.dirname, '../../../..'),
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as number[];
}

describe.each([
  { task: 'binary', encode: 'oneHot' },
  { task: 'multiclass', encode: 'ordinal' },
  { task: 'regression', encode: 'ordinal' },
] as const)('$task, $encode', ({ task, encode }) => {
  test('one file scores raw columns as the studio does, in another process', async () => {
    const { table, score } = people(600, 1);
    const y = score.map((v) =>
      task === 'binary' ? Number(v > 1) : task === 'regression' ? 1000 * v : Math.min(2, Math.max(0, Math.round(v))),
    );
    const config = PreprocessConfig.parse({ encode });
    const preprocessor = fitPreprocessor(table, planColumns(columns, config, []), config, { isNative: false });
    const classes = task === 'regression' ? [] : task === 'binary' ? ['no', 'yes'] : ['low', 'middle', 'high'];
    const target: TargetInfo = task === 'regression' ? { task } : { task, nClasses: classes.length };
    const entry = await estimatorEntry('neuralNetwork');
    const fitted = await entry
      .make({ layers: [16, { type: 'batchNorm' }, 8], epochs: 40, learningRate: 0.01 })
      .fit(preprocessor.transform(table), y, target, {
        rng: createRng(1),
        task: quietTask,
        threads: 1,
        features: preprocessor.features,
      });
    const pipeline = new FittedPipeline(preprocessor, fitted, 'score', classes);
    const fresh = people(200, 2).table;
    // A level the training rows did not have.
    const unseen = {
      ...fresh,
      columns: fresh.columns.map((c) => (c.kind === 'category' ? { ...c, levels: ['Rom', ...towns.slice(1)] } : c)),
    };
    const isRegression = task === 'regression';
    const elsewhere = scoreElsewhere(pipeline.toOnnx(), unseen, isRegression ? 'prediction' : 'probabilities');
    const here = isRegression ? await pipeline.predict(unseen) : (await pipeline.predictProba(unseen)).data;
    const scale = isRegression ? 1000 : 1;
    elsewhere.forEach((v, i) => expect(Math.abs(v - here[i]!)).toBeLessThan(1e-5 * scale));
    const again = await loadPipeline(pipeline.save());
    const rows = takeTableRows(unseen, [0, 5, 7]);
    expect(await again.predict(rows)).toEqual(await pipeline.predict(rows));
    // It learned from the town, whichever way it came in.
    const own = await pipeline.predict(table);
    const error =
      own.reduce((sum, v, i) => sum + (isRegression ? (v - y[i]!) ** 2 : Number(v !== y[i])), 0) / own.length;
    expect(error).toBeLessThan(isRegression ? 150_000 : 0.15);
  });
});
