import type { EstimatorEntry } from '../../entry.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Estimator, Fitted, FitContext, TargetInfo } from '../../estimator.ts';
import type { Matrix } from '../../../kernels/matrix.ts';
import { checkFitInput } from '../checks.ts';
import { FittedBoosting, restoreBoosting, type Link } from './fitted.ts';
import { lossOf, type Loss } from './loss.ts';
import { boostingParamSpecs, checkBoostingParams, type BoostingParams } from './params.ts';
import { boost } from './train.ts';

const LINKS: Readonly<Record<Loss['kind'], Link>> = {
  logLoss: 'sigmoid',
  softmax: 'softmax',
  poisson: 'exp',
  squaredError: 'identity',
  quantile: 'identity',
};

/** Histogram gradient boosting. Takes missing values and categories as they are. */
export class GradientBoosting implements Estimator {
  readonly type = 'gradientBoosting';
  private readonly params: BoostingParams;

  constructor(params: BoostingParams) {
    this.params = params;
  }

  async fit(X: Matrix, y: Float64Array, target: TargetInfo, context: FitContext): Promise<Fitted> {
    checkFitInput(X, y, target, context.sampleWeight);
    const loss = lossOf(target, this.params);
    if (loss.kind === 'poisson' && y.some((v) => v < 0)) {
      throw new AppError({
        code: 'TARGET_NEGATIVE',
        message: 'The Poisson loss is for counts: the target has negative values.',
        fix: { kind: 'setParam', label: 'Use squared error', args: { name: 'loss', value: 'squaredError' } },
      });
    }
    const boosted = await boost(X, y, loss, this.params, context);
    return new FittedBoosting(target, LINKS[loss.kind], boosted.baseline, boosted.ensemble, {
      iterations: boosted.nIter,
      trees: boosted.ensemble.roots.length - 1,
      leaves: (boosted.ensemble.feature.length + boosted.ensemble.roots.length - 1) / 2,
      bestIteration: boosted.bestIter,
      trainingLoss: boosted.trainLoss,
      ...(boosted.validationLoss !== null && { validationLoss: boosted.validationLoss }),
    });
  }
}

export const gradientBoosting: EstimatorEntry = {
  spec: {
    type: 'gradientBoosting',
    title: 'Gradient boosting',
    family: 'tree',
    tasks: ['binary', 'multiclass', 'regression'],
    description:
      'Many small trees, each correcting the ones before. Usually the most accurate model on tables; takes missing values and categories as they are.',
    params: [...boostingParamSpecs],
    coresetService: 'tree',
    suggestedSpace: {
      learningRate: { min: 0.02, max: 0.3, log: true },
      maxLeafNodes: { min: 7, max: 127, log: true, int: true },
      minSamplesLeaf: { min: 5, max: 100, log: true, int: true },
      l2Regularization: { min: 0.01, max: 10, log: true },
    },
  },
  make: (params) => new GradientBoosting(checkBoostingParams(params)),
  restore: restoreBoosting,
};
