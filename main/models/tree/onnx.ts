import { CATEGORY, LEAF, MISSING_LEFT, type Ensemble } from '../../kernels/trees/ensemble.ts';
import type { OnnxAttribute, OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';

/**
 * Σ over trees of scale · leaf value as ai.onnx.ml TreeEnsembleRegressor (opset 3): float32, shape (n, width).
 * A category split becomes a comb of x ≤ code questions whose true children share the two subtrees. Chains of BRANCH_EQ,
 * the usual way, lost missing values in ONNX Runtime 1.30 where one chain ends at another of the same column.
 */
export function ensembleToOnnx(ensemble: Ensemble, graph: OnnxGraph, x: OnnxValue, scale = 1): OnnxValue {
  const b = new NodeLists(ensemble, scale);
  for (let t = 0; t + 1 < ensemble.roots.length; t++) b.addTree(t);
  return graph.node(
    'TreeEnsembleRegressor',
    [x],
    { type: 'float32', shape: [x.shape[0] ?? 'n', ensemble.width] },
    b.attributes(),
    'ai.onnx.ml',
  );
}

class NodeLists {
  private readonly e: Ensemble;
  private readonly scale: number;
  private readonly nodes = {
    treeids: [] as number[],
    nodeids: [] as number[],
    featureids: [] as number[],
    values: [] as number[],
    modes: [] as string[],
    truenodeids: [] as number[],
    falsenodeids: [] as number[],
    missing_value_tracks_true: [] as number[],
  };
  private readonly target = {
    treeids: [] as number[],
    nodeids: [] as number[],
    ids: [] as number[],
    weights: [] as number[],
  };

  constructor(ensemble: Ensemble, scale: number) {
    this.e = ensemble;
    this.scale = scale;
  }

  addTree(tree: number): void {
    const { e } = this;
    const root = e.roots[tree]!;
    const end = e.roots[tree + 1]!;
    // Chains of category splits need nodes beyond the tree's own.
    let spare = end - root;
    for (let at = root; at < end; at++) {
      const id = at - root;
      const flags = e.flags[at]!;
      if (flags & LEAF) {
        this.push(tree, id, 0, 0, 'LEAF', 0, 0, 0);
        this.addLeaf(tree, id, at);
        continue;
      }
      const left = e.left[at]! - root;
      const right = e.right[at]! - root;
      const missingLeft = (flags & MISSING_LEFT) !== 0;
      if (!(flags & CATEGORY)) {
        this.push(tree, id, e.feature[at]!, e.threshold[at]!, 'BRANCH_LEQ', left, right, missingLeft ? 1 : 0);
        continue;
      }
      const { runs, isUnseenLeft } = codeRuns(e, at);
      const side = (isLeft: boolean) => (isLeft ? left : right);
      // Missing values leave the comb at its first question.
      if (runs.length === 0 || runs[0]!.isLeft !== missingLeft) runs.unshift({ below: -1, isLeft: missingLeft });
      let current = id;
      runs.forEach((run, k) => {
        const next = k + 1 < runs.length ? spare++ : side(isUnseenLeft);
        this.push(tree, current, e.feature[at]!, run.below, 'BRANCH_LEQ', side(run.isLeft), next, k === 0 ? 1 : 0);
        current = next;
      });
    }
  }

  private push(
    tree: number,
    id: number,
    feature: number,
    value: number,
    mode: string,
    yes: number,
    no: number,
    missing: number,
  ): void {
    const { nodes } = this;
    nodes.treeids.push(tree);
    nodes.nodeids.push(id);
    nodes.featureids.push(feature);
    nodes.values.push(value);
    nodes.modes.push(mode);
    nodes.truenodeids.push(yes);
    nodes.falsenodeids.push(no);
    nodes.missing_value_tracks_true.push(missing);
  }

  private addLeaf(tree: number, id: number, at: number): void {
    const { e, target } = this;
    for (let k = 0; k < e.nOut; k++) {
      const value = e.values[at * e.nOut + k]! * this.scale;
      if (value === 0 && e.nOut > 1 && k > 0) continue;
      target.treeids.push(tree);
      target.nodeids.push(id);
      target.ids.push(e.nOut === 1 ? tree % e.width : k);
      target.weights.push(value);
    }
  }

  attributes(): Record<string, OnnxAttribute> {
    const { nodes, target } = this;
    const ints = (value: readonly number[]): OnnxAttribute => ({ kind: 'ints', value });
    const floats = (value: readonly number[]): OnnxAttribute => ({ kind: 'floats', value });
    return {
      nodes_treeids: ints(nodes.treeids),
      nodes_nodeids: ints(nodes.nodeids),
      nodes_featureids: ints(nodes.featureids),
      nodes_values: floats(nodes.values),
      nodes_modes: { kind: 'strings', value: nodes.modes },
      nodes_truenodeids: ints(nodes.truenodeids),
      nodes_falsenodeids: ints(nodes.falsenodeids),
      nodes_missing_value_tracks_true: ints(nodes.missing_value_tracks_true),
      target_treeids: ints(target.treeids),
      target_nodeids: ints(target.nodeids),
      target_ids: ints(target.ids),
      target_weights: floats(target.weights),
      n_targets: { kind: 'int', value: this.e.width },
      post_transform: { kind: 'string', value: 'NONE' },
      aggregate_function: { kind: 'string', value: 'SUM' },
    };
  }
}

/** Runs of codes that go the same way, in ascending order, but for the last that goes where unseen codes go. */
function codeRuns(e: Ensemble, at: number): { runs: { below: number; isLeft: boolean }[]; isUnseenLeft: boolean } {
  const words = e.categoryAt[at]!;
  const nLevels = e.categories[words]!;
  const isUnseenLeft = e.categories[words + 1] === 1;
  const goesLeft = (code: number) => ((e.categories[words + 2 + (code >> 5)]! >>> (code & 31)) & 1) === 1;
  const runs: { below: number; isLeft: boolean }[] = [];
  for (let code = 0; code < nLevels; code++) {
    const isLeft = goesLeft(code);
    const nextIsLeft = code + 1 < nLevels ? goesLeft(code + 1) : isUnseenLeft;
    if (isLeft !== nextIsLeft) runs.push({ below: code + 0.5, isLeft });
  }
  return { runs, isUnseenLeft };
}
