import { describe, expect, test } from 'vitest';
import { parallelAxis } from '../../../renderer/charts/parallel.ts';
import { doCoincide, interpolate, seriesTable, type Series } from '../../../renderer/charts/series.ts';
import { swarmOffsets } from '../../../renderer/charts/swarm.ts';
import { layoutTree } from '../../../renderer/charts/treeLayout.ts';

describe('layoutTree', () => {
  test('leaves are even, parents in the middle', () => {
    const { placed, nLeaves, maxDepth } = layoutTree([
      { id: 1, children: [2, 3] },
      { id: 2, children: [4, 5] },
      { id: 3, children: [] },
      { id: 4, children: [] },
      { id: 5, children: [] },
    ]);
    expect(nLeaves).toBe(3);
    expect(maxDepth).toBe(2);
    expect([4, 5, 3].map((id) => placed.get(id)!.x)).toEqual([0.5, 1.5, 2.5]);
    expect(placed.get(2)!.x).toBe(1);
    expect(placed.get(1)!.x).toBe(1.75);
    expect(placed.get(5)).toMatchObject({ depth: 2, parent: 2 });
  });

  test('several roots stand side by side', () => {
    const { placed, nLeaves } = layoutTree([
      { id: 1, children: [] },
      { id: 2, children: [] },
    ]);
    expect(nLeaves).toBe(2);
    expect([...placed.values()].map((p) => p.parent)).toEqual([null, null]);
  });

  test('a chain of 50,000 nodes does not exhaust the stack, unknown ids are passed over', () => {
    const n = 50_000;
    const nodes = Array.from({ length: n }, (_, id) => ({ id, children: [id + 1] }));
    const { placed, maxDepth } = layoutTree(nodes);
    expect(placed.size).toBe(n);
    expect(maxDepth).toBe(n - 1);
  });

  test('no two nodes of one depth share a place, on random binary trees', () => {
    // A fixed congruential sequence keeps the trees the same on every machine.
    let state = 7;
    const next = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
    for (let round = 0; round < 30; round++) {
      const nodes = [{ id: 0, children: [] as number[] }];
      for (let id = 1; id < 40; id += 2) {
        const open = nodes.filter((v) => v.children.length === 0);
        const parent = open[Math.floor(next() * open.length)]!;
        parent.children.push(id, id + 1);
        nodes.push({ id, children: [] }, { id: id + 1, children: [] });
      }
      const seen = new Set<string>();
      for (const p of layoutTree(nodes).placed.values()) {
        expect(seen.has(`${p.depth}/${p.x}`)).toBe(false);
        seen.add(`${p.depth}/${p.x}`);
      }
    }
  });
});

describe('curves', () => {
  const line = (role: Series['role'], shift: number): Series => ({
    name: role,
    role,
    x: [0, 0.5, 1],
    y: [0 + shift, 0.5 + shift, 1 + shift],
  });

  test('interpolate', () => {
    expect(interpolate([0, 1, 3], [0, 10, 30], 2)).toBe(20);
    expect(interpolate([0, 1], [5, 7], 1)).toBe(7);
    expect(interpolate([0, 1], [5, 7], 2)).toBeNaN();
    expect(interpolate([0, 0, 1], [0, 1, 1], 0)).toBeGreaterThanOrEqual(0);
  });

  test.each([
    { name: 'the same', shift: 0, want: true },
    { name: 'within the width of a line', shift: 0.01, want: true },
    { name: 'apart', shift: 0.1, want: false },
  ])('doCoincide: $name', ({ shift, want }) => {
    expect(doCoincide(line('coreset', 0), line('full', shift))).toBe(want);
  });

  test('the table behind joins series at their x', () => {
    const table = seriesTable('epoch', [
      { name: 'a', role: 'coreset', x: [0, 1], y: [1, 2] },
      { name: 'b', role: 'full', x: [1, 2], y: [3, 4] },
    ]);
    expect(table.columns).toEqual(['epoch', 'a', 'b']);
    expect(table.rows).toEqual([
      [0, 1, null],
      [1, 2, 3],
      [2, null, 4],
    ]);
  });
});

test('swarmOffsets keeps dots of one bin apart and inside ±1', () => {
  const offsets = swarmOffsets([0, 0, 0, 0, 0, 10]);
  expect(new Set(offsets.slice(0, 5)).size).toBe(5);
  expect(Math.max(...offsets.map(Math.abs))).toBe(1);
  expect(offsets[5]).toBeCloseTo(0);
});

describe('parallelAxis', () => {
  const format = (v: number) => String(v);
  test.each([
    { name: 'wide positive range is log', values: [0.01, 1, 100], kind: 'log', at: 1, want: 50 },
    { name: 'narrow range is linear', values: [2, 4, 6], kind: 'linear', at: 4, want: 50 },
    { name: 'words are categories', values: ['a', 'b', 'c'], kind: 'category', at: 'b', want: 50 },
    { name: 'mixed with null is a category', values: [3, 'sqrt'], kind: 'category', at: 'sqrt', want: 0 },
  ])('$name', ({ values, kind, at, want }) => {
    const axis = parallelAxis('p', values, 0, 100, format);
    expect(axis.kind).toBe(kind);
    expect(axis.place(at)).toBeCloseTo(want, 9);
  });
});
