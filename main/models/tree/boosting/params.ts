import type { ParamSpec } from '../../../contract/config.ts';
import { checkParams } from '../../checkParams.ts';

export type BoostingLoss = 'auto' | 'squaredError' | 'poisson' | 'quantile' | 'absoluteError';

export interface BoostingParams {
  readonly loss: BoostingLoss;
  readonly quantile: number;
  readonly learningRate: number;
  readonly maxIter: number;
  readonly growth: 'leafWise' | 'depthWise';
  readonly maxLeafNodes: number | null;
  readonly maxDepth: number | null;
  readonly minSamplesLeaf: number;
  readonly l2Regularization: number;
  readonly minSplitGain: number;
  readonly minSumHessian: number;
  readonly maxDeltaStep: number;
  readonly subsample: number;
  readonly colsampleByTree: number;
  readonly maxBins: number;
  readonly earlyStopping: boolean;
  readonly validationFraction: number;
  readonly nIterNoChange: number;
  readonly tol: number;
  readonly monotonicConstraints: Readonly<Record<string, number>> | null;
  readonly catSmooth: number;
  readonly catL2: number;
}

export const boostingParamSpecs: readonly ParamSpec[] = [
  {
    name: 'maxIter',
    kind: 'integer',
    label: 'Trees',
    default: 100,
    min: 1,
    max: 20_000,
    help: 'Boosting rounds. More fit more closely; pair many with a small learning rate or early stopping.',
  },
  {
    name: 'learningRate',
    kind: 'number',
    label: 'Learning rate',
    default: 0.1,
    min: 0,
    isExclusiveMin: true,
    max: 1,
    isLog: true,
    help: 'How much of each tree is taken. Smaller is steadier and needs more trees.',
  },
  {
    name: 'maxLeafNodes',
    kind: 'integer',
    label: 'Leaves per tree',
    default: 31,
    min: 2,
    max: 65_536,
    isNullable: true,
    help: 'Most leaves a tree may have; null for no limit. The main control of complexity.',
  },
  {
    name: 'maxDepth',
    kind: 'integer',
    label: 'Depth',
    default: null,
    min: 1,
    max: 64,
    isNullable: true,
    help: 'Most splits from root to leaf; null for no limit.',
  },
  {
    name: 'minSamplesLeaf',
    kind: 'number',
    label: 'Rows per leaf',
    default: 20,
    min: 0,
    help: 'Least sum of sample weights in a leaf: a row of weight 3 counts as three rows.',
  },
  {
    name: 'l2Regularization',
    kind: 'number',
    label: 'L2 regularisation',
    default: 1,
    min: 0,
    help: 'Shrinks the values of leaves that few rows support.',
  },
  {
    name: 'growth',
    kind: 'choice',
    label: 'Growth',
    default: 'leafWise',
    choices: ['leafWise', 'depthWise'],
    isAdvanced: true,
    help: 'Split the leaf that gains most first, or level by level.',
  },
  {
    name: 'subsample',
    kind: 'number',
    label: 'Rows per tree',
    default: 1,
    min: 0,
    isExclusiveMin: true,
    max: 1,
    help: 'Share of rows each tree sees. Below 1 trees differ more and over-fit less.',
  },
  {
    name: 'colsampleByTree',
    kind: 'number',
    label: 'Features per tree',
    default: 1,
    min: 0,
    isExclusiveMin: true,
    max: 1,
    help: 'Share of features each tree may use.',
  },
  {
    name: 'loss',
    kind: 'choice',
    label: 'Loss (regression)',
    default: 'auto',
    choices: ['auto', 'squaredError', 'absoluteError', 'quantile', 'poisson'],
    help: 'What regression minimises; auto is squared error. Poisson is for counts. Classes always use log loss.',
  },
  {
    name: 'quantile',
    kind: 'number',
    label: 'Quantile',
    default: 0.5,
    min: 0,
    max: 1,
    isAdvanced: true,
    help: 'Which quantile loss: quantile predicts, e.g. 0.9.',
  },
  {
    name: 'earlyStopping',
    kind: 'boolean',
    label: 'Stop early',
    default: false,
    help: 'Stop when the loss on held-out training rows no longer falls, and keep the best number of trees.',
  },
  {
    name: 'validationFraction',
    kind: 'number',
    label: 'Held-out share',
    default: 0.1,
    min: 0,
    isExclusiveMin: true,
    max: 0.9,
    isAdvanced: true,
    help: 'Share of the training rows held out for early stopping; without it all are trained on.',
  },
  {
    name: 'nIterNoChange',
    kind: 'integer',
    label: 'Patience',
    default: 10,
    min: 1,
    isAdvanced: true,
    help: 'Rounds without improvement before training stops.',
  },
  {
    name: 'tol',
    kind: 'number',
    label: 'Tolerance',
    default: 1e-7,
    min: 0,
    isAdvanced: true,
    help: 'Smaller improvements of the held-out loss do not count.',
  },
  {
    name: 'monotonicConstraints',
    kind: 'json',
    label: 'Monotone features',
    default: null,
    isNullable: true,
    isAdvanced: true,
    help: 'Feature name → 1 (prediction never falls as it grows) or -1 (never rises).',
  },
  {
    name: 'maxBins',
    kind: 'integer',
    label: 'Bins',
    default: 255,
    min: 2,
    max: 255,
    isAdvanced: true,
    help: 'Bins per number column.',
  },
  {
    name: 'minSplitGain',
    kind: 'number',
    label: 'Least gain',
    default: 0,
    min: 0,
    isAdvanced: true,
    help: 'A split must lower the loss by more than this.',
  },
  {
    name: 'minSumHessian',
    kind: 'number',
    label: 'Least hessian',
    default: 1e-3,
    min: 0,
    isAdvanced: true,
    help: 'Least sum of second derivatives in a leaf.',
  },
  {
    name: 'maxDeltaStep',
    kind: 'number',
    label: 'Largest step',
    default: 0,
    min: 0,
    isAdvanced: true,
    help: 'Bound on the value of a leaf before the learning rate; 0 for none.',
  },
  {
    name: 'catSmooth',
    kind: 'number',
    label: 'Level smoothing',
    default: 10,
    min: 0,
    isAdvanced: true,
    help: 'Pulls rare categories to the middle when categories are ordered for a split.',
  },
  {
    name: 'catL2',
    kind: 'number',
    label: 'Category L2',
    default: 10,
    min: 0,
    isAdvanced: true,
    help: 'Extra L2 regularisation of splits on categories.',
  },
];

export function checkBoostingParams(given: Readonly<Record<string, unknown>>): BoostingParams {
  return checkParams('gradientBoosting', boostingParamSpecs, given) as unknown as BoostingParams;
}
