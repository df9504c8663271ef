import type { EstimatorEntry } from '../entry.ts';
import { logisticRegression } from './logisticRegression.ts';
import { huber } from './regression/huber.ts';
import { elasticNet, lasso, linearRegression, ridge } from './regression/squaredLoss.ts';

/** Linear and logistic models. */
export const linearFamily: readonly EstimatorEntry[] = [
  logisticRegression,
  linearRegression,
  ridge,
  lasso,
  elasticNet,
  huber,
];
