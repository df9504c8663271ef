import { CATEGORY, LEAF, MISSING_LEFT, type Ensemble } from '../../kernels/trees/ensemble.ts';
import type { OnnxAttribute, OnnxGraph, OnnxValue } from '../../tensor/onnxGraph.ts';

/**
 * Σ over trees of scale · leaf value as ai.onnx.ml TreeEnsembleRegressor (opset 3): float32, shape (n, width).
 * A category split becomes a chain of BRANCH_EQ nodes that share one true child, which ONNX Runtime folds into a set.
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
      const { codes, isLeft } = listedSide(e, at);
      const [hit, miss] = isLeft ? [left, right] : [right, left];
      const tracksTrue = missingLeft === isLeft ? 1 : 0;
      let current = id;
      codes.forEach((code, k) => {
        const next = k + 1 < codes.length ? spare++ : miss;
        this.push(tree, current, e.feature[at]!, code, 'BRANCH_EQ', hit, next, tracksTrue);
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

/** Codes of the side that unseen codes do not take; −1, which no row has, when that side has missing values only. */
function listedSide(e: Ensemble, at: number): { codes: number[]; isLeft: boolean } {
  const words = e.categoryAt[at]!;
  const nLevels = e.categories[words]!;
  const isLeft = e.categories[words + 1] === 0;
  const codes: number[] = [];
  for (let code = 0; code < nLevels; code++) {
    const goesLeft = ((e.categories[words + 2 + (code >> 5)]! >>> (code & 31)) & 1) === 1;
    if (goesLeft === isLeft) codes.push(code);
  }
  return { codes: codes.length > 0 ? codes : [-1], isLeft };
}
