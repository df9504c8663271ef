import type { ParamSpec } from '../../../contract/config.ts';
import { AppError } from '../../../contract/errors.ts';
import { checkParams } from '../../checkParams.ts';

export interface ForestParams {
  readonly type: 'decisionTree' | 'randomForest' | 'extraTrees';
  readonly criterion: 'auto' | 'gini' | 'entropy' | 'squaredError';
  readonly nEstimators: number;
  readonly maxDepth: number | null;
  readonly maxLeafNodes: number | null;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  readonly minImpurityDecrease: number;
  readonly ccpAlpha: number;
  readonly maxFeatures: number | string | null;
  readonly bootstrap: boolean;
  readonly oobScore: boolean;
  readonly maxBins: number;
}

const criterion: ParamSpec = {
  name: 'criterion',
  kind: 'choice',
  label: 'Criterion',
  default: 'auto',
  choices: ['auto', 'gini', 'entropy', 'squaredError'],
  help: 'What a split should make purer; auto is gini for classes and squared error for numbers.',
  isAdvanced: true,
};
const nEstimators: ParamSpec = {
  name: 'nEstimators',
  kind: 'integer',
  label: 'Trees',
  default: 100,
  min: 1,
  max: 20_000,
  help: 'More trees are steadier and slower; accuracy levels off.',
};
const shape: readonly ParamSpec[] = [
  {
    name: 'maxDepth',
    kind: 'integer',
    label: 'Depth',
    default: null,
    min: 1,
    max: 1000,
    isNullable: true,
    help: 'Most splits from root to leaf; null lets trees grow until leaves are pure.',
  },
  {
    name: 'maxLeafNodes',
    kind: 'integer',
    label: 'Leaves',
    default: null,
    min: 2,
    max: 1_000_000,
    isNullable: true,
    help: 'Most leaves a tree may have, the most useful splits first; null for no limit.',
  },
  {
    name: 'minSamplesSplit',
    kind: 'number',
    label: 'Rows to split',
    default: 2,
    min: 2,
    help: 'Least sum of sample weights a node needs to be split.',
  },
  {
    name: 'minSamplesLeaf',
    kind: 'number',
    label: 'Rows per leaf',
    default: 1,
    min: 0,
    help: 'Least sum of sample weights in a leaf: a row of weight 3 counts as three rows.',
  },
  {
    name: 'minImpurityDecrease',
    kind: 'number',
    label: 'Least decrease',
    default: 0,
    min: 0,
    isAdvanced: true,
    help: 'A split must lower the impurity by at least this share of all rows.',
  },
  {
    name: 'ccpAlpha',
    kind: 'number',
    label: 'Pruning',
    default: 0,
    min: 0,
    help: 'Cost-complexity pruning: cuts back branches that lower the impurity by less than this per leaf.',
  },
  {
    name: 'maxBins',
    kind: 'integer',
    label: 'Bins',
    default: 255,
    min: 2,
    max: 255,
    isAdvanced: true,
    help: 'Distinct thresholds tried per number column.',
  },
];
const maxFeatures = (value: string | null): ParamSpec => ({
  name: 'maxFeatures',
  kind: 'text',
  label: 'Features per split',
  default: value,
  isNullable: true,
  help: 'auto (square root for classes, all for numbers), sqrt, log2, a count (≥ 1) or a share (< 1); null for all.',
});
const bootstrap = (value: boolean): readonly ParamSpec[] => [
  {
    name: 'bootstrap',
    kind: 'boolean',
    label: 'Bootstrap',
    default: value,
    help: 'Each tree sees rows drawn with replacement; without, all rows.',
  },
  {
    name: 'oobScore',
    kind: 'boolean',
    label: 'Out-of-bag score',
    default: false,
    help: 'Score every row with the trees that did not see it: validation for free. Needs bootstrap.',
  },
];

export const forestParamSpecs: Readonly<Record<ForestParams['type'], readonly ParamSpec[]>> = {
  decisionTree: [...shape, criterion, maxFeatures(null)],
  randomForest: [nEstimators, ...shape, maxFeatures('auto'), criterion, ...bootstrap(true)],
  extraTrees: [nEstimators, ...shape, maxFeatures('auto'), criterion, ...bootstrap(false)],
};

export function checkForestParams(type: ForestParams['type'], given: Readonly<Record<string, unknown>>): ForestParams {
  const { maxFeatures: wanted, ...rest } = given;
  const checked = checkParams(type, forestParamSpecs[type], rest);
  const features = wanted === undefined ? checked['maxFeatures'] : wanted;
  const isName = features === null || ['auto', 'sqrt', 'log2'].includes(features as string);
  const isCount = typeof features === 'number' && features > 0 && (features < 1 || Number.isInteger(features));
  const asNumber = typeof features === 'string' && features.trim() !== '' ? Number(features) : NaN;
  if (!isName && !isCount && !(asNumber > 0)) {
    throw new AppError({
      code: 'PARAM_OUT_OF_RANGE',
      message: `maxFeatures must be auto, sqrt, log2, null, a whole number at least 1 or a share below 1, got ${JSON.stringify(features)}.`,
      fix: { kind: 'setParam', label: 'Use auto', args: { name: 'maxFeatures', value: 'auto' } },
    });
  }
  return {
    nEstimators: 1,
    bootstrap: false,
    oobScore: false,
    ...checked,
    type,
    maxFeatures: isName || isCount ? (features as string | number | null) : asNumber,
  } as ForestParams;
}

/** Features tried per split, of d. */
export function featuresPerSplit(value: ForestParams['maxFeatures'], d: number, isClassification: boolean): number {
  const count = () => {
    if (value === null) return d;
    if (value === 'auto') return isClassification ? Math.sqrt(d) : d;
    if (value === 'sqrt') return Math.sqrt(d);
    if (value === 'log2') return Math.log2(d);
    return Number(value) < 1 ? Number(value) * d : Number(value);
  };
  return Math.min(d, Math.max(1, Math.floor(count())));
}
