import { CoresetConfig, type RunConfig } from '../../contract/config.ts';
import type { CoresetChoice } from '../../contract/run.ts';
import type { EstimatorEntry } from '../../models/entry.ts';
import { fitsMemory } from '../../models/svm/limits.ts';
import { configurationsOf, coresetRows, runCost, type RunShape } from './cost.ts';
import type { SettledConfig } from './settled.ts';

/** Estimators that hold a matrix of all pairs of rows. */
const KERNEL_MACHINES = new Set(['svc', 'svr']);

/**
 * Decides `coreset: auto` once, before anything is fitted: a coreset where it makes the run cheaper, else all rows. A
 * configuration that asks for a coreset, or for none, stays as it is, without a word.
 *
 * It reads the configuration and the numbers of rows, features and classes, and nothing else: no target, no clock. A
 * decision by measured time could flip between two runs of one configuration; one by counts cannot. Only where all rows
 * may be too many for a kernel machine does it ask for the memory that is free, as the fit itself would.
 */
export function settleCoreset(
  wanted: RunConfig,
  entry: EstimatorEntry,
  shape: RunShape,
): { readonly config: SettledConfig; readonly choice: CoresetChoice | null } {
  const { coreset } = wanted;
  if (coreset !== 'auto') return { config: { ...wanted, coreset }, choice: null };
  const own = CoresetConfig.parse({});
  const choice = choose(wanted, own, entry, shape);
  return { config: { ...wanted, coreset: choice.uses === 'coreset' && own }, choice };
}

function choose(config: RunConfig, coreset: CoresetConfig, entry: EstimatorEntry, shape: RunShape): CoresetChoice {
  const { nTrain } = shape;
  const all = nTrain.toLocaleString('en');
  const m = coresetRows(coreset, nTrain);
  const few = m.toLocaleString('en');
  const allRows = (why: string, cost: CoresetChoice['cost'] = null): CoresetChoice => ({
    uses: 'allRows',
    note: `All ${all} training rows are used: ${why}.`,
    cost,
  });
  if (m >= nTrain) return allRows(`a coreset of ${few} would hold every one of them`);
  if (KERNEL_MACHINES.has(entry.spec.type) && !fitsMemory(nTrain))
    return {
      uses: 'coreset',
      note: `A coreset of ${few} of ${all} training rows is used: the kernel matrix of all rows is larger than the memory that is free.`,
      cost: null,
    };
  if (configurationsOf(config).length === 0) return allRows('nothing is searched, so a coreset would be an extra cost');
  if (config.tune?.on === 'full') return allRows('the search is to run on all of them');
  const cost = runCost(config, coreset, entry, shape);
  if (cost.allRows <= cost.coreset)
    return allRows(
      `a coreset would cost about ${seconds(cost.coreset)} of computing, all rows about ${seconds(cost.allRows)}`,
      cost,
    );
  return {
    uses: 'coreset',
    note: `The search runs on a coreset of ${few} of ${all} training rows: that costs about ${seconds(cost.coreset)} of computing, all rows would cost about ${seconds(cost.allRows)}.`,
    cost,
  };
}

/** Two digits, and no more than is known: 0.84 s, 12 s, 3 min. */
function seconds(s: number): string {
  if (s < 100) return `${Number(Math.max(0.1, s).toPrecision(s < 1 ? 1 : 2))} s`;
  return s < 6000 ? `${Math.round(s / 60)} min` : `${Math.round(s / 3600)} h`;
}
