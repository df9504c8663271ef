import type { TreeAnswer } from '../../../../contract/explain.ts';
import { AppError } from '../../../../contract/errors.ts';
import { CATEGORY, LEAF, type Ensemble } from '../../../../kernels/trees/ensemble.ts';
import type { Feature } from '../../../../models/estimator.ts';
import type { FittedPipeline } from '../../../../models/pipeline/pipeline.ts';
import type { AskedModel } from '../input.ts';
import { hasEnsemble, notForModel } from './contributions.ts';

const MAX_LEVELS_NAMED = 4;

/** One tree of the model with its questions, rows and values. */
export async function tree(input: AskedModel): Promise<TreeAnswer> {
  const { pipeline } = input;
  const { fitted } = pipeline;
  if (!hasEnsemble(fitted)) throw notForModel('A drawing of trees', 'Look at importance and dependence instead');
  const { ensemble } = fitted;
  const nTrees = ensemble.roots.length - 1;
  const { index = 0 } = input.args as { index?: number };
  if (!(Number.isInteger(index) && index >= 0 && index < nTrees)) {
    throw new AppError({
      code: 'TREE_UNKNOWN',
      message: `The model has ${nTrees} trees; there is no tree ${index + 1}.`,
      fix: { kind: 'chooseTree', label: `Choose a tree from 1 to ${nTrees}` },
    });
  }
  const root = ensemble.roots[index]!;
  const nodes = withoutNoise(
    Array.from({ length: ensemble.roots[index + 1]! - root }, (_, i) => nodeOf(ensemble, root + i, root, pipeline)),
  );
  return { index, nTrees, classes: [...pipeline.classes], unit: unitOf(pipeline, ensemble, index), nodes };
}

/** A boosted tree's root adds what rounding left of nothing. */
function withoutNoise(nodes: TreeAnswer['nodes']): TreeAnswer['nodes'] {
  const largest = nodes.reduce((most, { value }) => Math.max(most, Math.abs(value ?? 0)), 0);
  return nodes.map((node) => (Math.abs(node.value ?? 1) < 1e-5 * largest ? { ...node, value: 0 } : node));
}

/** What the values of a tree's nodes are: a boosted tree adds to the score of one class. */
function unitOf({ fitted, classes, target }: FittedPipeline, { width }: Ensemble, index: number): string | undefined {
  const isBoosted = 'baseline' in fitted;
  if (classes.length === 0) return isBoosted ? `added to ${target}` : target;
  if (!isBoosted) return undefined;
  const name = classes.length === 2 ? classes[1] : classes[index % width];
  return classes.length === 2 ? `added to the log-odds of ${name}` : `added to the score of ${name}`;
}

function nodeOf(ensemble: Ensemble, k: number, root: number, pipeline: FittedPipeline): TreeAnswer['nodes'][number] {
  const isLeaf = (ensemble.flags[k]! & LEAF) !== 0;
  const { nOut } = ensemble;
  const values = [...ensemble.values.subarray(k * nOut, (k + 1) * nOut)];
  const isForest = !('baseline' in pipeline.fitted);
  const offset = isForest ? ((pipeline.fitted as { offset?: number }).offset ?? 0) : 0;
  const shares = isForest && pipeline.classes.length > 1 ? (nOut > 1 ? values : [1 - values[0]!, values[0]!]) : null;
  return {
    id: k - root,
    children: isLeaf ? [] : [ensemble.left[k]! - root, ensemble.right[k]! - root],
    question: isLeaf ? null : questionOf(ensemble, k, pipeline.preprocessor.features, pipeline),
    nRows: ensemble.cover[k]!,
    value: shares === null && values.length > 0 ? values[0]! + offset : null,
    shares,
  };
}

function questionOf(
  ensemble: Ensemble,
  k: number,
  features: readonly Feature[],
  { preprocessor }: FittedPipeline,
): string {
  const feature = features[ensemble.feature[k]!]!;
  if (!(ensemble.flags[k]! & CATEGORY)) {
    const value = ensemble.threshold[k]! * (feature.scale ?? 1) + (feature.offset ?? 0);
    if (feature.kind === 'indicator') return `not ${feature.name}`;
    if (feature.kind === 'category') {
      // Columns of many levels are split by the levels' alphabetical order.
      const plan = preprocessor.state.plans.find(({ name }) => name === feature.source);
      const last = plan?.kind === 'category' ? plan.levels[Math.floor(value)] : undefined;
      return `${feature.source} is ${last === undefined ? `of the first ${Math.floor(value) + 1} levels` : `"${last}" or before it (A–Z)`}`;
    }
    return `${feature.name} ≤ ${Number(value.toPrecision(5))}`;
  }
  const at = ensemble.categoryAt[k]!;
  const plan = preprocessor.state.plans.find(({ name }) => name === feature.source);
  const levels = plan?.kind === 'category' ? plan.levels : [];
  const left = Array.from({ length: ensemble.categories[at]! }, (_, v) => v)
    .filter((v) => (ensemble.categories[at + 2 + (v >> 5)]! >>> (v & 31)) & 1)
    .map((v) => levels[v] ?? `level ${v}`);
  const named = left.slice(0, MAX_LEVELS_NAMED).join(', ');
  return `${feature.source} is ${named}${left.length > MAX_LEVELS_NAMED ? ` or ${left.length - MAX_LEVELS_NAMED} more` : ''}`;
}
