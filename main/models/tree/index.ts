import type { EstimatorEntry } from '../entry.ts';
import { gradientBoosting } from './boosting/entry.ts';

export const treeFamily: readonly EstimatorEntry[] = [gradientBoosting];
