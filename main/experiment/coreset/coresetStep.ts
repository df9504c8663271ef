import type { CoresetConfig } from '../../contract/config.ts';
import { AppError } from '../../contract/errors.ts';
import { memorySource } from '../../coreset/rows.ts';
import type { ServiceName } from '../../coreset/services/service.ts';
import { buildTree } from '../../coreset/tree/build.ts';
import type { CoresetTree } from '../../coreset/tree/coresetTree.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { Feature, TargetInfo } from '../../models/estimator.ts';
import type { Drawn } from '../folds/coresetParts.ts';
import type { Part } from '../rows/prepare.ts';
import { meanOne, type Sample } from '../rows/samples.ts';

export interface CoresetStep {
  readonly sample: Sample;
  readonly service: string;
  /** Null when all rows are used. */
  readonly tree: CoresetTree | null;
  /** What folds are made of; null when all rows are used. */
  readonly drawn: Drawn | null;
  readonly warning: string | null;
}

/** Forests and single trees take even draws. */
export const takesEvenDraws = ({ family, type }: { readonly family: string; readonly type: string }): boolean =>
  family === 'tree' && type !== 'gradientBoosting';

/** The coreset of the training rows for a model whose service is `wanted`. */
export async function drawCoreset(
  train: Part,
  target: TargetInfo,
  config: CoresetConfig,
  wanted: string,
  options: {
    readonly C: number;
    readonly threads: number;
    readonly features: readonly Feature[];
    /** See `ServiceOptions`. */
    readonly isEven: boolean;
  },
  task: TaskContext,
): Promise<CoresetStep> {
  const size = Math.max(1, Math.round(config.size < 1 ? config.size * train.y.length : config.size));
  const service = config.service === 'auto' ? wanted : config.service;
  if (size >= train.y.length) return wholeData(train, service);
  const classSize = config.classSize === undefined ? undefined : byClassIndex(config.classSize, target);
  const tree = await buildTree(
    memorySource(train, target),
    {
      service: service as ServiceName,
      size,
      seed: config.seed,
      chunkSize: config.chunkSize,
      classSize,
      serviceOptions: { C: options.C, features: options.features, isEven: options.isEven },
      threads: options.threads,
    },
    task,
  );
  const coreset = tree.coreset(config.level);
  // Trees count rows and weigh gradients: weights of mean 1 leave the regularisation of leaves as it is on all rows.
  const fitWeights = service === 'tree' ? meanOne : (weight: Float64Array) => weight;
  const sample = { X: coreset.X, y: coreset.y, rowIds: coreset.rowIds, weight: fitWeights(coreset.weight) };
  return { sample, service, tree, drawn: { tree, coreset, fitWeights }, warning: null };
}

function wholeData(train: Part, service: string): CoresetStep {
  return {
    sample: { ...train, weight: new Float64Array(train.y.length).fill(1) },
    service,
    tree: null,
    drawn: null,
    warning: `The coreset would be as large as the training data (${train.y.length} rows), so all rows are used with weight 1.`,
  };
}

function byClassIndex(
  sizes: Readonly<Record<string, number | 'all'>>,
  target: TargetInfo,
): Map<number, number | 'all'> {
  const names = target.task === 'regression' ? [] : (target.classNames ?? []);
  return new Map(
    Object.entries(sizes).map(([label, size]) => {
      const index = names.indexOf(label);
      if (index < 0)
        throw new AppError({
          code: 'CLASS_UNKNOWN',
          message: `coreset.classSize: there is no class "${label}". There are: ${names.join(', ')}.`,
        });
      return [index, size];
    }),
  );
}
