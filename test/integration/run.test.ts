import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as ort from 'onnxruntime-node';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { In } from '../../main/contract/channels.ts';
import type { JobState } from '../../main/contract/jobs.ts';
import type { RunDetail } from '../../main/contract/run.ts';
import { Engine } from '../../main/jobs/engine.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { isOver, isRunning, stateOf } from '../helpers/engine.ts';
import { tempDir } from '../helpers/tempDir.ts';

const N_ROWS = 3000;

/** Numbers with gaps, a category with a rare and a missing level, a date, and a label that follows from them. */
function table(): string {
  const rng = createRng(11);
  const lines = ['age,income,city,since,bought'];
  for (let i = 0; i < N_ROWS; i++) {
    const age = 18 + rng.int(60);
    const income = 1000 + Math.round(4000 * rng.uniform());
    const city = i % 40 === 0 ? '' : i === 5 ? 'Élan' : ['Rome', 'Oslo', 'Bern'][rng.int(3)]!;
    const since = `20${10 + rng.int(14)}-0${1 + rng.int(9)}-1${rng.int(9)}`;
    const odds = income / 2000 - 1.2 + (city === 'Oslo' ? 1 : 0) - age / 60;
    lines.push(
      [age, i % 30 === 0 ? '' : income, city, since, rng.uniform() < 1 / (1 + Math.exp(-odds)) ? 'yes' : 'no'].join(
        ',',
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}

const yamlOf = (file: string, more = '') => `data: {path: ${JSON.stringify(file)}, target: bought}
coreset: {size: 400, seed: 1}
model: {type: logisticRegression, params: {C: 1}}
tune: {method: grid, space: {C: [0.1, 1]}, folds: 3}
${more}`;

async function openEngine() {
  const folder = tempDir();
  const engine = new Engine({ home: folder, access: { isTrusting: true }, spare: 'none', checksOutput: true });
  onTestFinished(() => engine.close());
  const project = await engine.ask('project.create', { name: 'Shop', path: join(folder, 'shop') });
  const file = join(folder, 'shop.csv');
  writeFileSync(file, table());
  return { engine, projectId: project.id, folder, file };
}

async function finished(engine: Engine, jobId: string): Promise<JobState> {
  return stateOf(engine, jobId, isOver);
}

/** Exports; the notes say how the file compares with the model. */
async function exported(engine: Engine, input: In<'run.export'>): Promise<string> {
  const { jobId } = await engine.ask('run.export', input);
  expect(await finished(engine, jobId)).toMatchObject({ status: 'done' });
  const notes = await engine.ask('job.log', { projectId: input.projectId, jobId });
  return notes.map(({ text }) => text).join('\n');
}

async function run(engine: Engine, projectId: string, yaml: string): Promise<RunDetail> {
  const { runId, jobId } = await engine.ask('run.start', { projectId, yaml });
  const state = await finished(engine, jobId);
  expect(state).toMatchObject({ status: 'done', resultId: runId });
  return engine.ask('run.get', { projectId, runId });
}

describe('a run', () => {
  test('of an earlier version is said to be one, and what is known to be wrong with it', async () => {
    const { engine, projectId, folder, file } = await openEngine();
    const made = await run(
      engine,
      projectId,
      `data: {path: ${JSON.stringify(file)}, target: bought}\nmodel: {type: baseline}\n`,
    );
    expect(made.result!.warnings.join()).not.toContain('earlier Pith');
    await engine.close();
    // Released versions kept no word of what a run was computed with.
    const database = new Database(join(folder, 'shop', 'project.db'));
    database.exec(`UPDATE run SET result = json_remove(result, '$.provenance')`);
    database.close();
    const later = new Engine({ home: folder, access: { isTrusting: true }, spare: 'none', checksOutput: true });
    onTestFinished(() => later.close());
    const project = await later.ask('project.open', { path: join(folder, 'shop') });
    const again = await later.ask('run.get', { projectId: project.id, runId: made.id });
    expect(again.result!.warnings[0]).toMatch(/earlier Pith.*Run it again/);
  });

  test('imports, draws, tunes, fits, evaluates and keeps a record', async () => {
    const { engine, projectId, file } = await openEngine();
    const detail = await run(engine, projectId, yamlOf(file));
    const result = detail.result!;
    expect(result).toMatchObject({ task: 'binary', nRows: N_ROWS, nTrain: 2400, nValidation: 600 });
    expect(result.coreset).toMatchObject({ nRows: 400, service: 'logistic' });
    expect(result.trials).toHaveLength(2);
    expect(result.evaluations.map(({ rows }) => rows)).toEqual(
      expect.arrayContaining(['coreset', 'full', 'uniform', 'stratified', 'baseline']),
    );
    expect(result.fidelity!.excessLoss).toBeLessThan(0.01);
    expect(result.fidelity!.excessLoss).toBeLessThan(result.fidelity!.uniformExcessLoss!);
    const auc = (rows: string) => result.evaluations.find((e) => e.rows === rows)!.metrics['rocAuc']!.value;
    expect(auc('full')).toBeGreaterThan(0.65);
    expect(auc('baseline')).toBeCloseTo(0.5, 10);
    expect(detail.artefacts.map(({ name }) => name)).toEqual([
      'coreset-tree',
      'pipeline-coreset',
      'pipeline-full',
      'predictions',
    ]);
    const [dataset] = await engine.ask('data.list', { projectId });
    expect(dataset!.versions[0]!.hash).toBe(detail.versionHash);
    // The same configuration on the same data gives the same numbers.
    const again = await run(engine, projectId, yamlOf(file));
    expect(again.result!.evaluations.map(({ metrics }) => metrics)).toEqual(
      result.evaluations.map(({ metrics }) => metrics),
    );
  });

  test.each(['gradientBoosting', 'randomForest', 'linearSvm', 'baseline', 'neuralNetwork', 'gaussianNaiveBayes'])(
    'of %s works the same way',
    async (type) => {
      const { engine, projectId, file } = await openEngine();
      const yaml = yamlOf(file)
        .replace(/model:.*/, `model: {type: ${type}}`)
        .replace(/tune:.*/, 'tune: {method: none}');
      const { result } = await run(engine, projectId, yaml);
      expect(result!.model).toBe(type);
      expect(result!.evaluations.length).toBeGreaterThan(3);
    },
  );

  test.each([
    ['gradientBoosting', '{maxLeafNodes: [7, 15]}'],
    ['randomForest', '{minSamplesLeaf: [1, 3]}'],
    ['logisticRegression', '{C: [1, 10]}'],
    ['svc', '{C: [1, 10]}'],
    ['gaussianNaiveBayes', '{varSmoothing: [1.0e-9, 1.0e-3]}'],
  ])('of %s learns and searches beside a class of two rows', async (type, space) => {
    const { engine, projectId, folder } = await openEngine();
    const rng = createRng(6);
    const rows = Array.from({ length: 500 }, (_, i) => {
      const kind = i === 5 || i === 300 ? 'rare' : i % 3 ? 'a' : 'b';
      return `${((kind === 'b' ? 2 : 0) + rng.normal()).toFixed(3)},${rng.normal().toFixed(3)},${kind}`;
    });
    const file = join(folder, 'rare.csv');
    writeFileSync(file, `x,z,kind\n${rows.join('\n')}\n`);
    const { result } = await run(
      engine,
      projectId,
      `data: {path: ${JSON.stringify(file)}, target: kind}\ncoreset: {size: 100}\nmodel: {type: ${type}}\ntune: {space: ${space}, folds: 5}\n`,
    );
    expect(result!.classes).toEqual(['a', 'b', 'rare']);
    expect(result!.trials.map(({ state }) => state)).toEqual(['done', 'done']);
    const full = result!.evaluations.find(({ rows: kind }) => kind === 'full')!.metrics;
    expect(full['accuracy']!.value).toBeGreaterThan(0.75);
    expect(full['logLoss']!.value).toBeLessThan(0.8);
  });

  test('that over-fits says so, with the change that would answer it', async () => {
    const { engine, projectId, file } = await openEngine();
    const yaml = yamlOf(file)
      .replace(
        /model:.*/,
        'model: {type: gradientBoosting, params: {maxIter: 200, maxLeafNodes: 63, minSamplesLeaf: 1}}',
      )
      .replace(/tune:.*/, '');
    const { result } = await run(engine, projectId, yaml);
    const { overfit, findings } = result!;
    expect(overfit!.train).toBeGreaterThan(overfit!.validation + 0.1);
    const finding = findings.find(({ code }) => code === 'OVERFITTING')!;
    expect(finding.remedies[0]!.patch).toEqual({
      model: { params: { maxLeafNodes: 32, minSamplesLeaf: 2, l2Regularization: 1 } },
    });
    const plain = await run(engine, projectId, yamlOf(file));
    expect(plain.result!.findings.filter(({ code }) => code === 'OVERFITTING')).toEqual([]);
  });

  test('exported, it says of raw columns what the engine says', async () => {
    const { engine, projectId, file, folder } = await openEngine();
    const { id: runId } = await run(engine, projectId, yamlOf(file));
    const model = join(folder, 'model.onnx');
    const out = join(folder, 'scored.csv');
    expect(await exported(engine, { projectId, runId, path: model })).toMatch(
      /^The ONNX file says what the model says of 600 rows/,
    );
    const scored = await engine.ask('run.predict', { projectId, runId, file: { kind: 'path', path: file }, path: out });
    expect(await finished(engine, scored.jobId)).toMatchObject({ status: 'done' });
    const [header, ...lines] = readFileSync(out, 'utf8').trim().split('\n');
    expect(header).toBe('age,income,city,since,bought,predicted_bought,probability_no,probability_yes');
    const rows = lines.map((line) => line.split(','));
    expect(rows).toHaveLength(N_ROWS);
    const session = await ort.InferenceSession.create(model);
    const numbers = (values: number[]) => new ort.Tensor('float64', Float64Array.from(values), [N_ROWS, 1]);
    const cell = (k: number) => rows.map((row) => (row[k] === '' ? NaN : Number(row[k])));
    const answer = await session.run({
      age: numbers(cell(0)),
      income: numbers(cell(1)),
      city: new ort.Tensor(
        'string',
        rows.map((row) => row[2]!),
        [N_ROWS, 1],
      ),
      since: numbers(rows.map((row) => Date.parse(row[3]!) / 1000)),
    });
    const proba = answer['probabilities']!.data as Float32Array;
    rows.forEach((row, i) => expect(Math.abs(proba[2 * i + 1]! - Number(row[7]))).toBeLessThan(1e-5));
    expect(rows.map((row) => row[5])).toEqual([...(answer['label']!.data as unknown as string[])]);
  });

  test('of a kernel machine on more rows than memory holds keeps the model of its coreset, and says so', async () => {
    const { engine, projectId, folder } = await openEngine();
    const rng = createRng(3);
    // Training rows, four in five, whose kernel matrix takes one and a half times what is free here.
    const nRows = Math.ceil(Math.sqrt((1.5 * process.availableMemory()) / 4) / 0.8);
    const lines = Array.from({ length: nRows }, () => {
      const [a, b] = [rng.normal(), rng.normal()];
      return `${a.toFixed(3)},${b.toFixed(3)},${a * a + b * b + 0.3 * rng.normal() > 1.4 ? 'out' : 'in'}`;
    });
    const file = join(folder, 'ring.csv');
    writeFileSync(file, `a,b,where\n${lines.join('\n')}\n`);
    const yaml = `data: {path: ${JSON.stringify(file)}, target: where}\nmodel: {type: svc}\n`;
    const { id: runId, result } = await run(engine, projectId, `${yaml}coreset: {size: 500}\n`);
    expect(result!.evaluations.map(({ rows }) => rows)).not.toContain('full');
    expect(result!.warnings.join()).toMatch(/coreset only.* rows would take .* GiB of memory are free/);
    const auc = result!.evaluations.find(({ rows }) => rows === 'coreset')!.metrics['rocAuc']!.value;
    expect(auc).toBeGreaterThan(0.95);
    await exported(engine, { projectId, runId, path: join(folder, 'ring.onnx') });
    expect(statSync(join(folder, 'ring.onnx')).size).toBeGreaterThan(1000);
    const { jobId } = await engine.ask('run.start', { projectId, yaml: `${yaml}coreset: false\n` });
    const ended = await finished(engine, jobId);
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code: 'KERNEL_TOO_LARGE', isInput: true, fix: { args: { value: 'linearSvm' } } },
    });
  });

  test('a threshold chosen for its classes is kept by predictions and by the exported model', async () => {
    const { engine, projectId, file, folder } = await openEngine();
    const { id: runId } = await run(engine, projectId, yamlOf(file));
    const [out, model] = [join(folder, 'scored.csv'), join(folder, 'model.onnx')];
    const threshold = 0.2;
    await exported(engine, { projectId, runId, path: model, threshold });
    const from = { kind: 'path', path: file } as const;
    const { jobId } = await engine.ask('run.predict', { projectId, runId, file: from, path: out, threshold });
    expect(await finished(engine, jobId)).toMatchObject({ status: 'done' });
    const rows = readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    for (const row of rows) expect(row[5]).toBe(Number(row[7]) >= threshold ? 'yes' : 'no');
    const likelier = rows.filter((row) => Number(row[7]) > 0.5).length;
    expect(rows.filter((row) => row[5] === 'yes').length).toBeGreaterThan(likelier);
    const session = await ort.InferenceSession.create(model);
    const numbers = (values: number[]) => new ort.Tensor('float64', Float64Array.from(values), [N_ROWS, 1]);
    const cell = (k: number) => rows.map((row) => (row[k] === '' ? NaN : Number(row[k])));
    const texts = new ort.Tensor(
      'string',
      rows.map((row) => row[2]!),
      [N_ROWS, 1],
    );
    const since = numbers(rows.map((row) => Date.parse(row[3]!) / 1000));
    const answer = await session.run({ age: numbers(cell(0)), income: numbers(cell(1)), city: texts, since });
    const labels = answer['label']!.data as unknown as string[];
    const isNear = (row: readonly string[]) => Math.abs(Number(row[7]) - threshold) < 1e-6;
    rows.forEach((row, i) => expect(isNear(row) || labels[i] === row[5]).toBe(true));
  });

  test('a file to score may have its columns in another order and levels never seen; a missing one is named', async () => {
    const { engine, projectId, file, folder } = await openEngine();
    const { id: runId } = await run(engine, projectId, yamlOf(file));
    const score = async (content: string) => {
      const path = join(folder, 'new.csv');
      writeFileSync(path, content);
      const { jobId } = await engine.ask('run.predict', {
        projectId,
        runId,
        file: { kind: 'path', path },
        path: join(folder, 'out.csv'),
      });
      return finished(engine, jobId);
    };
    expect(await score('since,city,income,age\n2020-01-01,Atlantis,2000,30\n')).toMatchObject({ status: 'done' });
    // A word or two among numbers count as missing; a column of another type is refused.
    expect(
      await score(`since,city,income,age\n${'2020-01-01,Oslo,2000,30\n'.repeat(3)}2020-01-01,Oslo,many,30\n`),
    ).toMatchObject({ status: 'done' });
    expect(await score('since,city,income,age\n2020-01-01,Oslo,many,30\n')).toMatchObject({
      status: 'failed',
      error: {
        code: 'COLUMN_RETYPED',
        isInput: true,
        message: expect.stringMatching(/"income" holds texts.*"many"/) as string,
      },
    });
    expect(await score('since,city,income,age\n2020-01-01,17,2000,30\n')).toMatchObject({
      status: 'failed',
      error: { code: 'COLUMN_RETYPED', message: expect.stringMatching(/"city" holds numbers.*17/) as string },
    });
    expect(await score('since,city,incme,age\n2020-01-01,Oslo,2000,30\n')).toMatchObject({
      status: 'failed',
      error: { code: 'COLUMNS_MISSING', message: expect.stringContaining('"income"') as string },
    });
  });

  test('that is cancelled leaves a record without a model, and no files', async () => {
    const { engine, projectId, file } = await openEngine();
    const yaml = yamlOf(file)
      .replace(/model:.*/, 'model: {type: gradientBoosting, params: {maxIter: 2000}}')
      .replace(/tune:.*/, 'tune: {method: random, space: {maxLeafNodes: [7, 15, 31]}, trials: 500, on: full}');
    const { runId, jobId } = await engine.ask('run.start', { projectId, yaml });
    await stateOf(engine, jobId, isRunning);
    const over = finished(engine, jobId);
    await engine.ask('job.cancel', { projectId, jobId });
    expect(await over).toEqual({ status: 'cancelled' });
    const detail = await engine.ask('run.get', { projectId, runId });
    expect(detail).toMatchObject({ status: 'cancelled', result: null, artefacts: [] });
    const { path } = (await engine.ask('project.opened', {}))[0]!;
    expect(readdirSync(join(path, 'artifacts'))).toEqual([]);
  });

  test('is refused before it starts when its configuration is wrong', async () => {
    const { engine, projectId, file } = await openEngine();
    await expect(
      engine.ask('run.start', { projectId, yaml: yamlOf(file).replace('folds: 3', 'fold: 3') }),
    ).rejects.toMatchObject({ code: 'CONFIG_INVALID', span: { line: 4 } });
    expect(await engine.ask('run.list', { projectId })).toEqual([]);
  });

  test('fails with a sentence when the data does not suit', async () => {
    const { engine, projectId, file } = await openEngine();
    const { runId, jobId } = await engine.ask('run.start', {
      projectId,
      yaml: yamlOf(file).replace('target: bought', 'target: boght'),
    });
    expect(await finished(engine, jobId)).toMatchObject({ status: 'failed', error: { code: 'TARGET_UNKNOWN' } });
    expect(await engine.ask('run.get', { projectId, runId })).toMatchObject({ status: 'failed' });
    expect(await engine.ask('data.list', { projectId })).toEqual([]);
  });
});

describe('a proposal', () => {
  test('chooses the last column, says why, and is a configuration without problems', async () => {
    const { engine, projectId, file } = await openEngine();
    const { jobId } = await engine.ask('data.import', {
      projectId,
      file: { kind: 'path', path: file },
      options: {},
    });
    await finished(engine, jobId);
    const versionId = (await engine.ask('data.list', { projectId }))[0]!.versions[0]!.id;
    const proposed = await engine.ask('config.propose', { projectId, versionId });
    const checked = await engine.ask('config.check', { projectId, yaml: proposed.yaml });
    expect(checked.problems).toEqual([]);
    expect(proposed.yaml).toContain('target: "bought"');
    expect(proposed.reasons.join(' ')).toMatch(/2 classes/);
  });
});
