import type { EstimatorSpec } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import { nearestName } from '../data/nearestName.ts';
import type { EstimatorEntry } from './entry.ts';

/** Families by the types they hold: a job loads only the family it needs. */
const families: readonly { readonly types: readonly string[]; load: () => Promise<readonly EstimatorEntry[]> }[] = [
  {
    types: ['logisticRegression', 'linearRegression', 'ridge', 'lasso', 'elasticNet', 'huber'],
    load: async () => (await import('./linear/index.ts')).linearFamily,
  },
  {
    types: ['gradientBoosting', 'randomForest', 'extraTrees', 'decisionTree'],
    load: async () => (await import('./tree/index.ts')).treeFamily,
  },
  { types: ['svc', 'svr', 'linearSvm'], load: async () => (await import('./svm/index.ts')).svmFamily },
  { types: ['neuralNetwork'], load: async () => (await import('./network/index.ts')).networkFamily },
  { types: ['gaussianNaiveBayes'], load: async () => (await import('./bayes/index.ts')).bayesFamily },
  { types: ['baseline'], load: async () => (await import('./baseline/index.ts')).baselineFamily },
  { types: ['kMeans'], load: async () => (await import('./cluster/index.ts')).clusterFamily },
  { types: ['pca'], load: async () => (await import('./decomposition/index.ts')).decompositionFamily },
];

/** Everything Pith can fit, with its parameters. */
export async function estimatorSpecs(): Promise<EstimatorSpec[]> {
  const loaded = await Promise.all(families.map((family) => family.load()));
  return loaded.flat().map((entry) => entry.spec);
}

/** Throws AppError MODEL_UNKNOWN that names the nearest type. */
export async function estimatorEntry(type: string): Promise<EstimatorEntry> {
  const family = families.find(({ types }) => types.includes(type));
  const entry = (await family?.load())?.find(({ spec }) => spec.type === type);
  if (entry) return entry;
  const known = (await estimatorSpecs()).map((spec) => spec.type);
  const nearest = nearestName(type, known);
  throw new AppError({
    code: 'MODEL_UNKNOWN',
    message: `There is no model "${type}"${nearest ? `; did you mean "${nearest}"?` : ''} There are: ${known.join(', ')}.`,
    ...(nearest && { fix: { kind: 'setOption', label: `Use ${nearest}`, args: { 'model.type': nearest } } }),
  });
}

/** What a model without a target finds; null for models that predict one. */
export function structureOf({ tasks, family }: EstimatorSpec): 'clustering' | 'decomposition' | null {
  if (tasks.some((task) => task !== 'unsupervised')) return null;
  return family === 'cluster' ? 'clustering' : 'decomposition';
}

/** Models that take missing values and category codes as they are. */
export const takesRawColumns = (spec: EstimatorSpec): boolean => spec.family === 'tree';
