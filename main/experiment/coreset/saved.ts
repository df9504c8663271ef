import type { RunConfig } from '../../contract/config.ts';
import type { FitRows, RunResult } from '../../contract/run.ts';
import type { Tuned } from '../tuned.ts';

/** A search on the coreset against the same search on all rows, by the processor time of one fit of each. */
export function computeSaved(
  models: readonly { readonly rows: FitRows; readonly cpuMs: number }[],
  tuned: Tuned,
  config: RunConfig,
): RunResult['saved'] {
  const full = models.find((m) => m.rows === 'full');
  const onCoreset = models.find((m) => m.rows === 'coreset');
  if (!full || !onCoreset || tuned.trials.length === 0 || config.tune?.on !== 'coreset') return null;
  const nFits = tuned.trials.length * (config.tune.folds ?? 1);
  const cpuSeconds = Math.max(0, ((full.cpuMs - onCoreset.cpuMs) / 1000) * nFits);
  return {
    cpuSeconds,
    wattHours: (cpuSeconds * 10) / 3600,
    explanation: `${nFits} fits of the search; a fit took ${Math.round(onCoreset.cpuMs)} ms of processor time on the coreset and ${Math.round(full.cpuMs)} ms on all rows; 10 W per busy core assumed.`,
  };
}
