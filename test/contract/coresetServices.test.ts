import { describe, expect, test } from 'vitest';
import { memorySource, type RowSource } from '../../main/coreset/rows.ts';
import type { ServiceName } from '../../main/coreset/services/service.ts';
import { buildTree, type BuildOptions } from '../../main/coreset/tree/build.ts';
import type { CoresetTree } from '../../main/coreset/tree/coresetTree.ts';
import { applyEdit } from '../../main/coreset/tree/edits.ts';
import { calibratedFolds } from '../../main/coreset/tree/folds.ts';
import { loadTree, saveTree } from '../../main/coreset/tree/treeFile.ts';
import { undoEdit } from '../../main/coreset/tree/undo.ts';
import { appendRows } from '../../main/coreset/tree/window.ts';
import { takeRows, takeValues } from '../../main/kernels/matrix.ts';
import { quietTask } from '../../main/kernels/task.ts';
import type { TargetInfo } from '../../main/models/estimator.ts';
import { fingerprint, makeRows, type Made } from '../unit/coreset/data.ts';

interface Case {
  readonly name: string;
  readonly service: ServiceName;
  /** 0: no target, 1: regression. */
  readonly nClasses: number;
}

const cases: Case[] = [
  { name: 'logistic', service: 'logistic', nClasses: 2 },
  { name: 'logistic, 3 classes', service: 'logistic', nClasses: 3 },
  { name: 'linear', service: 'linear', nClasses: 1 },
  { name: 'svm', service: 'svm', nClasses: 2 },
  { name: 'kmeans', service: 'kmeans', nClasses: 0 },
  { name: 'pca', service: 'pca', nClasses: 0 },
  { name: 'tree', service: 'tree', nClasses: 2 },
  { name: 'tree, 3 classes', service: 'tree', nClasses: 3 },
  { name: 'tree, regression', service: 'tree', nClasses: 1 },
  { name: 'network', service: 'network', nClasses: 2 },
  { name: 'network, 3 classes', service: 'network', nClasses: 3 },
  { name: 'network, regression', service: 'network', nClasses: 1 },
  { name: 'generic', service: 'generic', nClasses: 2 },
  { name: 'generic, regression', service: 'generic', nClasses: 1 },
];

const N = 2400;
const D = 4;
const SIZE = 150;

function rowsFor(nClasses: number, n = N): Made {
  const rows = makeRows(n, D, Math.max(1, nClasses), 11 + nClasses);
  return nClasses === 0 ? { ...rows, y: new Float64Array(n) } : rows;
}

const targetOf = (nClasses: number, { target }: Made): TargetInfo | null => (nClasses === 0 ? null : target);
const sourceFor = ({ nClasses }: Case, rows: Made): RowSource => memorySource(rows, targetOf(nClasses, rows));
const build = ({ service }: Case, source: RowSource, options: Partial<BuildOptions> = {}): Promise<CoresetTree> =>
  buildTree(source, { service, size: SIZE, seed: 3, threads: 1, serviceOptions: { k: 3 }, ...options }, quietTask);
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
const close = (a: number, b: number, scale = 1) => expect(Math.abs(a - b)).toBeLessThan(1e-7 * (Math.abs(b) + scale));

describe.each(cases)('coreset service: $name', (given) => {
  const rows = rowsFor(given.nClasses);
  const source = sourceFor(given, rows);

  test('the same tree with any number of threads', async () => {
    const [one, two] = [await build(given, source), await build(given, source, { threads: 2 })];
    expect(fingerprint(two)).toEqual(fingerprint(one));
  });

  test('totals are direct sums over all rows, and parts add up to them', async () => {
    const tree = await build(given, source);
    const totals = new Float64Array(tree.pilot.nStatistics);
    tree.pilot.visit(rows, { totals });
    const found = tree.totals();
    totals.forEach((t, j) => close(found[j]!, t, N));
    expect(sum(found)).toBeCloseTo(sum(tree.partTotals()), 4);
  });

  test('levels about double, and their weights stand for all rows', async () => {
    const tree = await build(given, source);
    const sizes = Array.from({ length: Math.min(3, tree.nLevels) }, (_, level) => tree.coreset(level));
    sizes.forEach(({ y, weight }, level) => {
      expect(y.length).toBeGreaterThan(0.7 * SIZE * 2 ** level);
      expect(y.length).toBeLessThan(1.4 * SIZE * 2 ** level);
      expect(Math.abs(sum(weight) / N - 1)).toBeLessThan(0.02);
      expect(weight.every((w) => w > 0 && Number.isFinite(w))).toBe(true);
    });
  });

  test('rows appended give the totals of one build at the same pilot', async () => {
    const half = N / 2;
    const part = (from: number, to: number): RowSource => {
      const ids = Uint32Array.from({ length: to - from }, (_, i) => from + i);
      const piece = { X: takeRows(rows.X, ids), y: takeValues(rows.y, ids), rowIds: ids };
      return memorySource(piece, targetOf(given.nClasses, rows));
    };
    const tree = await build(given, part(0, half));
    await appendRows(tree, part(half, N), 1, quietTask);
    const totals = new Float64Array(tree.pilot.nStatistics);
    tree.pilot.visit(rows, { totals });
    const found = tree.totals();
    totals.forEach((t, j) => close(found[j]!, t, N));
    expect(tree.nRowsCovered).toBe(N);
    expect(Math.abs(sum(tree.coreset(0).weight) / N - 1)).toBeLessThan(0.05);
  });

  test('comes back from its file as it was', async () => {
    const tree = await build(given, source);
    const back = loadTree(saveTree(tree));
    expect(fingerprint(back)).toEqual(fingerprint(tree));
    const visited = (of: CoresetTree) => {
      const out = { score: new Float64Array(N), key: new Float64Array(N) };
      of.drawPilot.visit(rows, out);
      return out;
    };
    expect(visited(back)).toEqual(visited(tree));
  });

  test('edits move the totals to those of the edited rows, and undo takes them back', async () => {
    const tree = await build(given, source);
    const before = fingerprint(tree);
    const ids = [...tree.coreset(0).rowIds.slice(0, 3), 5, 700];
    const unique = [...new Set(ids)];
    const x = (id: number) => Float64Array.from(rows.X.data.subarray(id * D, id * D + D), (v) => v + 1);
    const lookup = (rowIds: Uint32Array) => ({
      X: takeRows(rows.X, rowIds),
      y: takeValues(rows.y, rowIds),
      rowIds,
    });
    await applyEdit(
      tree,
      'updateFeatures',
      unique.map((rowId) => ({ rowId, x: x(rowId) })),
      lookup,
    );
    const edited = { data: Float64Array.from(rows.X.data), nRows: N, nCols: D };
    for (const id of unique) edited.data.set(x(id), id * D);
    const totals = new Float64Array(tree.pilot.nStatistics);
    tree.pilot.visit({ X: edited, y: rows.y }, { totals });
    const found = tree.totals();
    totals.forEach((t, j) => close(found[j]!, t, N));
    undoEdit(tree);
    expect(fingerprint(tree)).toEqual(before);
  });

  test('folds: every row is tested once, training weights stand for the rows outside', async () => {
    const tree = await build(given, source);
    const folds = calibratedFolds(tree, 4, 1);
    const tested = folds.flatMap(({ testRows }) => [...testRows]).toSorted((a, b) => a - b);
    expect(tested).toEqual([...tree.coreset(0).y.keys()]);
    for (const { trainWeights } of folds) expect(Math.abs(sum(trainWeights) / (0.75 * N) - 1)).toBeLessThan(0.1);
  });

  test('constant and collinear features, and a coreset larger than the data', async () => {
    const data = Float64Array.from(rows.X.data);
    for (let i = 0; i < N; i++) {
      data[i * D] = 3;
      data[i * D + 1] = 2 * data[i * D + 2]!;
    }
    const flat = { ...rows, X: { data, nRows: N, nCols: D } };
    const { weight } = (await build(given, sourceFor(given, flat))).coreset(0);
    expect(weight.every((w) => Number.isFinite(w) && w > 0)).toBe(true);
    const few = rowsFor(given.nClasses, 90);
    const whole = (await build(given, sourceFor(given, few), { size: 500 })).coreset(0);
    expect(whole.y.length).toBe(90);
    expect([...whole.baseWeight]).toEqual(Array.from({ length: 90 }, () => 1));
  });
});

describe.each(cases.filter(({ nClasses }) => nClasses > 1))('coreset service: $name', (given) => {
  test('a class of five rows keeps all of them', async () => {
    const rows = rowsFor(given.nClasses);
    const last = given.nClasses - 1;
    const y = rows.y.map((v, i) => (v === last ? 0 : v) + (i % 500 === 7 ? last - (v === last ? 0 : v) : 0));
    const coreset = (await build(given, sourceFor(given, { ...rows, y }))).coreset(0);
    expect(coreset.y.filter((v) => v === last).length).toBe(5);
  });
});

describe.each(cases.filter(({ service }) => service === 'tree'))('coreset service: $name', (given) => {
  test('takes rows with gaps and unknown categories', async () => {
    const rows = rowsFor(given.nClasses);
    const data = Float32Array.from(rows.X.data, (v, at) => (at % 11 === 0 ? NaN : v));
    for (let i = 0; i < N; i++) data[i * D + 3] = i % 13 === 0 ? NaN : i % 6;
    const names = ['a', 'b', 'c'].map((name) => ({ name, source: name, kind: 'number' as const }));
    const features = [...names, { name: 'd', source: 'd', kind: 'category' as const, nLevels: 6 }];
    const gappy = { ...rows, X: { data, nRows: N, nCols: D } };
    const tree = await build(given, sourceFor(given, gappy), { serviceOptions: { features } });
    const { X, weight } = tree.coreset(0);
    expect([...X.data].some(Number.isNaN)).toBe(true);
    expect(Math.abs(sum(weight) / N - 1)).toBeLessThan(0.02);
    expect(fingerprint(loadTree(saveTree(tree)))).toEqual(fingerprint(tree));
  });
});
