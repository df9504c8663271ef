import { withClassWeight } from '../classWeights.ts';
import type { EstimatorEntry } from '../entry.ts';
import { gaussianNaiveBayes } from './gaussianNaiveBayes.ts';

export const bayesFamily: readonly EstimatorEntry[] = [withClassWeight(gaussianNaiveBayes)];
