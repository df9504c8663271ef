import { describe, expect, test } from 'vitest';
import { CoresetConfig, RunConfig } from '../../../../main/contract/config.ts';
import { drawCoreset } from '../../../../main/experiment/coreset/coresetStep.ts';
import { foldRows } from '../../../../main/experiment/folds/coresetFolds.ts';
import { dealForTree } from '../../../../main/experiment/folds/coresetParts.ts';
import { dealFolds, rowsOfFold } from '../../../../main/experiment/folds/deal.ts';
import { LearnedFolds, MadeFolds } from '../../../../main/experiment/folds/madeFolds.ts';
import { prepare, type Prepared } from '../../../../main/experiment/rows/prepare.ts';
import { createRng, permutation } from '../../../../main/kernels/rng.ts';
import type { Column } from '../../../../main/kernels/table.ts';
import { quietTask } from '../../../../main/kernels/task.ts';
import { estimatorEntry } from '../../../../main/models/registry.ts';
import type { Fold } from '../../../../main/tune/folds.ts';
import { versionOf } from '../../../helpers/tableFile.ts';

const [N, N_FOLDS, FOLD] = [900, 3, 1];
const words = ['red', 'green', 'blue', 'old', 'new', 'big'];

/** Numbers with gaps, a category with rare levels, free text, groups and times; a target that follows the first number. */
function lines(isRegression: boolean): string {
  const rng = createRng(2);
  const rows = Array.from({ length: N }, (_, i) => {
    const x = rng.normal();
    const z = rng.uniform() < 0.1 ? '' : String(100 * rng.uniform());
    const level = rng.uniform() < 0.02 ? `rare${rng.int(9)}` : `k${rng.int(40)}`;
    const text = Array.from({ length: 6 }, () => words[rng.int(words.length)]).join(' ') + ` n${i}`;
    const score = x + 0.5 * rng.normal();
    return [x, z, level, text, rng.int(60), rng.int(200), isRegression ? score : score > 0.5 ? 'yes' : 'no'].join(',');
  });
  return ['x,z,level,text,who,when,target', ...rows].join('\n');
}

const splits = { 'at random': {}, 'by group': { group: 'who' }, 'by time': { time: 'when' } } as const;

async function prepared(type: string, encode: string, params: object, split: object = {}) {
  const entry = await estimatorEntry(type);
  const isRegression = !(entry.spec.tasks as readonly string[]).includes('binary');
  const { file } = await versionOf(lines(isRegression));
  const config = RunConfig.parse({
    data: { target: 'target' },
    split,
    preprocess: { encode, text: 'tfidf', types: { level: 'category', text: 'text' }, minLevelCount: 3 },
    model: { type, params },
  });
  return { entry, config, data: await prepare(file, config, entry) };
}

/** The same rows with the targets of `rows` permuted among them, and every raw number of theirs far off. */
function upset(data: Prepared, rows: Uint32Array): Prepared {
  const y = data.train.y.slice();
  permutation(rows.length, createRng(9)).forEach((from, to) => (y[rows[to]!] = data.train.y[rows[from]!]!));
  expect(y).not.toEqual(data.train.y);
  const ids = new Set(rows.map((i) => data.train.rowIds[i]!));
  const moved = (column: Column): Column =>
    column.kind === 'number'
      ? { ...column, values: column.values.map((v, id) => (ids.has(id) ? 1000 + v : v)) }
      : { ...column, codes: column.codes.map((code, id) => (ids.has(id) ? 0 : code)) };
  const table = { ...data.table, columns: data.table.columns.map(moved) };
  return { ...data, table, train: { ...data.train, y } };
}

function nth(folds: Iterable<Fold>, k: number): Fold {
  return [...folds][k]!;
}

/** Rows held out of a fold of a coreset are of other groups, or later, than those trained on, and weigh what they stand for. */
function refuseMixed({ rule }: Prepared, { holdOut, trainWeight }: Fold, train: Uint32Array): void {
  const { train: kept, held, heldWeight } = holdOut!(0.1)!;
  expect(kept.length + held.length).toBe(train.length);
  expect(held.length / train.length).toBeGreaterThan(0.03);
  expect(held.length / train.length).toBeLessThan(0.25);
  // Of trees, which take weights of mean 1, the held-out rows still weigh what they stand for.
  const isWeighed = sum(trainWeight!) > 1.5 * train.length;
  const share = isWeighed ? sum(heldWeight!) / sum(trainWeight!) : 0.1;
  expect(Math.abs(share - 0.1)).toBeLessThan(0.08);
  expect(isMixed(rule, train, kept, held)).toBe(false);
}

function isMixed(rule: Prepared['rule'], train: Uint32Array, kept: Uint32Array, held: Uint32Array): boolean {
  if (rule.kind === 'random') return false;
  const values = rule.kind === 'group' ? rule.groups : rule.times;
  const of = (rows: Uint32Array) => Array.from(rows, (i) => values[train[i]!]!);
  if (rule.kind === 'time') return Math.max(...of(kept)) >= Math.min(...of(held));
  const groups = new Set(of(kept));
  return of(held).some((group) => groups.has(group));
}

const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);

const estimators: [string, object][] = [
  ['logisticRegression', {}],
  ['ridge', {}],
  ['gaussianNaiveBayes', {}],
  ['svc', {}],
  ['gradientBoosting', { maxIter: 20, earlyStopping: true }],
  ['randomForest', { nEstimators: 10 }],
  ['neuralNetwork', { epochs: 3, earlyStopping: true }],
];

describe.each(Object.entries(splits))('a fold %s', (_, split) => {
  test.each(estimators)('has the model of its own rows: %s', async (type, params) => {
    for (const encode of ['oneHot', 'target']) {
      const { entry, config, data } = await prepared(type, encode, params, split);
      const { rule, train, target } = data;
      const isRegression = target.task === 'regression';
      const dealt = dealFolds(rule, { nFolds: N_FOLDS, seed: 1, rows: train, isRegression });
      const { test: held } = rowsOfFold(dealt, FOLD);
      const modelOf = async ({ trainX, trainY, trainWeight, features, holdOut }: Fold) => {
        const fitted = await entry.make(config.model.params).fit(trainX, trainY, target, {
          rng: createRng(1),
          task: quietTask,
          threads: 1,
          features: features!,
          ...(trainWeight && { sampleWeight: trainWeight }),
          ...(holdOut && { holdOut }),
        });
        return [trainX.data, features, fitted.toState()];
      };
      const onAllRows = (of: Prepared) =>
        modelOf(nth(new MadeFolds(new LearnedFolds(of, dealt), (k) => rowsOfFold(dealt, k)), FOLD));
      const model = await onAllRows(data);
      expect(await onAllRows(upset(data, held))).toEqual(model);

      // Of a coreset that is drawn: its rows and weights are those of the draw, which has seen all training rows.
      const coreset = CoresetConfig.parse({ size: 200 });
      const options = { C: 1, threads: 1, features: data.preprocessor.features, isEven: false };
      const { drawn } = await drawCoreset(train, target, coreset, entry.spec.coresetService, options, quietTask);
      const parts = dealForTree(data, drawn!.tree, N_FOLDS, 1);
      const rowsOf = foldRows(drawn!, data, parts);
      const onCoreset = (of: Prepared) => modelOf(nth(new MadeFolds(new LearnedFolds(of, parts), rowsOf), FOLD));
      const small = await onCoreset(data);
      refuseMixed(data, nth(new MadeFolds(new LearnedFolds(data, parts), rowsOf), FOLD), rowsOf(FOLD).train);
      expect(await onCoreset(upset(data, rowsOfFold(parts, FOLD).test))).toEqual(small);
    }
  });
});

test('what folds learn differs from fold to fold, and from what all rows say', async () => {
  const { data } = await prepared('logisticRegression', 'oneHot', {});
  const dealt = dealFolds(data.rule, { nFolds: N_FOLDS, seed: 1, rows: data.train, isRegression: false });
  const learned = new LearnedFolds(data, dealt);
  const scaleOf = (features: readonly { name: string; offset?: number; scale?: number }[]) => {
    const { offset, scale } = features.find(({ name }) => name === 'z')!;
    return `${offset} ${scale}`;
  };
  const scales = [0, 1, 2].map((k) => scaleOf(learned.of(k).preprocessor.features));
  expect(new Set([...scales, scaleOf(data.preprocessor.features)]).size).toBe(4);
});
