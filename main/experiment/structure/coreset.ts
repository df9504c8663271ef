import { memorySource } from '../../coreset/rows.ts';
import { buildTree } from '../../coreset/tree/build.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { EstimatorSpec } from '../../contract/config.ts';
import type { SettledConfig } from '../coreset/settled.ts';
import type { Drawn } from '../folds/coresetParts.ts';
import type { Part } from '../rows/prepare.ts';
import type { Sample } from '../rows/samples.ts';

export interface StructureCoreset {
  readonly sample: Sample;
  readonly service: 'kmeans' | 'pca';
  /** Null where all rows are used. */
  readonly drawn: Drawn | null;
  readonly warning: string | null;
}

/** The coreset of rows without a target, for a model of centres or of components; null when the run wants none. */
export async function drawStructureCoreset(
  train: Part,
  { coreset: config, model, tune }: SettledConfig,
  spec: EstimatorSpec,
  threads: number,
  task: TaskContext,
): Promise<StructureCoreset | null> {
  if (config === false) return null;
  const service = (spec.coresetService === 'pca' ? 'pca' : 'kmeans') as 'kmeans' | 'pca';
  const asked = config.service === 'kmeans' || config.service === 'pca' ? config.service : service;
  const nTrain = train.rowIds.length;
  const size = Math.max(1, Math.round(config.size < 1 ? config.size * nTrain : config.size));
  if (size >= nTrain) {
    return {
      sample: { ...train, weight: new Float64Array(nTrain).fill(1) },
      service: asked,
      drawn: null,
      warning: `The coreset would be as large as the training data (${nTrain} rows), so all rows are used with weight 1.`,
    };
  }
  const name = service === 'pca' ? 'nComponents' : 'nClusters';
  const tree = await buildTree(
    memorySource(train, null),
    {
      service: asked,
      size,
      seed: config.seed,
      chunkSize: config.chunkSize,
      serviceOptions: { k: largestK(model.params[name], tune?.space[name], spec) },
      threads,
    },
    task,
  );
  const coreset = tree.coreset(config.level);
  const { X, y, rowIds, weight } = coreset;
  const drawn = { tree, coreset, fitWeights: (weights: Float64Array) => weights };
  return { sample: { X, y, rowIds, weight }, service: asked, drawn, warning: null };
}

/** The most clusters or components a run will ask for: the coreset has to serve them all. */
function largestK(value: unknown, space: unknown, spec: EstimatorSpec): number {
  const fallback = spec.coresetService === 'pca' ? 10 : 8;
  const searched = Array.isArray(space) ? space : space === undefined ? [] : [(space as { max: number }).max];
  const numbers = [value ?? fallback, ...searched].filter((v): v is number => typeof v === 'number');
  // A share of variance says nothing of how many components that takes.
  return Math.max(...numbers.map((v) => (v < 1 ? fallback : Math.round(v))));
}
