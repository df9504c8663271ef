import type { EstimatorEntry } from '../entry.ts';
import { baseline } from './baseline.ts';

/** What every other model must beat. */
export const baselineFamily: readonly EstimatorEntry[] = [baseline];
