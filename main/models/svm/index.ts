import { withClassWeight } from '../classWeights.ts';
import type { EstimatorEntry } from '../entry.ts';
import { linearSvm } from './linearSvm.ts';
import { svc } from './svc.ts';
import { svr } from './svr.ts';

/** Support vector machines. */
export const svmFamily: readonly EstimatorEntry[] = [withClassWeight(svc), svr, withClassWeight(linearSvm)];
