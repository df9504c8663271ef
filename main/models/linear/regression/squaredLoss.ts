import type { ParamSpec } from '../../../contract/config.ts';
import type { Matrix } from '../../../kernels/matrix.ts';
import type { EstimatorEntry } from '../../entry.ts';
import type { Estimator, FitContext, TargetInfo } from '../../estimator.ts';
import { checkFitInput } from '../../tree/checks.ts';
import { checkParams } from '../../checkParams.ts';
import { checkFinite } from '../checkFinite.ts';
import { alphaSpec, fitInterceptSpec, l1RatioSpec, maxIterSpec, tolSpec } from '../params.ts';
import { coordinateDescent } from './coordinateDescent.ts';
import { FittedRegression, restoreRegression } from './fittedRegression.ts';
import { momentsOf, type Moments } from './moments.ts';
import { smallestPivot, solveRidge } from './solveRidge.ts';

interface Params {
  readonly alpha?: number;
  readonly l1Ratio?: number;
  readonly fitIntercept: boolean;
  readonly tol?: number;
  readonly maxIter?: number;
}

type Solve = (
  moments: Moments,
  params: Params,
) => { readonly coef: Float64Array; readonly summary: FittedRegression['summary'] };

/** A model of squared loss: sums over the rows once, then everything happens in the space of the features. */
export class SquaredLossModel implements Estimator {
  readonly type: string;
  private readonly params: Params;
  private readonly solve: Solve;

  constructor(type: string, params: Params, solve: Solve) {
    this.type = type;
    this.params = params;
    this.solve = solve;
  }

  async fit(X: Matrix, y: Float64Array, target: TargetInfo, context: FitContext): Promise<FittedRegression> {
    const { fitIntercept } = this.params;
    const { sampleWeight, threads, task } = context;
    checkFitInput(X, y, target, sampleWeight);
    let moments = await momentsOf(X, y, sampleWeight, { fitIntercept, threads });
    const isFinite = Number.isFinite(moments.yy) && moments.xy.every(Number.isFinite);
    if (!isFinite) checkFinite(X, 'a linear model', sampleWeight, context.features);
    await task.yield();
    task.signal.throwIfAborted();
    // Nearly dependent columns magnify what float32 products lost.
    if (moments.isRough && smallestPivot(moments.gram, moments.d) < 1e-3) {
      moments = await momentsOf(X, y, sampleWeight, { fitIntercept, threads, isExact: true });
    }
    const { coef, summary } = this.solve(moments, this.params);
    const all = new Float64Array(moments.d + 1);
    all.set(coef);
    if (fitIntercept) {
      all[moments.d] = moments.meanY;
      for (let j = 0; j < moments.d; j++) all[moments.d]! -= coef[j]! * moments.meanX[j]!;
    }
    return new FittedRegression(this.type, all, summary);
  }
}

const byRidge: Solve = (moments, { alpha = 0 }) => ({ coef: solveRidge(moments, alpha), summary: {} });

const byDescent: Solve = (moments, { alpha = 1, l1Ratio = 1, tol = 1e-4, maxIter = 1000 }) => {
  const { coef, sweeps, gap, isConverged } = coordinateDescent(moments, { alpha, l1Ratio, tol, maxIter });
  const nZero = coef.reduce((sum, v) => sum + Number(v === 0), 0);
  return { coef, summary: { iterations: sweeps, converged: isConverged, dualityGap: gap, zeroCoefficients: nZero } };
};

function entry(
  spec: Pick<EstimatorEntry['spec'], 'type' | 'title' | 'description' | 'suggestedSpace'>,
  params: readonly ParamSpec[],
  solve: Solve,
): EstimatorEntry {
  return {
    spec: { ...spec, family: 'linear', tasks: ['regression'], coresetService: 'linear', params: [...params] },
    make: (given) => new SquaredLossModel(spec.type, checkParams(spec.type, params, given) as unknown as Params, solve),
    restore: restoreRegression,
  };
}

const descentSpecs = [
  fitInterceptSpec,
  { ...tolSpec, help: 'Training stops when the duality gap is below this share of the variation of the target.' },
  maxIterSpec(1000, 'Sweeps over the coefficients.'),
];

export const linearRegression = entry(
  {
    type: 'linearRegression',
    title: 'Linear regression',
    description: 'Ordinary least squares: a weighted sum of the features, nothing held back.',
    suggestedSpace: {},
  },
  [fitInterceptSpec],
  byRidge,
);

export const ridge = entry(
  {
    type: 'ridge',
    title: 'Ridge',
    description: 'Least squares that keeps coefficients small. The safe first choice for numbers.',
    suggestedSpace: { alpha: { min: 0.001, max: 1000, log: true } },
  },
  [alphaSpec(1, 'Strength of the L2 penalty. Larger keeps coefficients smaller.'), fitInterceptSpec],
  byRidge,
);

export const lasso = entry(
  {
    type: 'lasso',
    title: 'Lasso',
    description: 'Least squares that sets the coefficients of unneeded features to exactly zero.',
    suggestedSpace: { alpha: { min: 0.0001, max: 10, log: true } },
  },
  [alphaSpec(1, 'Strength of the L1 penalty. Larger means fewer features.'), ...descentSpecs],
  byDescent,
);

export const elasticNet = entry(
  {
    type: 'elasticNet',
    title: 'Elastic net',
    description: 'Between ridge and lasso: drops features, but keeps groups of similar ones together.',
    suggestedSpace: { alpha: { min: 0.0001, max: 10, log: true }, l1Ratio: { min: 0.05, max: 1 } },
  },
  [
    alphaSpec(1, 'Strength of the penalty.'),
    { ...l1RatioSpec, help: '0 is all L2 (ridge), 1 is all L1 (lasso).' },
    ...descentSpecs,
  ],
  byDescent,
);
