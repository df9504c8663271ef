import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RunConfig } from '../../main/contract/config.ts';
import type { RunDetail } from '../../main/contract/run.ts';
import { openTestRows } from '../../main/experiment/testRows/open.ts';
import { Engine } from '../../main/jobs/engine.ts';
import { createRng } from '../../main/kernels/rng.ts';
import { quietTask } from '../../main/kernels/task.ts';
import { isOver, stateOf } from '../helpers/engine.ts';
import { tempDir } from '../helpers/tempDir.ts';

const N_ROWS = 600;
const N_TEST = 150;

interface Row {
  readonly features: string;
  readonly target: string;
}

/** Numbers with gaps, a category, and a target that follows from them. */
function rowsOf(isRegression = false): Row[] {
  const rng = createRng(5);
  return Array.from({ length: N_ROWS }, (_, i) => {
    const [x, z] = [rng.normal(), rng.normal()];
    const kind = ['a', 'b', 'c'][rng.int(3)]!;
    const signal = 1.5 * x - z + (kind === 'b' ? 1 : 0);
    const target = isRegression
      ? (signal + rng.normal()).toFixed(4)
      : rng.uniform() < 1 / (1 + Math.exp(-signal))
        ? 'yes'
        : 'no';
    return { features: `${x.toFixed(4)},${i % 17 === 0 ? '' : z.toFixed(4)},${kind}`, target };
  });
}

const csvOf = (rows: readonly Row[]) =>
  `x,z,kind,y\n${rows.map(({ features, target }) => `${features},${target}`).join('\n')}\n`;

/** The last rows of the file, whose numbers are known here without asking Pith. */
const LAST = `split: {time: rowOrder, validation: 0.2, test: ${N_TEST}}`;

interface Studio {
  readonly engine: Engine;
  readonly projectId: string;
  readonly folder: string;
}

async function studio(): Promise<Studio> {
  const folder = tempDir();
  const engine = new Engine({ home: folder, access: { isTrusting: true }, spare: 'none', checksOutput: true });
  onTestFinished(() => engine.close());
  const { id } = await engine.ask('project.create', { name: 'P', path: join(folder, 'p') });
  return { engine, projectId: id, folder };
}

async function done(engine: Engine, jobId: string): Promise<void> {
  expect(await stateOf(engine, jobId, isOver)).toMatchObject({ status: 'done' });
}

async function run(
  { engine, projectId, folder }: Studio,
  csv: string,
  model: string,
  split = LAST,
): Promise<RunDetail> {
  const file = join(folder, 'table.csv');
  writeFileSync(file, csv);
  const yaml = `data: {path: ${JSON.stringify(file)}, target: y}\n${split}\n${model}\n`;
  const { runId, jobId } = await engine.ask('run.start', { projectId, yaml });
  await done(engine, jobId);
  return engine.ask('run.get', { projectId, runId });
}

async function opened({ engine, projectId }: Studio, runId: string): Promise<RunDetail> {
  const { jobId } = await engine.ask('run.openTest', { projectId, runId });
  if (jobId !== null) await done(engine, jobId);
  return engine.ask('run.get', { projectId, runId });
}

const LOGISTIC = 'coreset: {size: 120, seed: 1}\nmodel: {type: logisticRegression}';
const RIDGE = 'coreset: false\nmodel: {type: ridge}';

interface Prediction {
  readonly label: string;
  readonly values: number[];
}

/** What `predict` says of the last rows of the file. */
async function predicted({ engine, projectId, folder }: Studio, runId: string, csv: string): Promise<Prediction[]> {
  const [file, out] = [join(folder, 'score.csv'), join(folder, 'scored.csv')];
  writeFileSync(file, csv);
  const { jobId } = await engine.ask('run.predict', {
    projectId,
    runId,
    file: { kind: 'path', path: file },
    path: out,
  });
  await done(engine, jobId);
  const lines = readFileSync(out, 'utf8').trim().split('\n').slice(1);
  return lines.slice(-N_TEST).map((line) => {
    const [label, ...values] = line.split(',').slice(4);
    return { label: label!, values: values.map(Number) };
  });
}

describe('opened test rows', () => {
  test('have the numbers that predict gives on them, beside those of the validation rows', async () => {
    const rows = rowsOf();
    const here = await studio();
    const before = await run(here, csvOf(rows), LOGISTIC);
    const { result, testLooks } = await opened(here, before.id);
    const { test: testResult, ...rest } = result!;
    expect(rest).toEqual(before.result);
    expect({ nTest: testResult!.nTest, looks: testResult!.looks, testLooks }).toEqual({
      nTest: N_TEST,
      looks: 1,
      testLooks: 1,
    });
    expect(testResult!.evaluations.map((e) => [e.rows, e.nValidation])).toEqual([
      ['coreset', N_TEST],
      ['full', N_TEST],
    ]);
    const said = await predicted(here, before.id, csvOf(rows));
    const actual = rows.slice(-N_TEST).map(({ target }) => target);
    const { accuracy, logLoss } = testResult!.evaluations.find((e) => e.rows === 'full')!.metrics;
    const hits = said.filter(({ label }, i) => label === actual[i]).length;
    expect(accuracy!.value).toBeCloseTo(hits / N_TEST, 12);
    const losses = said.map(({ values }, i) => -Math.log(values[actual[i] === 'yes' ? 1 : 0]!));
    expect(logLoss!.value).toBeCloseTo(losses.reduce((a, b) => a + b, 0) / N_TEST, 6);
    for (const { value, low, high } of [accuracy!, logLoss!]) {
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
    }
  });

  test('of a regression too', async () => {
    const rows = rowsOf(true);
    const here = await studio();
    const { id } = await run(here, csvOf(rows), RIDGE);
    const { result } = await opened(here, id);
    const said = await predicted(here, id, csvOf(rows));
    const squares = said.map(({ label }, i) => (Number(label) - Number(rows[N_ROWS - N_TEST + i]!.target)) ** 2);
    const { rmse } = result!.test!.evaluations[0]!.metrics;
    expect(rmse!.value).toBeCloseTo(Math.sqrt(squares.reduce((a, b) => a + b, 0) / N_TEST), 9);
    expect(rmse!.low).toBeLessThan(rmse!.value);
  });

  test('of a clustering: what it leaves unexplained of them', async () => {
    const here = await studio();
    const file = join(here.folder, 'table.csv');
    writeFileSync(file, csvOf(rowsOf()));
    const yaml = `data: {path: ${JSON.stringify(file)}, drop: [y]}\nsplit: {test: 0.25}\ncoreset: false\nmodel: {type: kMeans, params: {nClusters: 3}}\n`;
    const { runId, jobId } = await here.engine.ask('run.start', { projectId: here.projectId, yaml });
    await done(here.engine, jobId);
    const { result } = await opened(here, runId);
    const [evaluation] = result!.test!.evaluations;
    expect(evaluation).toMatchObject({ rows: 'full', nValidation: 150 });
    const own = result!.evaluations.find(({ rows }) => rows === 'full')!;
    expect(evaluation!.metrics['explainedVariance']!.value).not.toBe(own.metrics['explainedVariance']!.value);
    expect(evaluation!.metrics['explainedVariance']!.value).toBeCloseTo(own.metrics['explainedVariance']!.value, 0);
  });

  test('twice, at once, after a restart: the first numbers, and one look', async () => {
    const here = await studio();
    const { engine, projectId } = here;
    const { id: runId } = await run(here, csvOf(rowsOf()), LOGISTIC);
    const [one, two] = [
      await engine.ask('run.openTest', { projectId, runId }),
      await engine.ask('run.openTest', { projectId, runId }),
    ];
    expect(two).toEqual(one);
    await done(engine, one.jobId!);
    const first = await engine.ask('run.get', { projectId, runId });
    expect(await engine.ask('run.openTest', { projectId, runId })).toEqual({ jobId: null });
    await engine.close();
    const again = new Engine({ home: here.folder, access: { isTrusting: true }, spare: 'none', checksOutput: true });
    onTestFinished(() => again.close());
    await again.ask('project.open', { path: join(here.folder, 'p') });
    expect(await again.ask('run.openTest', { projectId, runId })).toEqual({ jobId: null });
    const { result, testLooks } = await again.ask('run.get', { projectId, runId });
    expect({ test: result!.test, testLooks }).toEqual({ test: first.result!.test, testLooks: 1 });
  });

  test('are the same for every model of a split, and partly for one that is a row smaller', async () => {
    const here = await studio();
    const csv = csvOf(rowsOf());
    const runs = [
      await run(here, csv, LOGISTIC),
      await run(here, csv, 'coreset: false\nmodel: {type: decisionTree}'),
      // The seed does not matter where the split is by time.
      await run(here, csv, LOGISTIC, LAST.replace('{', '{seed: 3, ')),
      await run(here, csv, LOGISTIC, LAST.replace(`${N_TEST}`, `${N_TEST - 1}`)),
    ];
    for (const { id } of runs) await opened(here, id);
    const looks = [];
    for (const { id } of runs)
      looks.push((await here.engine.ask('run.get', { projectId: here.projectId, runId: id })).result!.test!.looks);
    expect(looks).toEqual([4, 4, 4, 4]);
    const smaller = (await here.engine.ask('run.get', { projectId: here.projectId, runId: runs[3]!.id })).result!;
    expect(smaller.test!.looksInPart).toBe(0);
    const after = await run(here, csv, LOGISTIC, LAST.replace(`${N_TEST}`, `${N_TEST - 1}`));
    const openedRows = ({ result }: RunDetail) => result!.findings.filter(({ code }) => code === 'OPENED_ROWS');
    expect(runs.flatMap(openedRows)).toEqual([]);
    expect(openedRows(after)).toMatchObject([
      {
        severity: 'warning',
        title: '1 row that was opened as test rows by Run 1, Run 2, Run 3 serves to train or validate now',
      },
    ]);
  });
});

describe('test rows that cannot be opened', () => {
  test('a run without any: how to have them', async () => {
    const here = await studio();
    const { id: runId } = await run(here, csvOf(rowsOf()), LOGISTIC, '');
    await expect(here.engine.ask('run.openTest', { projectId: here.projectId, runId })).rejects.toMatchObject({
      code: 'TEST_ROWS_NONE',
      fix: { label: expect.stringContaining('split.test') },
    });
  });

  test('lost data, a lost model', async () => {
    const here = await studio();
    const { engine, projectId, folder } = here;
    const detail = await run(here, csvOf(rowsOf()), LOGISTIC);
    const open = engine.ask.bind(engine, 'run.openTest', { projectId, runId: detail.id });
    const { hash } = detail.artefacts.find(({ name }) => name === 'pipeline-coreset')!;
    rmSync(join(folder, 'p', 'artifacts', hash));
    await expect(open()).rejects.toMatchObject({ code: 'ARTEFACT_NOT_FOUND' });
    rmSync(join(folder, 'p', 'data', `${detail.versionHash}.parquet`));
    await expect(open()).rejects.toMatchObject({ code: 'VERSION_NOT_FOUND' });
    expect((await engine.ask('run.get', { projectId, runId: detail.id })).testLooks).toBe(0);
  });

  test('a split that would give other rows than the run kept back', async () => {
    const here = await studio();
    const { result, versionHash, yaml } = await run(here, csvOf(rowsOf()), LOGISTIC);
    const file = join(here.folder, 'p', 'data', `${versionHash}.parquet`);
    const { parse } = await import('yaml');
    const config = RunConfig.parse(parse(yaml));
    const open = (recorded: object) =>
      openTestRows({ file, config, models: [], recorded: { ...result!, ...recorded } }, quietTask);
    expect(await open({})).toEqual({
      evaluations: [],
      nTest: N_TEST,
      testRowsHash: result!.testRowsHash,
      testRows: expect.any(Uint32Array),
    });
    for (const changed of [{ testRowsHash: 'another' }, { nTrain: result!.nTrain + 1 }])
      await expect(open(changed)).rejects.toMatchObject({ code: 'TEST_ROWS_CHANGED' });
  });
});
