import { describe, expect, test } from 'vitest';
import { applyEdit } from '../../../main/coreset/tree/edits.ts';
import { undoEdit } from '../../../main/coreset/tree/undo.ts';
import { calibratedFolds } from '../../../main/coreset/tree/folds.ts';
import { loadTree, saveTree } from '../../../main/coreset/tree/treeFile.ts';
import { takeRows, takeValues } from '../../../main/kernels/matrix.ts';
import { pack } from '../../../main/kernels/pack.ts';
import { build, fingerprint, makeRows, sourceOf } from './data.ts';

const rows = makeRows(4000, 3, 2, 41);
const lookup = (rowIds: Uint32Array) => ({ X: takeRows(rows.X, rowIds), y: takeValues(rows.y, rowIds), rowIds });

describe('tree file', () => {
  test.each([
    { name: 'recalibrated', options: {} },
    { name: 'one pilot', options: { nRecalibrations: 0 } },
    { name: 'with class sizes', options: { classSize: new Map<number, number | 'all'>([[1, 40]]) } },
  ])('comes back as it was: $name', async ({ options }) => {
    const tree = await build(sourceOf(rows), options);
    const back = loadTree(saveTree(tree));
    expect(fingerprint(back)).toEqual(fingerprint(tree));
    expect(back.settings).toEqual(tree.settings);
    expect(calibratedFolds(back, 4, 1)).toEqual(calibratedFolds(tree, 4, 1));
  });

  test('edits can be taken back after loading', async () => {
    const tree = await build(sourceOf(rows));
    const start = fingerprint(tree);
    await applyEdit(tree, 'updateTargets', [{ rowId: 1, y: 1 - rows.y[1]! }], lookup, 'none');
    await applyEdit(
      tree,
      'updateFeatures',
      [{ rowId: tree.coreset(0).rowIds[0]!, x: new Float64Array(3) }],
      lookup,
      'all',
    );
    await applyEdit(tree, 'removeSamples', [{ rowId: 2, isRemoved: true }], lookup, 'path');
    tree.seen.add(77);
    const back = loadTree(saveTree(tree));
    expect(fingerprint(back)).toEqual(fingerprint(tree));
    expect([...back.overrides.keys()]).toEqual([...tree.overrides.keys()]);
    expect([...back.seen]).toEqual([77]);
    for (let i = 0; i < 3; i++) undoEdit(back);
    expect(fingerprint(back)).toEqual(start);
  });

  test.each([
    { name: 'damaged', spoil: (b: Uint8Array) => b.with(b.length - 100, b.at(-100)! ^ 1), code: 'TREE_DAMAGED' },
    { name: 'cut off', spoil: (b: Uint8Array) => b.slice(0, b.length / 2), code: 'TREE_DAMAGED' },
    { name: 'another file', spoil: () => new TextEncoder().encode('rowId,weight\n1,2\n'), code: 'TREE_DAMAGED' },
    { name: 'of another version', spoil: () => pack({ kind: 'coresetTree', version: 99 }, {}), code: 'TREE_VERSION' },
  ])('a file that is $name is refused', async ({ spoil, code }) => {
    const bytes = saveTree(await build(sourceOf(rows), { size: 50 }));
    expect(() => loadTree(spoil(bytes))).toThrow(expect.objectContaining({ code }));
  });
});
