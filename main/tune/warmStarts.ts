import type { Fitted } from '../models/estimator.ts';
import type { Params } from './space.ts';

/** Trials remembered: enough for a grid to meet its neighbour along one parameter while others go round. */
const N_KEPT = 8;

/** Models of the last trials by fold, for the next fits on the same rows to start from. */
export class WarmStarts {
  private readonly trials: { readonly params: Params; readonly byFold: Map<number, Fitted> }[] = [];

  /**
   * The model of a fold with parameters nearest to `params`, the latest of several. Choices count for more than numbers: a
   * lasso that starts from a ridge solution has all its coefficients to bring to zero.
   */
  nearest(params: Params, fold: number): Fitted | undefined {
    let [best, least] = [undefined as Fitted | undefined, Infinity];
    for (const trial of this.trials) {
      const fitted = trial.byFold.get(fold);
      let distance = 0;
      for (const [name, value] of Object.entries(params)) {
        if (value !== trial.params[name]) distance += typeof value === 'number' ? 1 : N_KEPT;
      }
      if (fitted && distance <= least) [best, least] = [fitted, distance];
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
