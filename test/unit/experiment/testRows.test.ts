import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { splitRows } from '../../../main/data/split.ts';
import { openTestRows } from '../../../main/experiment/testRows/open.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { experimentOn, mixedTable, type Experiment } from '../../helpers/experiment.ts';

const N_ROWS = 400;
const N_TEST = 100;

/** All that a run found and keeps, but for how long it took and which data it was given. */
function found({ result, metricName, artefacts }: Experiment) {
  const { timings: _timings, saved: _saved, provenance: _provenance, trials, ...rest } = result;
  return {
    rest,
    metricName,
    trials: trials.map(({ seconds: _seconds, ...trial }) => trial),
    files: artefacts.map(({ name, file }) => [name, readFileSync(file).toString('base64')]),
  };
}

/** The models of a run on its test rows. */
async function testOf({ file, config, result, path }: Experiment) {
  const models = result.evaluations.flatMap(({ rows, nFitRows }) =>
    rows === 'coreset' || rows === 'full' ? [{ rows, nFitRows, pipeline: path(`pipeline-${rows}`) }] : [],
  );
  return (await openTestRows({ file, config, models, recorded: result }, quietTask)).evaluations;
}

const columnsOf = (csv: string) => csv.trim().split('\n');

/** `target` of the last rows turned round: as many of each value, on other rows. */
function permutedAtEnd(csv: string, target: string): string {
  const [header, ...lines] = columnsOf(csv);
  const at = header!.split(',').indexOf(target);
  const cells = lines.map((line) => line.split(','));
  const first = cells.length - N_TEST;
  const values = cells.slice(first).map((row) => row[at]!);
  return [header, ...cells.map((row, i) => (i < first ? row : row.with(at, values[cells.length - 1 - i]!)))].join('\n');
}

const csv = mixedTable(N_ROWS);
const coreset = { size: 120, seed: 1 };

test.each([
  [
    'logistic regression and its search',
    'two',
    { model: { type: 'logisticRegression' }, coreset, tune: { space: { C: [0.1, 1] }, folds: 3 } },
  ],
  [
    'boosting that stops early, and its search',
    'three',
    {
      model: { type: 'gradientBoosting', params: { maxIter: 30, earlyStopping: true } },
      coreset,
      tune: { space: { maxLeafNodes: [4, 8] }, folds: 3, on: 'full' },
    },
  ],
  ['a forest', 'amount', { model: { type: 'randomForest', params: { nEstimators: 20 } }, coreset }],
  ['a network', 'two', { model: { type: 'neuralNetwork', params: { layers: [8], epochs: 8 } }, coreset: false }],
  [
    'encoding by the target',
    'two',
    { model: { type: 'logisticRegression' }, preprocess: { encode: 'target' }, coreset },
  ],
  ['a kernel machine', 'two', { model: { type: 'svc' }, coreset: false }],
])('%s: other targets in the test rows leave the run as it is, to the last bit', async (_what, target, config) => {
  const split = { time: 'rowOrder', validation: 0.2, test: N_TEST };
  const drop = ['two', 'three', 'amount'].filter((name) => name !== target);
  const of = (table: string) => experimentOn(table, { ...config, data: { target, drop }, split });
  const [a, b] = [await of(csv), await of(permutedAtEnd(csv, target))];
  expect(a.result).toMatchObject({ nTest: N_TEST, nTrain: 220, nValidation: 80 });
  expect(found(b)).toEqual(found(a));
  // Opened, they are no longer the same.
  expect(await testOf(b)).not.toEqual(await testOf(a));
});

test('of a random split neither the run nor its warnings look at the test rows', async () => {
  const rng = createRng(9);
  const split = { validation: 0.2, test: 0.5, stratify: false, seed: 42 };
  const level = Array.from({ length: 1200 }, (_, i) => (i / 60 + rng.uniform()).toFixed(3));
  const coins = level.map(() => (rng.int(2) ? 'up' : 'down'));
  const locked = new Set(splitRows({ rows: Uint32Array.from(level.keys()) }, split).test);
  // In stretches of the file, so that a random split would flatter: told only by those who look.
  const stretches = coins.map((coin, i) => (!locked.has(i) ? coin : Math.floor(i / 60) % 2 ? 'up' : 'down'));
  const of = (targets: string[]) =>
    experimentOn(`level,y\n${level.map((x, i) => `${x},${targets[i]}`).join('\n')}\n`, {
      data: { target: 'y' },
      model: { type: 'logisticRegression' },
      coreset,
      split,
    });
  const [a, b] = [await of(coins), await of(stretches)];
  expect(found(b)).toEqual(found(a));
  expect(a.result).toMatchObject({ nTrain: 360, nValidation: 240, nTest: 600 });
  expect(a.result.splitNote).toContain('600 test rows are kept back');
});
