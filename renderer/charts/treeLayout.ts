export interface TreeNode {
  readonly id: number;
  readonly children: readonly number[];
}

interface PlacedNode {
  readonly id: number;
  /** In leaf widths: leaves stand at 0.5, 1.5, …, a parent in the middle of its first and last child. */
  readonly x: number;
  /** 0 at the roots. */
  readonly depth: number;
  readonly parent: number | null;
}

export interface TreeLayout {
  readonly placed: ReadonlyMap<number, PlacedNode>;
  readonly nLeaves: number;
  readonly maxDepth: number;
}

/**
 * Places a forest: leaves evenly from left to right, parents over the middle of their children.
 * Ids that name no node are passed over; a node that is reached twice keeps its first place.
 */
export function layoutTree(nodes: readonly TreeNode[]): TreeLayout {
  const byId = new Map(nodes.map((n) => [n.id, n]));
  const isChild = new Set(nodes.flatMap((n) => n.children));
  const placed = new Map<number, PlacedNode>();
  let nLeaves = 0;
  let maxDepth = 0;
  // An explicit stack: trees grown on sorted data can be deeper than the call stack allows.
  const stack: { node: TreeNode; depth: number; parent: number | null; next: number; xs: number[] }[] = [];
  const visited = new Set<number>();
  const open = (id: number, depth: number, parent: number | null) => {
    const node = byId.get(id);
    if (!node || visited.has(id)) return;
    visited.add(id);
    stack.push({ node, depth, parent, next: 0, xs: [] });
  };
  for (const root of nodes) {
    if (isChild.has(root.id)) continue;
    open(root.id, 0, null);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      if (top.next < top.node.children.length) {
        open(top.node.children[top.next++]!, top.depth + 1, top.node.id);
        continue;
      }
      stack.pop();
      const x = top.xs.length > 0 ? (top.xs[0]! + top.xs.at(-1)!) / 2 : nLeaves++ + 0.5;
      placed.set(top.node.id, { id: top.node.id, x, depth: top.depth, parent: top.parent });
      maxDepth = Math.max(maxDepth, top.depth);
      stack.at(-1)?.xs.push(x);
    }
  }
  return { placed, nLeaves, maxDepth };
}
