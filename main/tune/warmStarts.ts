import type { Fitted } from '../models/estimator.ts';
import type { Params } from './space.ts';

/** Trials remembered: enough for a grid to meet its neighbour along one parameter while others go round. */
const N_KEPT = 8;

/** Models of the last trials by fold, for the next fits on the same rows to start from. */
export class WarmStarts {
  private readonly trials: { readonly params: Params; readonly byFold: Map<number, Fitted> }[] = [];

  /** The model of a fold whose parameters differ least in number from `params`, the latest of several. */
  nearest(params: Params, fold: number): Fitted | undefined {
    let [best, fewest] = [undefined as Fitted | undefined, Infinity];
    for (const trial of this.trials) {
      const fitted = trial.byFold.get(fold);
      const nDifferent = Object.keys(params).filter((name) => params[name] !== trial.params[name]).length;
      if (fitted && nDifferent <= fewest) [best, fewest] = [fitted, nDifferent];
    }
    return best;
  }

  keep(params: Params, fold: number, fitted: Fitted): void {
    let trial = this.trials.find((known) => known.params === params);
    if (!trial) {
      trial = { params, byFold: new Map() };
      this.trials.push(trial);
      if (this.trials.length > N_KEPT) this.trials.shift();
    }
    trial.byFold.set(fold, fitted);
  }
}
