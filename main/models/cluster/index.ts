import type { EstimatorEntry } from '../entry.ts';
import { kMeans } from './kMeans.ts';

export const clusterFamily: readonly EstimatorEntry[] = [kMeans];
