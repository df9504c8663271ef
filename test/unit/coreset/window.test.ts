import { expect, test } from 'vitest';
import type { Chunk, RowSource } from '../../../main/coreset/rows.ts';
import { applyEdit } from '../../../main/coreset/tree/edits.ts';
import { growRoot } from '../../../main/coreset/tree/grow.ts';
import { loadTree, saveTree } from '../../../main/coreset/tree/treeFile.ts';
import { undoEdit } from '../../../main/coreset/tree/undo.ts';
import { appendRows, dropOldest } from '../../../main/coreset/tree/window.ts';
import { takeRows, takeValues } from '../../../main/kernels/matrix.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { build, fingerprint, makeRows, sourceOf } from './data.ts';

const rows = makeRows(6000, 4, 2, 12);
/** Rows from … to-1 under their own numbers. */
const part = (from: number, to: number): RowSource => {
  const ids = Uint32Array.from({ length: to - from }, (_, i) => from + i);
  return {
    ...sourceOf(rows),
    nRows: to - from,
    async *chunks() {
      const chunk: Chunk = { X: takeRows(rows.X, ids), y: takeValues(rows.y, ids), rowIds: ids };
      yield chunk;
    },
  };
};

test('appended rows are in the totals; undo, through a file too, gives the former tree to the last bit', async () => {
  const tree = await build(part(0, 4000), { chunkSize: 1000 });
  const start = fingerprint(tree);
  await appendRows(tree, part(4000, 6000), 1, quietTask);
  expect(tree.nRowsCovered).toBe(6000);
  const want = new Float64Array(tree.pilot.nStatistics);
  tree.pilot.visit({ ...rows }, { totals: want });
  tree.totals().forEach((t, j) => expect(t).toBeCloseTo(want[j]!, 5));
  await applyEdit(tree, 'updateTargets', [{ rowId: tree.leaves.at(-1)!.rowIds[0]!, y: 1 }], () => {
    throw new Error('a kept row needs no look-up');
  });
  dropOldest(tree, ({ ordinal }) => ordinal < 2);
  expect(tree.nRowsCovered).toBe(4000);
  const windowed = fingerprint(tree);
  const again = loadTree(saveTree(tree));
  expect(fingerprint(again)).toEqual(windowed);
  for (let i = 0; i < 3; i++) undoEdit(again);
  expect(fingerprint(again)).toEqual(start);
  expect(() => dropOldest(again, () => true)).toThrow(expect.objectContaining({ code: 'WINDOW_EMPTY' }));
});

test('growing draws where the model is unsure, keeps the totals, and is taken back', async () => {
  const tree = await build(part(0, 6000), { chunkSize: 1500 });
  const start = fingerprint(tree);
  growRoot(tree, 200);
  const { weight } = tree.coreset(0);
  expect(weight.length).toBe(500);
  expect(weight.reduce((a, b) => a + b, 0) / 6000).toBeCloseTo(1, 2);
  undoEdit(tree);
  expect(fingerprint(tree)).toEqual(start);
  expect(() => growRoot(tree, 1e6)).toThrow(expect.objectContaining({ code: 'GROW_NO_ROWS' }));
});
