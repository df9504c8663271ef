export const scheduleNames = ['constant', 'step', 'cosine', 'oneCycle', 'plateau'] as const;

export interface ScheduleOptions {
  readonly schedule: (typeof scheduleNames)[number];
  readonly learningRate: number;
  /** `step`: epochs between drops. `plateau`: epochs without progress before one. */
  readonly dropEvery: number;
  /** `step` and `plateau`: what the rate is multiplied by. */
  readonly dropFactor: number;
}

const ONE_CYCLE_START = 1 / 25;
const ONE_CYCLE_END = 1e-4 / 25;
const ONE_CYCLE_RISE = 0.3;

const cosine = (from: number, to: number, share: number): number =>
  to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;

/**
 * Learning rate of a step. `step` and `plateau` change between epochs, `cosine` and `oneCycle` (Smith 2018, PyTorch's
 * defaults: rising for 30 % of the steps from 1/25 of the rate) with every step; for these `learningRate` is the highest.
 * @param drops how often a plateau has lowered the rate
 */
export function rateAt(
  { schedule, learningRate, dropEvery, dropFactor }: ScheduleOptions,
  at: { readonly epoch: number; readonly step: number; readonly nSteps: number; readonly drops: number },
): number {
  switch (schedule) {
    case 'constant':
      return learningRate;
    case 'step':
      return learningRate * dropFactor ** Math.floor(at.epoch / dropEvery);
    case 'plateau':
      return learningRate * dropFactor ** at.drops;
    case 'cosine':
      return cosine(learningRate, 0, at.step / at.nSteps);
    case 'oneCycle': {
      const top = ONE_CYCLE_RISE * at.nSteps - 1;
      if (at.step <= top) return cosine(ONE_CYCLE_START * learningRate, learningRate, at.step / Math.max(1, top));
      return cosine(learningRate, ONE_CYCLE_END * learningRate, (at.step - top) / (at.nSteps - 1 - top));
    }
  }
}
