import type { Matrix } from '../../../kernels/matrix.ts';
import type { EstimatorEntry } from '../../entry.ts';
import type { Estimator, Fitted, FitContext, TargetInfo } from '../../estimator.ts';
import { AppError } from '../../../contract/errors.ts';
import { checkFitInput } from '../checks.ts';
import { FittedForest, restoreForest } from './fitted.ts';
import { checkForestParams, forestParamSpecs, type ForestParams } from './params.ts';
import { growForest } from './train.ts';

/** A decision tree, a random forest or extra trees. Take missing values and categories as they are. */
export class ForestEstimator implements Estimator {
  readonly type: ForestParams['type'];
  private readonly params: ForestParams;

  constructor(params: ForestParams) {
    this.type = params.type;
    this.params = params;
  }

  async fit(X: Matrix, y: Float64Array, target: TargetInfo, context: FitContext): Promise<Fitted> {
    checkFitInput(X, y, target, context.sampleWeight);
    this.checkCriterion(target);
    const { ensemble, offset, oobScore } = await growForest(X, y, target, this.params, context);
    const nTrees = ensemble.roots.length - 1;
    return new FittedForest(this.type, target, offset, ensemble, {
      trees: nTrees,
      leaves: (ensemble.feature.length + nTrees) / 2,
      ...(oobScore !== undefined && { oobScore }),
    });
  }

  private checkCriterion(target: TargetInfo): void {
    const { criterion } = this.params;
    const isNumber = target.task === 'regression';
    if (criterion === 'auto' || isNumber === (criterion === 'squaredError')) return;
    throw new AppError({
      code: 'PARAM_OUT_OF_RANGE',
      message: `criterion ${criterion} does not fit the target: ${isNumber ? 'a number needs squaredError' : 'classes need gini or entropy'}.`,
      fix: { kind: 'setParam', label: 'Use auto', args: { name: 'criterion', value: 'auto' } },
    });
  }
}

const tasks: EstimatorEntry['spec']['tasks'] = ['binary', 'multiclass', 'regression'];

function entry(
  type: ForestParams['type'],
  title: string,
  description: string,
  suggestedSpace: Record<string, unknown>,
): EstimatorEntry {
  return {
    spec: {
      type,
      title,
      family: 'tree',
      tasks,
      description,
      params: [...forestParamSpecs[type]],
      coresetService: 'tree',
      suggestedSpace,
    },
    make: (params) => new ForestEstimator(checkForestParams(type, params)),
    restore: restoreForest,
  };
}

export const decisionTree = entry(
  'decisionTree',
  'Decision tree',
  'One tree of yes/no questions: easy to read, less accurate than a forest. Prune it with ccpAlpha or limit its depth.',
  { maxDepth: { min: 2, max: 16, int: true, log: false }, minSamplesLeaf: { min: 1, max: 50, int: true, log: true } },
);

export const randomForest = entry(
  'randomForest',
  'Random forest',
  'The mean of many deep trees, each on rows and features drawn at random. Strong without tuning and hard to over-fit.',
  {
    maxFeatures: ['sqrt', 0.3, 0.6],
    minSamplesLeaf: { min: 1, max: 20, int: true, log: true },
    maxDepth: [8, 16, null],
  },
);

export const extraTrees = entry(
  'extraTrees',
  'Extra trees',
  'Like a random forest with thresholds drawn at random: smoother, faster, sometimes better on noisy data.',
  { maxFeatures: ['sqrt', 0.3, 0.6], minSamplesLeaf: { min: 1, max: 20, int: true, log: true } },
);
