import { describe, expect, test } from 'vitest';
import { RunConfig } from '../../../../main/contract/config.ts';
import type { Drawn } from '../../../../main/experiment/folds/coresetParts.ts';
import { drawStructureCoreset } from '../../../../main/experiment/structure/coreset.ts';
import { structureFolds } from '../../../../main/experiment/structure/folds.ts';
import { prepareStructure, type StructureRows } from '../../../../main/experiment/structure/prepare.ts';
import { createRng } from '../../../../main/kernels/rng.ts';
import type { Column } from '../../../../main/kernels/table.ts';
import { quietTask } from '../../../../main/kernels/task.ts';
import { estimatorEntry } from '../../../../main/models/registry.ts';
import type { Fold } from '../../../../main/tune/folds.ts';
import { experimentOn } from '../../../helpers/experiment.ts';
import { versionOf } from '../../../helpers/tableFile.ts';

const [N, N_FOLDS] = [1500, 3];

/** Groups, also as a feature by which folds can be told apart; times, a number with gaps and a level. */
function lines(): string {
  const rng = createRng(12);
  const rows = Array.from({ length: N }, () => {
    const [who, when] = [rng.int(60), rng.int(300)];
    const gaps = rng.uniform() < 0.2 ? '' : (10 * rng.normal()).toFixed(3);
    return [who, when, who, gaps, ['red', 'blue'][rng.int(2)]].join(',');
  });
  return `who,when,ofWho,gaps,level\n${rows.join('\n')}\n`;
}

async function prepared(type: 'kMeans' | 'pca', split: object) {
  const { file } = await versionOf(lines());
  const config = RunConfig.parse({
    data: { drop: 'group' in split ? [] : ['who'] },
    split,
    preprocess: { scale: 'none', types: { ofWho: 'number', when: 'number' } },
    coreset: { size: 300, seed: 1 },
    model: { type, params: {} },
  });
  const rows = await prepareStructure(file, config);
  const entry = await estimatorEntry(type);
  const settled = { ...config, coreset: config.coreset === 'auto' ? false : config.coreset } as const;
  const coreset = await drawStructureCoreset(rows.train, settled, entry.spec, 1, quietTask);
  return { rows, drawn: coreset!.drawn! };
}

const foldsOf = (rows: StructureRows, drawn: Drawn | null, maxScored = 5000): Fold[] => [
  ...structureFolds(rows, drawn, { nFolds: N_FOLDS, seed: 4, maxScored }),
];

/** Values of a feature that is neither scaled nor encoded. */
function valuesOf({ features }: Fold, { data, nRows, nCols }: Fold['trainX'], name: string): number[] {
  const at = features!.findIndex((feature) => feature.name === name);
  expect(at).toBeGreaterThanOrEqual(0);
  return Array.from({ length: nRows }, (_, i) => data[i * nCols + at]!);
}

describe.each(['kMeans', 'pca'] as const)('folds of a search for %s', (type) => {
  test.each([{ on: 'all rows' }, { on: 'a coreset' }])('keep groups whole, on $on', async ({ on }) => {
    const { rows, drawn } = await prepared(type, { group: 'who' });
    const folds = foldsOf(rows, on === 'a coreset' ? drawn : null);
    expect(folds).toHaveLength(N_FOLDS);
    for (const fold of folds) {
      const train = new Set(valuesOf(fold, fold.trainX, 'ofWho'));
      expect(valuesOf(fold, fold.testX, 'ofWho').filter((who) => train.has(who))).toEqual([]);
    }
    // Every row is scored once.
    expect(folds.reduce((sum, { testX }) => sum + testX.nRows, 0)).toBe(rows.train.y.length);
  });

  test.each([{ on: 'all rows' }, { on: 'a coreset' }])('go forward in time, on $on', async ({ on }) => {
    const { rows, drawn } = await prepared(type, { time: 'when' });
    let before = -Infinity;
    for (const fold of foldsOf(rows, on === 'a coreset' ? drawn : null)) {
      const last = Math.max(...valuesOf(fold, fold.trainX, 'when'));
      expect(Math.min(...valuesOf(fold, fold.testX, 'when'))).toBeGreaterThan(last);
      expect(last).toBeGreaterThan(before);
      before = last;
    }
  });

  test.each([{}, { group: 'who' }, { time: 'when' }])(
    'learn their features from the rows they train on, split by %o',
    async (split) => {
      const { rows, drawn } = await prepared(type, split);
      const train = rows.train.rowIds;
      for (const on of [null, drawn]) {
        const before = foldsOf(rows, on);
        const ids = new Set(scoredIds(rows, before[1]!, train));
        const far = (column: Column): Column =>
          column.kind === 'number' && column.name === 'gaps'
            ? { ...column, values: column.values.map((v, id) => (ids.has(id) ? 1e4 + v : v)) }
            : column;
        const after = foldsOf({ ...rows, table: { ...rows.table, columns: rows.table.columns.map(far) } }, on);
        expect(after[1]!.trainX).toEqual(before[1]!.trainX);
        expect(after[1]!.trainWeight).toEqual(before[1]!.trainWeight);
        expect(after[1]!.testX).not.toEqual(before[1]!.testX);
      }
    },
  );

  test('of a coreset weigh what they train on as all rows outside the fold', async () => {
    const { rows, drawn } = await prepared(type, { group: 'who' });
    const all = foldsOf(rows, null);
    foldsOf(rows, drawn).forEach(({ trainX, trainWeight }, k) => {
      expect(trainX.nRows).toBeLessThan(300);
      const mass = trainWeight!.reduce((a, b) => a + b, 0);
      expect(Math.abs(mass / all[k]!.trainX.nRows - 1)).toBeLessThan(0.02);
    });
  });

  test('are scored by a bounded number of rows', async () => {
    const { rows } = await prepared(type, {});
    for (const { testX } of foldsOf(rows, null, 100)) expect(testX.nRows).toBe(100);
  });
});

/** Rows that a fold scores: those with the very features of its test rows (the group, the time and the gaps tell them). */
function scoredIds({ table }: StructureRows, fold: Fold, train: Uint32Array): number[] {
  const names = ['ofWho', 'when', 'gaps'];
  const columns = names.map((name) => table.columns.find((column) => column.name === name)!);
  const tested = names.map((name) => valuesOf(fold, fold.testX, name));
  const keys = new Set(Array.from({ length: fold.testX.nRows }, (_, i) => tested.map((of) => of[i]!).join()));
  return [...train].filter((id) => {
    const values = columns.map((column) => (column.kind === 'number' ? Math.fround(column.values[id]!) : NaN));
    return keys.has(values.join());
  });
}

test('a run without a target says when there are too few groups for its folds', async () => {
  const rows = Array.from({ length: 120 }, (_, i) => `${i % 3},${(i * 7) % 11},${(i * 5) % 13}`);
  await expect(
    experimentOn(`who,a,b\n${rows.join('\n')}\n`, {
      split: { group: 'who' },
      coreset: false,
      data: {},
      model: { type: 'kMeans', params: { nClusters: 2 } },
      tune: { method: 'grid', space: { nClusters: [2, 3] }, folds: 5 },
    }),
  ).rejects.toMatchObject({ code: 'FOLDS_TOO_MANY' });
});
