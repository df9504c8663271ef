import { AppError } from '../../../contract/errors.ts';
import type { EstimatorSpec } from '../../../contract/config.ts';
import type { ServiceName } from '../../../coreset/services/service.ts';
import type { EstimatorEntry } from '../../../models/entry.ts';
import type { TargetInfo } from '../../../models/estimator.ts';
import { estimatorEntry, estimatorSpecs, structureOf, takesRawColumns } from '../../../models/registry.ts';

export interface ChosenModel {
  readonly entry: EstimatorEntry;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Rows a kernel machine is fitted on at most: its time grows with their square. */
const KERNEL_ROWS = 8000;

/** The estimator that stands for a service. */
function typeFor(service: ServiceName, target: TargetInfo | null): string {
  switch (service) {
    case 'logistic':
      return 'logisticRegression';
    case 'linear':
      return 'ridge';
    case 'svm':
      return 'linearSvm';
    case 'tree':
      return 'gradientBoosting';
    case 'network':
      return 'neuralNetwork';
    case 'kmeans':
      return 'kMeans';
    case 'pca':
      return 'pca';
    case 'generic':
      return target?.task === 'regression' ? 'svr' : 'svc';
  }
}

/** What a service's pilot has, where an estimator's own defaults are not it. */
const PARAMS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  logisticRegression: { C: 1 },
  ridge: { alpha: 1 },
  linearSvm: { C: 1 },
  neuralNetwork: { layers: [64, 32], epochs: 30 },
  svc: { kernel: 'rbf', probability: true },
};

/**
 * The estimator to fit on coresets of a service, `asked` or the one that stands for it.
 * @param k clusters or components
 * Throws AppError MODEL_UNKNOWN, MODEL_NOT_FOR_CORESET.
 */
export async function chooseModel(
  service: ServiceName,
  target: TargetInfo | null,
  { asked, k }: { readonly asked?: string | undefined; readonly k?: number | null } = {},
): Promise<ChosenModel> {
  const entry = await estimatorEntry(asked ?? typeFor(service, target));
  const { spec } = entry;
  if (!suits(spec, service, target)) {
    const suited = (await estimatorSpecs()).filter((other) => suits(other, service, target));
    throw new AppError({
      code: 'MODEL_NOT_FOR_CORESET',
      message: `${spec.title} cannot be fitted on this coreset, which was built for ${service} models${target ? ` of a ${target.task} target` : ''}.`,
      fix: {
        kind: 'setParam',
        label: `Use one of: ${suited.map(({ type }) => type).join(', ')}`,
        args: { name: 'model' },
      },
    });
  }
  const structure = structureOf(spec);
  return {
    entry,
    params: {
      ...PARAMS[spec.type],
      ...(k != null && structure === 'clustering' && { nClusters: k, nInit: 5 }),
      ...(k != null && structure === 'decomposition' && { nComponents: k }),
    },
  };
}

/** Trees read raw columns with gaps and codes, which no other model takes; what finds structure needs no target. */
function suits(spec: EstimatorSpec, service: ServiceName, target: TargetInfo | null): boolean {
  if (target === null) return spec.coresetService === service;
  if (spec.family === 'baseline' || !spec.tasks.includes(target.task)) return false;
  return service === 'tree' ? takesRawColumns(spec) : true;
}

/** Rows a fit on all rows may take. */
export const mostRows = ({ spec }: EstimatorEntry): number =>
  spec.type === 'svc' || spec.type === 'svr' ? KERNEL_ROWS : Infinity;
