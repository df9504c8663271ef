import type { TreeNode } from './treeLayout.ts';

export interface QuestionNode extends TreeNode {
  readonly question: string | null;
}

/** What remains of a tree when branches are folded. */
export interface FoldedTree<N extends TreeNode> {
  /** Nodes that are shown; folded ones have no children here. */
  readonly nodes: readonly N[];
  /** Nodes below each folded one. */
  readonly hidden: ReadonlyMap<number, number>;
}

/**
 * Folds the nodes at `depth` of the tree at `nodes[0]`, but for those in `toggled`: these are the other way round, open
 * at the depth and folded above it. Below an opened node one level is shown, whose nodes may be toggled in turn.
 */
export function foldTree<N extends TreeNode>(
  nodes: readonly N[],
  depth: number,
  toggled: ReadonlySet<number>,
): FoldedTree<N> {
  const byId = new Map(nodes.map((n) => [n.id, n]));
  const shown: N[] = [];
  const hidden = new Map<number, number>();
  const sizes = subtreeSizes(nodes);
  const open: { node: N; depth: number }[] = nodes[0] ? [{ node: nodes[0], depth: 0 }] : [];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node } = next;
    const isFolded = node.children.length > 0 && next.depth >= depth !== toggled.has(node.id);
    shown.push(isFolded ? { ...node, children: [] } : node);
    if (isFolded) hidden.set(node.id, sizes.get(node.id)! - 1);
    else
      for (const id of node.children.toReversed()) {
        const child = byId.get(id);
        if (child) open.push({ node: child, depth: next.depth + 1 });
      }
  }
  return { nodes: shown, hidden };
}

/** Nodes of the subtree at each node, itself counted; children come after their parents in `nodes`. */
function subtreeSizes(nodes: readonly TreeNode[]): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const { id, children } of nodes.toReversed())
    sizes.set(id, 1 + children.reduce((sum, child) => sum + (sizes.get(child) ?? 0), 0));
  return sizes;
}

/** How many nodes are shown when the tree is folded at depth 0, 1, … up to its own depth. */
export function shownByDepth(nodes: readonly TreeNode[]): { readonly nNodes: number; readonly nLeaves: number }[] {
  const byId = new Map(nodes.map((n) => [n.id, n]));
  const out: { nNodes: number; nLeaves: number }[] = [];
  let [nNodes, nEnded] = [0, 0];
  for (let level: TreeNode[] = nodes.slice(0, 1); level.length > 0;) {
    nNodes += level.length;
    out.push({ nNodes, nLeaves: nEnded + level.length });
    nEnded += level.filter(({ children }) => children.length === 0).length;
    level = level.flatMap(({ children }) => children.flatMap((id) => byId.get(id) ?? []));
  }
  return out;
}

/** The questions on the way from the root to node `id` with their answers. */
export function pathTo(
  nodes: readonly QuestionNode[],
  id: number,
): { readonly id: number; readonly question: string; readonly isYes: boolean }[] {
  const parents = new Map(nodes.flatMap((n) => n.children.map((child) => [child, n] as const)));
  const path: { id: number; question: string; isYes: boolean }[] = [];
  let at = id;
  for (let parent = parents.get(at); parent; parent = parents.get(at)) {
    path.unshift({ id: parent.id, question: parent.question ?? '', isYes: parent.children[0] === at });
    at = parent.id;
  }
  return path;
}
