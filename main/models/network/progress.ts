import type { ScheduleOptions } from './schedules.ts';

export interface ProgressState {
  readonly best: number | null;
  readonly bestEpoch: number;
  /** Epochs since the best one, for early stopping. */
  readonly waited: number;
  /** Epochs since the best one or the last drop, for the plateau schedule. */
  readonly onPlateau: number;
  readonly drops: number;
}

interface ProgressOptions extends Pick<ScheduleOptions, 'schedule' | 'dropEvery'> {
  readonly earlyStopping: boolean;
  readonly patience: number;
  readonly minDelta: number;
}

/** Watches the loss epoch by epoch: which epoch was best, when to lower the rate, when to stop. */
export class Progress {
  state: ProgressState;
  private readonly options: ProgressOptions;

  constructor(options: ProgressOptions, state?: ProgressState) {
    this.options = options;
    this.state = state ?? { best: null, bestEpoch: 0, waited: 0, onPlateau: 0, drops: 0 };
  }

  get drops(): number {
    return this.state.drops;
  }

  get isOver(): boolean {
    return this.options.earlyStopping && this.state.waited >= this.options.patience;
  }

  /** @returns whether `loss` is the lowest so far. Patience counts from the last fall by more than `minDelta` of the loss. */
  add(epoch: number, loss: number): boolean {
    const { schedule, dropEvery, minDelta } = this.options;
    const { best, bestEpoch, waited, onPlateau, drops } = this.state;
    const isBest = best === null || loss < best;
    const isProgress = best === null || loss < best - minDelta * Math.abs(best);
    const isDrop = schedule === 'plateau' && !isProgress && onPlateau + 1 >= dropEvery;
    this.state = {
      best: isBest ? loss : best,
      bestEpoch: isBest ? epoch : bestEpoch,
      waited: isProgress ? 0 : waited + 1,
      onPlateau: isProgress || isDrop ? 0 : onPlateau + 1,
      drops: drops + Number(isDrop),
    };
    return isBest;
  }
}
