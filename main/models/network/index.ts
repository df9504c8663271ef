import type { EstimatorEntry } from '../entry.ts';
import { neuralNetwork } from './neuralNetwork.ts';

/** Neural networks. */
export const networkFamily: readonly EstimatorEntry[] = [neuralNetwork];
