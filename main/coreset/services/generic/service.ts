import type { Service } from '../service.ts';
import { restoreTreePilot } from '../tree/pilot.ts';
import { learnTreePilot } from '../tree/service.ts';

/**
 * Any estimator: a pilot of boosted trees says where rows lie. Rows are drawn by 0.35 |g|/Σ|g| + 0.65/n, spread
 * over class and predicted probability; weights reproduce class counts and the pilot's loss gradients and counts in its first leaves.
 */
export const genericService: Service = {
  name: 'generic',
  pilot: (sample, target, options, rng, task) => learnTreePilot('generic', sample, target, options, rng, task),
  restore: restoreTreePilot,
};
