import { describe, expect, test } from 'vitest';
import type { Chunk } from '../../../main/coreset/rows.ts';
import { applyEdit, filterOut } from '../../../main/coreset/tree/edits.ts';
import type { RowChange } from '../../../main/coreset/tree/locate.ts';
import { undoEdit } from '../../../main/coreset/tree/undo.ts';
import type { Recalc } from '../../../main/coreset/tree/editLog.ts';
import { takeRows, takeValues } from '../../../main/kernels/matrix.ts';
import { createRng, permutation } from '../../../main/kernels/rng.ts';
import { build, fingerprint, makeRows, sourceOf, type Made } from './data.ts';

const rows = makeRows(6000, 4, 2, 31);
const make = () => build(sourceOf(rows));
/** Rows of the data version that the tree was built from; ids past the end are unknown. */
const lookup = (rowIds: Uint32Array): Chunk => {
  const known = rowIds.filter((id) => id < rows.y.length);
  return { X: takeRows(rows.X, known), y: takeValues(rows.y, known), rowIds: known };
};
const some = (n: number, seed = 1) => [...permutation(6000, createRng(seed)).subarray(0, n)];
const flip = (ids: number[]): RowChange[] => ids.map((rowId) => ({ rowId, y: 1 - rows.y[rowId]! }));

/** Totals of the edited data, from scratch. */
async function totalsOf(edited: Made, gone: ReadonlySet<number>, tree: Awaited<ReturnType<typeof make>>) {
  const totals = new Float64Array(tree.pilot.nStatistics);
  const weight = edited.y.map((_, i) => (gone.has(i) ? 0 : 1));
  tree.pilot.visit({ ...edited, weight }, { totals });
  return totals;
}

describe('edits', () => {
  test.each([1, 50, 1000])('totals follow %i new targets', async (n) => {
    const tree = await make();
    const ids = some(n);
    await applyEdit(tree, 'updateTargets', flip(ids), lookup);
    const y = rows.y.slice();
    for (const id of ids) y[id] = 1 - y[id]!;
    const want = await totalsOf({ ...rows, y }, new Set(), tree);
    tree.totals().forEach((t, j) => expect(t).toBeCloseTo(want[j]!, 6));
    const coreset = tree.coreset(0);
    coreset.rowIds.forEach((id, i) => expect(coreset.y[i]).toBe(y[id]));
  });

  test('editing a row twice counts from what it was', async () => {
    const tree = await make();
    const before = tree.totals();
    await applyEdit(tree, 'updateTargets', flip([17]), lookup);
    await applyEdit(tree, 'updateTargets', [{ rowId: 17, y: rows.y[17]! }], lookup);
    tree.totals().forEach((t, j) => expect(t).toBeCloseTo(before[j]!, 8));
  });

  test('removed rows leave totals and coreset; new features are seen', async () => {
    const tree = await make();
    const kept = tree.coreset(0).rowIds[5]!;
    const ids = [...new Set([kept, ...some(30)])];
    await applyEdit(
      tree,
      'removeSamples',
      ids.map((rowId) => ({ rowId, isRemoved: true })),
      lookup,
    );
    const coreset = tree.coreset(0);
    expect(coreset.weight[coreset.rowIds.indexOf(kept)]).toBe(0);
    expect(tree.nRowsCovered).toBe(6000 - ids.length);
    const changed = tree.coreset(0).rowIds.find((id) => !ids.includes(id))!;
    const x = new Float64Array([9, 8, 7, 6]);
    await applyEdit(tree, 'updateFeatures', [{ rowId: changed, x }], lookup);
    const data = rows.X.data.slice();
    data.set(x, changed * 4);
    const want = await totalsOf({ ...rows, X: { ...rows.X, data } }, new Set(ids), tree);
    tree.totals().forEach((t, j) => expect(t).toBeCloseTo(want[j]!, 6));
    const after = tree.coreset(0);
    const at = after.rowIds.indexOf(changed);
    expect([...after.X.data.subarray(at * 4, at * 4 + 4)]).toEqual([...x]);
  });

  test('filterOut removes what the predicate picks, as edited', async () => {
    const tree = await make();
    await applyEdit(tree, 'updateFeatures', [{ rowId: 3, x: new Float64Array([50, 0, 0, 0]) }], lookup);
    const far = [...rows.y.keys()].filter((i) => i === 3 || rows.X.data[i * 4]! > 2);
    expect(await filterOut(tree, sourceOf(rows), ({ x }) => x[0]! > 2)).toBe(far.length);
    expect(tree.nRowsCovered).toBe(6000 - far.length);
    expect(await filterOut(tree, sourceOf(rows), ({ x }) => x[0]! > 2)).toBe(0);
  });

  test.each<{ recalc: Recalc }>([{ recalc: 'none' }, { recalc: 'path' }, { recalc: 'all' }])(
    'undo restores the tree to the last bit, recalc $recalc',
    async ({ recalc }) => {
      const tree = await make();
      const start = fingerprint(tree);
      await applyEdit(tree, 'updateTargets', flip(some(40)), lookup, 'none');
      const middle = fingerprint(tree);
      const dirty = [...tree.dirty];
      const ids = [...tree.coreset(0).rowIds].slice(0, 20);
      const x = new Float64Array(4).fill(1.25);
      await applyEdit(
        tree,
        'updateFeatures',
        ids.map((rowId) => ({ rowId, x })),
        lookup,
        recalc,
      );
      await applyEdit(
        tree,
        'removeSamples',
        ids.map((rowId) => ({ rowId, isRemoved: true })),
        lookup,
        recalc,
      );
      undoEdit(tree);
      undoEdit(tree);
      expect(fingerprint(tree)).toEqual(middle);
      expect([...tree.dirty]).toEqual(dirty);
      undoEdit(tree);
      expect(fingerprint(tree)).toEqual(start);
      expect([tree.overrides.size, tree.dirty.size]).toEqual([0, 0]);
      expect(() => undoEdit(tree)).toThrow(expect.objectContaining({ code: 'NOTHING_TO_UNDO' }));
    },
  );

  test('without recalculation weights stay and the path is dirty; a later path cleans it', async () => {
    const tree = await make();
    const before = tree.coreset(0).weight;
    await applyEdit(tree, 'updateTargets', flip([100]), lookup, 'none');
    expect(tree.coreset(0).weight).toEqual(before);
    expect(tree.dirty.size).toBe(tree.nLevels);
    await applyEdit(tree, 'updateTargets', flip([101]), lookup, 'path');
    expect(tree.dirty.size).toBe(0);
    expect(tree.coreset(0).weight).not.toEqual(before);
  });

  test.each([
    {
      name: 'unknown rows',
      changes: [
        { rowId: 5, y: 1 },
        { rowId: 99_999, y: 1 },
      ],
      code: 'EDIT_ROWS_UNKNOWN',
      says: '99999',
    },
    {
      name: 'unknown labels',
      changes: [
        { rowId: 5, y: 1 },
        { rowId: 6, y: 2 },
      ],
      code: 'EDIT_LABELS_UNKNOWN',
      says: '6',
    },
    {
      name: 'missing features',
      changes: [{ rowId: 5, x: new Float64Array([1, NaN, 0, 0]) }],
      code: 'EDIT_VALUES_INVALID',
      says: '5',
    },
    { name: 'no rows', changes: [], code: 'EDIT_EMPTY', says: 'no rows' },
  ])('$name: nothing is applied and the message names them', async ({ changes, code, says }) => {
    const tree = await make();
    const before = fingerprint(tree);
    await expect(applyEdit(tree, 'updateTargets', changes, lookup)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(says) as string,
    });
    expect(fingerprint(tree)).toEqual(before);
    expect(tree.edits).toHaveLength(0);
  });

  test('a removed row is unknown from then on', async () => {
    const tree = await make();
    await applyEdit(tree, 'removeSamples', [{ rowId: 4, isRemoved: true }], lookup);
    await expect(applyEdit(tree, 'updateTargets', flip([4]), lookup)).rejects.toMatchObject({
      code: 'EDIT_ROWS_UNKNOWN',
    });
  });
});
