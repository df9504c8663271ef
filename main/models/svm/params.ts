import type { ParamSpec } from '../../contract/config.ts';
import type { KernelName } from './kernel.ts';

export interface SvmParams {
  readonly C: number;
  readonly kernel: KernelName;
  readonly gamma: number | 'scale' | 'auto';
  readonly degree: number;
  readonly coef0: number;
  readonly tol: number;
  readonly shrinking: boolean;
  readonly cacheSize: number;
  readonly maxIter: number;
}

export const C: ParamSpec = {
  name: 'C',
  kind: 'number',
  label: 'C',
  default: 1,
  min: 0,
  isExclusiveMin: true,
  isLog: true,
  help: 'Price of a row on the wrong side. Smaller means a wider margin and more regularisation.',
};

export const kernelParamSpecs: readonly ParamSpec[] = [
  C,
  {
    name: 'kernel',
    kind: 'choice',
    label: 'Kernel',
    default: 'rbf',
    choices: ['linear', 'rbf', 'poly', 'sigmoid'],
    help: 'How alike two rows are. rbf suits most data; linear is a plane.',
  },
  {
    name: 'gamma',
    kind: 'number',
    label: 'Gamma',
    default: 'scale',
    choices: ['scale', 'auto'],
    min: 0,
    isExclusiveMin: true,
    isLog: true,
    help: 'How fast likeness falls with distance. scale is 1 / (features · variance), auto is 1 / features.',
  },
  {
    name: 'degree',
    kind: 'integer',
    label: 'Degree',
    default: 3,
    min: 1,
    max: 12,
    isAdvanced: true,
    help: 'Degree of the poly kernel.',
  },
  {
    name: 'coef0',
    kind: 'number',
    label: 'Offset',
    default: 0,
    isAdvanced: true,
    help: 'Constant of the poly and sigmoid kernels.',
  },
  {
    name: 'tol',
    kind: 'number',
    label: 'Tolerance',
    default: 1e-3,
    min: 0,
    isExclusiveMin: true,
    isAdvanced: true,
    isLog: true,
    help: 'Largest violation of the optimum at which training stops.',
  },
  {
    name: 'shrinking',
    kind: 'boolean',
    label: 'Shrinking',
    default: true,
    isAdvanced: true,
    help: 'Leave rows out of the search once they seem settled.',
  },
  {
    name: 'cacheSize',
    kind: 'number',
    label: 'Cache',
    unit: 'MB',
    default: 500,
    min: 1,
    max: 3000,
    isAdvanced: true,
    help: 'Memory for rows of the kernel matrix.',
  },
  {
    name: 'maxIter',
    kind: 'integer',
    label: 'Most steps',
    default: 10_000_000,
    min: 1,
    isAdvanced: true,
    help: 'Steps after which training stops even if it has not converged.',
  },
];
