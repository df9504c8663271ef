import type { ParamSpec } from '../../contract/config.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import type { EstimatorEntry } from '../entry.ts';
import type { Estimator, FitContext, TargetInfo } from '../estimator.ts';
import { checkFitInput } from '../tree/checks.ts';
import { needsClasses } from '../tree/outputs.ts';
import { checkParams } from '../checkParams.ts';
import { checkFinite } from './checkFinite.ts';
import { parseClassWeight, weightRows, type ClassWeight } from './classWeight.ts';
import { FittedLogistic, restoreLogistic } from './fittedLogistic.ts';
import { fitLogistic } from './logisticFit.ts';
import { classWeightSpec, fitInterceptSpec, l1RatioSpec, maxIterSpec, tolSpec } from './params.ts';

interface LogisticParams {
  readonly C: number;
  readonly penalty: 'l2' | 'l1' | 'elasticNet' | 'none';
  readonly l1Ratio: number;
  readonly classWeight: ClassWeight;
  readonly fitIntercept: boolean;
  readonly tol: number;
  readonly maxIter: number;
}

const paramSpecs: readonly ParamSpec[] = [
  {
    name: 'C',
    kind: 'number',
    label: 'C',
    default: 1,
    min: 0,
    isExclusiveMin: true,
    isLog: true,
    help: 'Inverse of regularisation: smaller keeps coefficients closer to zero. Divide it by 10 when the model overfits.',
  },
  {
    name: 'penalty',
    kind: 'choice',
    label: 'Penalty',
    default: 'l2',
    choices: ['l2', 'l1', 'elasticNet', 'none'],
    help: 'l2 shrinks all coefficients, l1 makes many exactly zero, elasticNet mixes both, none fits the data alone.',
  },
  l1RatioSpec,
  classWeightSpec,
  fitInterceptSpec,
  tolSpec,
  maxIterSpec(100, 'Newton-like iterations; each reads all rows about once.'),
];

/** Logistic regression with scikit-learn's objective: C Σ weighted log loss + penalty; the intercept is not penalised. */
export class LogisticRegression implements Estimator {
  readonly type = 'logisticRegression';
  private readonly params: LogisticParams;

  constructor(params: LogisticParams) {
    this.params = params;
  }

  async fit(X: Matrix, y: Float64Array, target: TargetInfo, context: FitContext): Promise<FittedLogistic> {
    const { C, penalty, l1Ratio, classWeight, fitIntercept, tol, maxIter } = this.params;
    checkFitInput(X, y, target, context.sampleWeight);
    const { start } = context;
    const isSame = start instanceof FittedLogistic && start.nFeaturesIn === X.nCols && isOutputOf(start, target);
    const fit = await fitLogistic(X, y, weightRows(y, context.sampleWeight, classWeight, target), {
      C: penalty === 'none' ? Infinity : C,
      l1Ratio: penalty === 'l1' ? 1 : penalty === 'elasticNet' ? l1Ratio : 0,
      nClasses: needsClasses(target),
      ...(isSame && { initial: start.coef }),
      fitIntercept,
      tol,
      maxIter,
      threads: context.threads,
      task: context.task,
    });
    if (!Number.isFinite(fit.objective)) checkFinite(X, 'logistic regression', context.sampleWeight, context.features);
    if (!fit.isConverged) {
      context.task.log(`Logistic regression stopped after ${fit.iterations} iterations without reaching tol = ${tol}.`);
    }
    return new FittedLogistic(target, fit.nOut, fit.coef, {
      iterations: fit.iterations,
      converged: fit.isConverged,
      objective: fit.objective,
    });
  }
}

const isOutputOf = ({ nOut }: FittedLogistic, target: TargetInfo): boolean =>
  nOut === (needsClasses(target) === 2 ? 1 : needsClasses(target));

export const logisticRegression: EstimatorEntry = {
  spec: {
    type: 'logisticRegression',
    title: 'Logistic regression',
    family: 'linear',
    tasks: ['binary', 'multiclass'],
    description: 'Probabilities from a weighted sum of the features. Fast, well calibrated, easy to explain.',
    params: [...paramSpecs],
    coresetService: 'logistic',
    suggestedSpace: { C: { min: 0.001, max: 100, log: true } },
  },
  make: ({ classWeight, ...params }) => {
    const checked = checkParams('logisticRegression', paramSpecs, params) as unknown as LogisticParams;
    return new LogisticRegression({ ...checked, classWeight: parseClassWeight(classWeight) });
  },
  takesStart: true,
  restore: restoreLogistic,
};
