import type { ParamSpec } from '../../contract/config.ts';

export const classWeightSpec: ParamSpec = {
  name: 'classWeight',
  kind: 'choice',
  label: 'Class weights',
  default: null,
  choices: ['balanced'],
  isNullable: true,
  allowsTable: true,
  help: 'balanced lets a rare class count as much as a common one. In the file also a table of class and factor.',
};

export const fitInterceptSpec: ParamSpec = {
  name: 'fitIntercept',
  kind: 'boolean',
  label: 'Intercept',
  default: true,
  isAdvanced: true,
  help: 'Whether the model has a constant term. It is never penalised.',
};

export const l1RatioSpec: ParamSpec = {
  name: 'l1Ratio',
  kind: 'number',
  label: 'L1 share',
  default: 0.5,
  min: 0,
  max: 1,
  help: 'Elastic net only: 0 is all L2, 1 is all L1.',
};

export const tolSpec: ParamSpec = {
  name: 'tol',
  kind: 'number',
  label: 'Tolerance',
  default: 1e-4,
  min: 0,
  isExclusiveMin: true,
  isLog: true,
  isAdvanced: true,
  help: 'Training stops when a step would lower the objective by less than tol² of it.',
};

export const maxIterSpec = (most: number, help: string): ParamSpec => ({
  name: 'maxIter',
  kind: 'integer',
  label: 'Most iterations',
  default: most,
  min: 1,
  isAdvanced: true,
  help,
});

export const alphaSpec = (value: number, help: string, isZeroAllowed = true): ParamSpec => ({
  name: 'alpha',
  kind: 'number',
  label: 'Alpha',
  default: value,
  min: 0,
  ...(isZeroAllowed ? {} : { isExclusiveMin: true }),
  isLog: true,
  help,
});
