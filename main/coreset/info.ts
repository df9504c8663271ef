import type { CoresetInfo, CoresetNode } from '../contract/coreset.ts';
import type { CoresetTree } from './tree/coresetTree.ts';
import { splitPoint } from './tree/nodes.ts';

/** What the drawing of a tree and its tables show. */
export interface TreeInfo {
  readonly nodes: CoresetNode[];
  readonly classes: CoresetInfo['classes'];
  readonly weights: CoresetInfo['weights'];
  readonly nRows: number;
  readonly nRowsCovered: number;
  readonly nLevels: number;
}

/** Node 0 is the root; `level` counts down from it. */
export function describeTree(tree: CoresetTree, classes: readonly string[]): TreeInfo {
  const root = tree.coreset(0);
  const inUse = root.weight.filter((w) => w > 0);
  return {
    nodes: nodesOf(tree),
    classes: classesOf(tree, root.y, root.weight, classes),
    weights: {
      min: inUse.reduce((a, b) => Math.min(a, b), Infinity),
      max: inUse.reduce((a, b) => Math.max(a, b), 0),
      sum: inUse.reduce((a, b) => a + b, 0),
    },
    nRows: inUse.length,
    nRowsCovered: tree.nRowsCovered,
    nLevels: tree.nLevels,
  };
}

function nodesOf(tree: CoresetTree): CoresetNode[] {
  const out: CoresetNode[] = [];
  const [first, last] = tree.range;
  const walk = (from: number, to: number, level: number): number => {
    const id = out.length;
    const { leaf, row, pi } = tree.node(from, to);
    let maxWeight = 0;
    let nRows = 0;
    for (let i = 0; i < row.length; i++) {
      const weight = tree.leafAt(leaf[i]!).rowWeight[row[i]!]! / pi[i]!;
      if (weight > 0) nRows++;
      maxWeight = Math.max(maxWeight, weight);
    }
    let nRowsCovered = 0;
    for (let ordinal = from; ordinal < to; ordinal++) nRowsCovered += tree.leafAt(ordinal).nRowsCovered;
    const node = {
      id,
      level,
      nRowsCovered,
      nRows,
      maxWeight,
      isDirty: tree.dirty.has(`${from}-${to}`),
      children: [] as number[],
    };
    out.push(node);
    if (to - from > 1) {
      const mid = splitPoint(from, to);
      node.children.push(walk(from, mid, level + 1), walk(mid, to, level + 1));
    }
    return id;
  };
  if (last > first) walk(first, last, 0);
  return out;
}

function classesOf(tree: CoresetTree, y: Float64Array, weight: Float64Array, classes: readonly string[]) {
  const block = tree.pilot.blocks.find(({ kind }) => kind === 'count');
  if (classes.length === 0 || !block || block.to - block.from !== classes.length) return [];
  const totals = tree.totals();
  const counts = new Float64Array(classes.length);
  y.forEach((k, i) => (counts[k]! += weight[i]! > 0 ? 1 : 0));
  return classes.map((label, k) => ({ label, nRows: counts[k]!, nRowsCovered: Math.round(totals[block.from + k]!) }));
}
