import { expect, test } from 'vitest';
import { foldTree, pathTo, shownByDepth } from '../../../renderer/charts/foldedTree.ts';

/**
 *        0
 *     1     2
 *   3   4
 *  5 6
 */
const nodes = [
  { id: 0, children: [1, 2], question: 'a ≤ 1' },
  { id: 1, children: [3, 4], question: 'b ≤ 2' },
  { id: 2, children: [], question: null },
  { id: 3, children: [5, 6], question: 'c is x' },
  { id: 4, children: [], question: null },
  { id: 5, children: [], question: null },
  { id: 6, children: [], question: null },
];

test.each([
  { name: 'nothing shown below depth 1', depth: 1, toggled: [], shown: [0, 1, 2], hidden: [[1, 4]] },
  {
    name: 'a node opened by hand shows one more level',
    depth: 1,
    toggled: [1],
    shown: [0, 1, 3, 4, 2],
    hidden: [[3, 2]],
  },
  { name: 'a node folded by hand', depth: 9, toggled: [1], shown: [0, 1, 2], hidden: [[1, 4]] },
  { name: 'all of it', depth: 3, toggled: [], shown: [0, 1, 3, 5, 6, 4, 2], hidden: [] },
  { name: 'the root alone', depth: 0, toggled: [], shown: [0], hidden: [[0, 6]] },
])('foldTree: $name', ({ depth, toggled, shown, hidden }) => {
  const folded = foldTree(nodes, depth, new Set(toggled));
  expect(folded.nodes.map(({ id }) => id)).toEqual(shown);
  expect([...folded.hidden]).toEqual(hidden);
});

test('no tree has nothing to show', () => {
  expect(foldTree([], 2, new Set()).nodes).toEqual([]);
  expect(shownByDepth([])).toEqual([]);
});

test('nodes and leaves of each depth', () => {
  expect(shownByDepth(nodes)).toEqual([
    { nNodes: 1, nLeaves: 1 },
    { nNodes: 3, nLeaves: 2 },
    { nNodes: 5, nLeaves: 3 },
    { nNodes: 7, nLeaves: 4 },
  ]);
});

test('the way to a node, with its answers', () => {
  expect(pathTo(nodes, 6)).toEqual([
    { id: 0, question: 'a ≤ 1', isYes: true },
    { id: 1, question: 'b ≤ 2', isYes: true },
    { id: 3, question: 'c is x', isYes: false },
  ]);
  expect(pathTo(nodes, 0)).toEqual([]);
});
