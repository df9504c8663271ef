/** Numbers that the cost of a fit is told from, beside the estimator's parameters. */
export interface FitShape {
  readonly nRows: number;
  /** Columns after preprocessing. */
  readonly nFeatures: number;
  /** 0 for regression and for models without a target. */
  readonly nClasses: number;
}

type Params = Readonly<Record<string, unknown>>;
type Cost = (shape: FitShape, params: Params) => number;

/**
 * CPU seconds of one fit in a search, by estimator: operations counted from the shape and the parameters, times fixed
 * rates that were measured on tables of 400 to 32,000 rows (two cores of a server of 2023). They are for comparing two
 * ways of doing a thing on one machine, and are the same on every machine and whatever else it does; a fit's real time
 * may be off by a factor of two, since data differ in how soon a solver converges.
 */
const COSTS: Readonly<Record<string, Cost>> = {
  logisticRegression: ({ nRows, nFeatures, nClasses }) =>
    6e-4 + 8e-8 * cold(nRows, nFeatures) * nRows * outputs(nClasses) * (nFeatures + 10),
  linearSvm: ({ nRows, nFeatures, nClasses }) => 5e-4 + 2.5e-7 * nRows * outputs(nClasses) * (nFeatures + 5),
  linearRegression: (shape) => normalEquations(shape),
  ridge: (shape) => normalEquations(shape),
  lasso: (shape) => normalEquations(shape),
  elasticNet: (shape) => normalEquations(shape),
  huber: (shape) => 5 * normalEquations(shape),
  gradientBoosting: (shape, params) => boosting(shape, params),
  randomForest: (shape, params) => number(params, 'nEstimators', 100) * tree(shape, params, 1),
  extraTrees: (shape, params) => number(params, 'nEstimators', 100) * tree(shape, params, 2.2),
  decisionTree: ({ nRows, nFeatures }) => 5e-4 + 1.6e-7 * nRows * nFeatures,
  svc: ({ nRows, nFeatures, nClasses }, { probability }) => {
    // One against one: each of the pairs has 2 n / k rows. Probabilities take five more fits on four fifths of them.
    const pairs = (2 * (nClasses - 1)) / nClasses;
    return 2e-3 + (probability === false ? 0.25 : 1) * pairs * nRows ** 2 * kernel(nFeatures) * 3.2e-8;
  },
  svr: ({ nRows, nFeatures }) => 2e-3 + nRows ** 2 * kernel(nFeatures) * 2.4e-8,
  neuralNetwork: (shape, params) => network(shape, params),
  gaussianNaiveBayes: ({ nRows, nFeatures }) => 2e-4 + 4e-8 * nRows * nFeatures,
  baseline: () => 1e-4,
  kMeans: ({ nRows, nFeatures }, params) =>
    1e-3 + number(params, 'nInit', 3) * 4e-8 * nRows * nFeatures * number(params, 'nClusters', 8),
  pca: ({ nRows, nFeatures }) => 1e-3 + 2e-9 * nRows * nFeatures ** 2 + 1e-8 * nFeatures ** 3,
};

/** @param type an estimator of the registry; throws where there is no such one */
export function fitSeconds(type: string, shape: FitShape, params: Params): number {
  const cost = COSTS[type];
  if (!cost) throw new Error(`The cost of fitting ${type} is not known: add it to fitCost.ts`);
  return cost(shape, params);
}

/** Models a classifier of several classes is made of. */
const outputs = (nClasses: number): number => (nClasses > 2 ? nClasses : 1);

/** Searches start each fit from the last one as long as a fold's features are few (`tune/search.ts`). */
const cold = (nRows: number, nFeatures: number): number => (nRows * nFeatures < 500_000 ? 1 : 1.7);

const normalEquations = ({ nRows, nFeatures }: FitShape): number =>
  6e-4 + 2e-8 * nRows * nFeatures + 5e-10 * nRows * nFeatures ** 2 + 1e-9 * nFeatures ** 3;

/** Kernel values of wide rows cost more. */
const kernel = (nFeatures: number): number => 0.8 + nFeatures / 50;

/** Histograms of every level of a tree, the search for a threshold in each leaf, and the bookkeeping of a round. */
function boosting({ nRows, nFeatures, nClasses }: FitShape, params: Params): number {
  const leaves = Math.max(
    2,
    Math.min(number(params, 'maxLeafNodes', 31), nRows / Math.max(1, number(params, 'minSamplesLeaf', 20)) / 2),
  );
  const perTree = nFeatures * (1.6e-9 * nRows * Math.log2(leaves) + 0.9e-6 * leaves) + 1e-4;
  const share = number(params, 'subsample', 1) * number(params, 'colsampleByTree', 1);
  return 0.005 + number(params, 'maxIter', 100) * outputs(nClasses) * perTree * (0.3 + 0.7 * share);
}

function tree({ nRows, nFeatures, nClasses }: FitShape, { maxFeatures = 'auto' }: Params, factor: number): number {
  const tried =
    typeof maxFeatures === 'number'
      ? maxFeatures < 1
        ? maxFeatures * nFeatures
        : maxFeatures
      : maxFeatures === null || (maxFeatures === 'auto' && nClasses === 0)
        ? nFeatures
        : Math.sqrt(nFeatures);
  return 2e-5 + factor * nRows * (2e-7 + (nClasses === 0 ? 1.4e-7 : 6e-8) * Math.min(tried, nFeatures));
}

/** About 30 steps an epoch until batches are full; dense layers count, others are small beside them. */
function network({ nRows, nFeatures, nClasses }: FitShape, params: Params): number {
  const { layers = [64, 32], earlyStopping = true, batchSize } = params;
  let [weights, width] = [0, nFeatures];
  for (const layer of Array.isArray(layers) ? (layers as unknown[]) : []) {
    const units = typeof layer === 'number' ? layer : number(layer as Params, 'units', 0);
    if (units <= 0) continue;
    weights += width * units;
    width = units;
  }
  weights += width * Math.max(1, outputs(nClasses));
  const steps = typeof batchSize === 'number' ? nRows / batchSize : Math.min(nRows / 16, Math.max(30, nRows / 256));
  // What early stopping leaves of the epochs, roughly: it cannot stop before its patience ends.
  const most = number(params, 'epochs', 100);
  const epochs = earlyStopping === false ? most : Math.min(most, number(params, 'patience', 10) + 0.4 * most);
  return 0.025 + epochs * (4e-5 * steps + nRows * (2.5e-7 + 1.6e-10 * weights));
}

const number = (params: Params, name: string, usual: number): number => {
  const value = params[name];
  return typeof value === 'number' ? value : usual;
};
