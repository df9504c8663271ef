import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, onTestFinished, test } from 'vitest';
import { explanations } from '../../main/contract/explain.ts';
import { Engine } from '../../main/jobs/engine.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { isOver, stateOf } from '../helpers/engine.ts';
import { tempDir } from '../helpers/tempDir.ts';

const N_ROWS = 1200;

/** Three kinds of thing, apart in size, weight and colour; some cells are missing. */
function table(): string {
  const rng = createRng(4);
  const lines = ['size,weight,colour,noise,kind'];
  for (let i = 0; i < N_ROWS; i++) {
    const kind = i % 3;
    const size = [10, 30, 60][kind]! + rng.normal();
    const weight = [500, 100, 900][kind]! + 20 * rng.normal();
    const colour = i % 37 === 0 ? '' : ['red', 'green', 'blue'][rng.uniform() < 0.9 ? kind : rng.int(3)]!;
    lines.push(
      [i % 41 === 0 ? '' : size.toFixed(3), weight.toFixed(2), colour, rng.normal().toFixed(3), 'abc'[kind]].join(','),
    );
  }
  return `${lines.join('\n')}\n`;
}

async function open(content = table()) {
  const folder = tempDir();
  const engine = new Engine({ home: folder, access: { isTrusting: true }, spare: 'none', checksOutput: true });
  onTestFinished(() => engine.close());
  const { id: projectId } = await engine.ask('project.create', { name: 'P', path: join(folder, 'p') });
  const file = join(folder, 'things.csv');
  writeFileSync(file, content);
  const start = async (more: string, data = 'drop: [kind]') => {
    const yaml = `data: {path: ${JSON.stringify(file)}, ${data}}\n${more}`;
    const { runId, jobId } = await engine.ask('run.start', { projectId, yaml });
    return { runId, state: await stateOf(engine, jobId, isOver) };
  };
  const done = async (more: string, data?: string) => {
    const { runId, state } = await start(more, data);
    expect(state).toMatchObject({ status: 'done' });
    return { runId, result: (await engine.ask('run.get', { projectId, runId })).result! };
  };
  const explain = async (runId: string, question: string) => {
    const { jobId } = await engine.ask('run.explain', { projectId, runId, question });
    return {
      state: await stateOf(engine, jobId, isOver),
      answer: await engine.ask('run.explanation', { projectId, runId, question }),
    };
  };
  /** The file scored by the engine and by the exported model: lines of the one, outputs of the other. */
  const scored = async (runId: string) => {
    const out = join(folder, 'scored.csv');
    const model = join(folder, 'model.onnx');
    const exported = await engine.ask('run.export', { projectId, runId, path: model });
    expect(await stateOf(engine, exported.jobId, isOver)).toMatchObject({ status: 'done' });
    const { jobId } = await engine.ask('run.predict', {
      projectId,
      runId,
      file: { kind: 'path', path: file },
      path: out,
    });
    expect(await stateOf(engine, jobId, isOver)).toMatchObject({ status: 'done' });
    const [header, ...lines] = readFileSync(out, 'utf8').trim().split('\n');
    const rows = lines.map((line) => line.split(','));
    const session = await ort.InferenceSession.create(model);
    const numbers = (k: number) =>
      new ort.Tensor(
        'float64',
        Float64Array.from(rows, (row) => (row[k] === '' ? NaN : Number(row[k]))),
        [N_ROWS, 1],
      );
    const texts = new ort.Tensor(
      'string',
      rows.map((row) => row[2]!),
      [N_ROWS, 1],
    );
    const all = { size: numbers(0), weight: numbers(1), colour: texts, noise: numbers(3) };
    return { header: header!, rows, outputs: await session.run(all) };
  };
  return { engine, projectId, start, done, explain, scored };
}

describe('a clustering', () => {
  const yaml = 'coreset: {size: 200, seed: 1}\nmodel: {type: kMeans, params: {k: 3}}\n';

  test('is a run: coreset, all rows, what is left unexplained, and how faithful the coreset was', async () => {
    const { done } = await open();
    const { result } = await done(yaml);
    expect(result).toMatchObject({ task: 'clustering', target: '', nTrain: 960, nValidation: 240, model: 'kMeans' });
    expect(result.params).toEqual({ nClusters: 3 });
    expect(result.coreset).toMatchObject({ nRows: 200, service: 'kmeans' });
    expect(result.evaluations.map(({ rows }) => rows)).toEqual(['coreset', 'uniform', 'full']);
    const full = result.evaluations[2]!.metrics;
    expect(full['silhouette']!.value).toBeGreaterThan(0.4);
    expect(full['explainedVariance']!.low).toBeLessThan(full['explainedVariance']!.value);
    expect(full['inertia']!.value).toBeGreaterThan(0);
    expect(Math.abs(result.fidelity!.excessLoss!)).toBeLessThan(0.01);
    expect(result.inputs.map(({ name }) => name)).toEqual(['size', 'weight', 'colour', 'noise']);
  });

  test('finds its number of clusters by the silhouette of rows drawn evenly', async () => {
    const { done } = await open();
    const { result } = await done(`${yaml}tune: {space: {k: [2, 3, 4, 6]}, folds: 3}\n`);
    expect(result.tuneMetric).toBe('silhouette');
    expect(result.trials).toHaveLength(4);
    expect(result.params).toEqual({ nClusters: 3 });
  });

  test('assigns the rows of a file, and its exported model assigns them alike', async () => {
    const { done, scored } = await open();
    const { runId } = await done(yaml);
    const { header, rows, outputs } = await scored(runId);
    expect(header).toBe('size,weight,colour,noise,kind,cluster');
    expect(rows.map((row) => row[5])).toEqual([...(outputs['label']!.data as unknown as string[])]);
    // Each kind of thing is one cluster.
    for (const kind of 'abc') expect(new Set(rows.filter((row) => row[4] === kind).map((row) => row[5])).size).toBe(1);
  });

  test('takes no threshold', async () => {
    const { engine, projectId, done } = await open();
    const { runId } = await done(yaml);
    const { jobId } = await engine.ask('run.export', { projectId, runId, threshold: 0.3 });
    expect(await stateOf(engine, jobId, isOver)).toMatchObject({
      status: 'failed',
      error: { code: 'THRESHOLD_NOT_FOR_MODEL' },
    });
  });

  test('is profiled in the units of its columns, with a choice of k', async () => {
    const { done, explain } = await open();
    const { runId } = await done(yaml);
    const answer = explanations.clusters.parse((await explain(runId, 'clusters')).answer);
    expect(answer.clusters.map(({ nRows }) => nRows).reduce((a, b) => a + b)).toBe(960);
    const sizes = answer.clusters.map(({ features }) => features.find(({ feature }) => feature === 'size')!.here);
    sizes.toSorted((a, b) => a - b).forEach((size, k) => expect(Math.abs(size - [10, 30, 60][k]!)).toBeLessThan(1));
    expect(answer.clusters[0]!.features.some(({ feature }) => feature.startsWith('colour = '))).toBe(true);
    expect(answer.suggestedK).toBe(3);
    const inertia = answer.choice!.map((c) => c.inertia);
    inertia.slice(1).forEach((v, i) => expect(v).toBeLessThan(inertia[i]! * 1.02));
    expect((await explain(runId, 'importance')).state).toMatchObject({ error: { code: 'EXPLAIN_NOT_FOR_MODEL' } });
  });

  test('of fewer distinct rows than clusters is refused, with the number that would do', async () => {
    const { start } = await open(`a,b\n${'1,2\n3,4\n5,6\n'.repeat(40)}`);
    const { state } = await start('model: {type: kMeans, params: {k: 5}}\ncoreset: false\n', 'drop: []');
    expect(state).toMatchObject({
      status: 'failed',
      error: { code: 'TOO_FEW_DISTINCT_ROWS', isInput: true, fix: { args: { name: 'nClusters', value: 3 } } },
    });
  });
});

describe('principal components', () => {
  test('are a run, score a file, and the exported model scores it to 1e-5', async () => {
    const { done, scored, explain } = await open();
    const { runId, result } = await done(
      'coreset: {size: 200, seed: 1}\nmodel: {type: pca, params: {nComponents: 2}}\n',
    );
    expect(result).toMatchObject({ task: 'decomposition', target: '', classes: [] });
    expect(result.coreset).toMatchObject({ service: 'pca', nRows: 200 });
    const full = result.evaluations.find(({ rows }) => rows === 'full')!.metrics;
    expect(full['explainedVariance']!.value).toBeGreaterThan(0.5);
    expect(result.fidelity!.excessLoss).toBeLessThan(0.02);
    const { header, rows, outputs } = await scored(runId);
    expect(header).toBe('size,weight,colour,noise,kind,component_1,component_2');
    const scores = outputs['scores']!.data as Float32Array;
    rows.forEach((row, i) => {
      for (let c = 0; c < 2; c++) expect(Math.abs(scores[2 * i + c]! - Number(row[5 + c]))).toBeLessThan(1e-5);
    });
    const answer = explanations.components.parse((await explain(runId, 'components')).answer);
    expect(answer.components).toHaveLength(2);
    expect(answer.components[0]!.explained).toBeGreaterThan(answer.components[1]!.explained);
    const squares = answer.components[0]!.loadings.reduce((sum, { value }) => sum + value ** 2, 0);
    expect(squares).toBeCloseTo(1, 6);
  });
});
