import { describe, expect, test } from 'vitest';
import { linearObjective, solveLinear } from '../../../main/coreset/services/linearLoss/solve.ts';
import { lossOf } from '../../../main/coreset/services/linearLoss/loss.ts';
import { trainingColumns } from '../../../main/coreset/services/service.ts';
import { memorySource, type WeightedRows } from '../../../main/coreset/rows.ts';
import { splitPoint } from '../../../main/coreset/tree/nodes.ts';
import { statisticsOf } from '../../../main/coreset/tree/weights.ts';
import { build, fingerprint, inChunks, makeRows, sourceOf, type Made } from './data.ts';

const binary = makeRows(6000, 5, 2, 1);
const ones = (n: number) => new Float64Array(n).fill(1);

/** Full-data objective at the solution on weighted rows, over the full-data optimum, minus 1. */
async function excess(rows: Made, sample: { X: Made['X']; y: Float64Array; weight: Float64Array }): Promise<number> {
  const loss = lossOf(
    rows.target.task === 'regression' ? 'squared' : rows.target.nClasses === 2 ? 'logistic' : 'softmax',
    rows.target,
  );
  const options = { C: 1, penalty: rows.target.task === 'regression' ? 0 : 1 };
  const all = { ...rows, weight: ones(rows.y.length) };
  const objectiveOf = async (on: WeightedRows) =>
    linearObjective(all, loss, await solveLinear(on, loss, options), options);
  return (await objectiveOf(sample)) / (await objectiveOf(all)) - 1;
}

describe('the tree', () => {
  test.each([
    { name: 'logistic, 2 classes', service: 'logistic', rows: binary, within: 2e-4 },
    { name: 'logistic, 4 classes', service: 'logistic', rows: makeRows(6000, 4, 4, 2), within: 2e-3 },
    { name: 'linear', service: 'linear', rows: makeRows(6000, 5, 1, 3), within: 1e-4 },
  ] as const)(
    '$name: calibrated weights are far closer to all rows than plain ones',
    async ({ service, rows, within }) => {
      const tree = await build(sourceOf(rows), { service });
      const coreset = tree.coreset(0);
      const calibrated = await excess(rows, coreset);
      expect(calibrated).toBeLessThan(within);
      expect(calibrated).toBeLessThan((await excess(rows, { ...coreset, weight: coreset.baseWeight })) / 5);
    },
  );

  test('weights reproduce the totals of all rows', async () => {
    const tree = await build(sourceOf(binary));
    const { X, y, weight, baseWeight } = tree.coreset(0);
    const columns = trainingColumns(tree.pilot.blocks, y.length);
    const Z = statisticsOf(tree.pilot, { X, y }, columns);
    const all = statisticsOf(tree.pilot, binary, columns);
    /** Distance of each total from that of all rows, in units of √Σz². */
    const missOf = (w: Float64Array) =>
      Array.from(columns, (_, c) => {
        let [reached, wanted, spread] = [0, 0, 0];
        for (let i = 0; i < y.length; i++) reached += w[i]! * Z[i * columns.length + c]!;
        for (let i = c; i < all.length; i += columns.length) {
          wanted += all[i]!;
          spread += all[i]! ** 2;
        }
        return Math.abs(reached - wanted) / Math.sqrt(spread);
      });
    const norm = (w: Float64Array) => Math.hypot(...missOf(w));
    expect(norm(weight)).toBeLessThan(0.2 * norm(baseWeight));
  });

  test('totals merge exactly: those of the leaves come to those of the rows', async () => {
    const tree = await build(sourceOf(binary));
    const all = new Float64Array(tree.pilot.nStatistics);
    tree.pilot.visit({ X: binary.X, y: binary.y }, { totals: all });
    tree.totals().forEach((t, j) => expect(t).toBeCloseTo(all[j]!, 6));
    expect(tree.nRowsCovered).toBe(6000);
  });

  test('the same seed gives the same tree, whatever the chunks and the threads', async () => {
    const want = fingerprint(await build(sourceOf(binary)));
    expect(fingerprint(await build(inChunks(binary, [1, 999, 37])))).toEqual(want);
    expect(fingerprint(await build(sourceOf(binary), { threads: 3 }))).toEqual(want);
    expect(fingerprint(await build(sourceOf(binary), { seed: 8 })).rows).not.toEqual(want.rows);
  });

  test('levels have about twice the rows each, down to the leaves', async () => {
    const tree = await build(sourceOf(binary));
    const sizes = Array.from({ length: tree.nLevels }, (_, level) => tree.coreset(level).y.length);
    expect(sizes[0]!).toBeGreaterThan(290);
    sizes.slice(1).forEach((size, i) => expect(size / sizes[i]!).toBeCloseTo(2, 0));
    expect(tree.coreset(50).y.length).toBe(sizes.at(-1));
    expect(await excess(binary, tree.coreset(2))).toBeLessThan(2e-4);
  });

  test('a coreset larger than the data is all rows of weight 1', async () => {
    const rows = makeRows(120, 3, 2, 5);
    const { rowIds, weight } = (await build(sourceOf(rows), { size: 500 })).coreset(0);
    expect(rowIds).toHaveLength(120);
    weight.forEach((w) => expect(w).toBeCloseTo(1, 6));
  });

  test('a class with fewer rows than asked gives all it has', async () => {
    const rows = makeRows(3000, 3, 2, 6);
    const y = rows.y.map((_, i) => (i % 500 === 0 ? 1 : 0));
    const tree = await build(sourceOf({ ...rows, y }), { size: 100, classSize: new Map([[1, 50]]) });
    expect(tree.coreset(0).y.filter((v) => v === 1)).toHaveLength(6);
  });

  test.each([
    { name: 'constant', value: () => 3 },
    { name: 'collinear', value: (row: ArrayLike<number>) => 2 * row[0]! - row[1]! },
  ])('a $name feature does no harm', async ({ value }) => {
    const d = 5;
    const X = { ...binary.X, data: binary.X.data.slice() };
    for (let i = 0; i < X.nRows; i++) X.data[i * d + 4] = value(X.data.subarray(i * d, i * d + d));
    const rows = { ...binary, X };
    expect(await excess(rows, (await build(sourceOf(rows))).coreset(0))).toBeLessThan(5e-4);
  });

  test('sample weights count as repeated rows do', async () => {
    const weight = binary.y.map((_, i) => i % 3);
    const tree = await build(memorySource({ ...binary, sampleWeight: weight }, binary.target));
    const { rowIds, weight: w } = tree.coreset(0);
    expect([...rowIds].some((id) => id % 3 === 0)).toBe(false);
    expect(w.reduce((s, v) => s + v, 0) / 6000).toBeCloseTo(1, 1);
  });

  test.each([
    { name: 'a negative weight', weights: [1, -1], X: [0, 1], code: 'WEIGHT_NEGATIVE' },
    { name: 'only weights of zero', weights: [0, 0], X: [0, 1], code: 'CORESET_NO_ROWS' },
    { name: 'a missing value', weights: [1, 1], X: [NaN, 1], code: 'FEATURE_NOT_FINITE' },
  ])('refuses $name', async ({ weights, X, code }) => {
    const rows = { X: { data: Float64Array.from(X), nRows: 2, nCols: 1 }, y: new Float64Array([0, 1]) };
    const source = memorySource({ ...rows, sampleWeight: Float64Array.from(weights) }, { task: 'binary', nClasses: 2 });
    await expect(build(source)).rejects.toMatchObject({ code });
  });
});

test.each([
  { from: 0, to: 8, want: 4 },
  { from: 3, to: 8, want: 4 },
  { from: 4, to: 8, want: 6 },
  { from: 64, to: 77, want: 72 },
  { from: 5, to: 7, want: 6 },
])('splitPoint($from, $to) = $want', ({ from, to, want }) => expect(splitPoint(from, to)).toBe(want));
