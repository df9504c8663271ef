import { withClassWeight } from '../classWeights.ts';
import type { EstimatorEntry } from '../entry.ts';
import { gradientBoosting } from './boosting/entry.ts';
import { decisionTree, extraTrees, randomForest } from './forest/entry.ts';

/** Estimators made of trees. */
export const treeFamily: readonly EstimatorEntry[] = [gradientBoosting, randomForest, extraTrees, decisionTree].map(
  withClassWeight,
);
