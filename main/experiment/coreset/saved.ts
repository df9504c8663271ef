import type { RunConfig } from '../../contract/config.ts';
import type { FitRows, RunResult } from '../../contract/run.ts';
import type { Tuned } from '../tuned.ts';

/** A search on the coreset against the same search on all rows, by the measured time of one fit of each. */
export function computeSaved(
  models: readonly { readonly rows: FitRows; readonly fitMs: number }[],
  tuned: Tuned,
  config: RunConfig,
  threads: number,
): RunResult['saved'] {
  const full = models.find((m) => m.rows === 'full');
  const onCoreset = models.find((m) => m.rows === 'coreset');
  if (!full || !onCoreset || tuned.trials.length === 0 || config.tune?.on !== 'coreset') return null;
  const nFits = tuned.trials.length * (config.tune.folds ?? 1);
  const cpuSeconds = Math.max(0, ((full.fitMs - onCoreset.fitMs) / 1000) * nFits * threads);
  return {
    cpuSeconds,
    wattHours: (cpuSeconds * 10) / 3600,
    explanation: `${nFits} fits of the search; a fit took ${Math.round(onCoreset.fitMs)} ms on the coreset and ${Math.round(full.fitMs)} ms on all rows, on ${threads} threads; 10 W per busy core assumed.`,
  };
}
