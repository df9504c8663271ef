import type { EstimatorEntry } from '../entry.ts';
import { pca } from './pca.ts';

export const decompositionFamily: readonly EstimatorEntry[] = [pca];
