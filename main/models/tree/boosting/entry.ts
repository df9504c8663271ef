import type { EstimatorEntry } from '../../entry.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Estimator, Fitted, FitContext, TargetInfo } from '../../estimator.ts';
import type { Matrix } from '../../../kernels/matrix.ts';
import { holdOutRows, splitHeld } from '../../common/holdOut.ts';
import { holdOutFinding } from '../../common/holdOutFinding.ts';
import { checkFitInput } from '../checks.ts';
import { FittedBoosting, restoreBoosting } from './fitted.ts';
import { LINKS } from './link.ts';
import { lossOf } from './loss.ts';
import { boostingParamSpecs, checkBoostingParams, type BoostingParams } from './params.ts';
import { boost } from './train.ts';

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
    const { parts, finding } = this.holdOut(y, target, context);
    const rows = parts ? splitHeld(X, y, parts) : { train: { X, y, w: context.sampleWeight }, held: null };
    const boosted = await boost(rows, loss, this.params, context);
    const summary = {
      iterations: boosted.nIter,
      trees: boosted.ensemble.roots.length - 1,
      leaves: (boosted.ensemble.feature.length + boosted.ensemble.roots.length - 1) / 2,
      bestIteration: boosted.bestIter,
      trainingLoss: boosted.trainLoss,
      ...(boosted.holdOutLoss !== null && { holdOutLoss: boosted.holdOutLoss }),
    };
    const { baseline, ensemble } = boosted;
    return new FittedBoosting(target, LINKS[loss.kind], baseline, ensemble, summary, finding ? [finding] : []);
  }

  /** Rows held out where boosting is to stop early, and what a person should know of them. */
  private holdOut(y: Float64Array, target: TargetInfo, context: FitContext) {
    const { earlyStopping, validationFraction: share, maxIter } = this.params;
    if (!earlyStopping) return { parts: null, finding: null };
    const parts = holdOutRows(y, target, share, context);
    const instead = `All ${maxIter.toLocaleString('en')} rounds were boosted, on all rows.`;
    const finding = holdOutFinding(parts, { y, target, share, context, purpose: 'early stopping', instead });
    if (finding) {
      context.task.log(`${finding.title}. ${finding.detail}`);
      context.onFinding?.(finding);
    }
    return { parts, finding };
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
