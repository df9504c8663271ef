import type { RankingCheck, Trial } from '../../contract/run.ts';
import { foldSeconds } from '../../coreset/buildCost.ts';
import { CoresetTree } from '../../coreset/tree/coresetTree.ts';
import { kendallTau, TRUSTED_TAU } from '../../evaluate/kendall.ts';
import { isLessBetter } from '../../evaluate/metricNames.ts';
import type { TaskContext } from '../../kernels/task.ts';
import { fitSeconds } from '../../models/fitCost.ts';
import type { Folds } from '../../tune/folds.ts';
import { scoreTrial, type SearchOptions } from '../../tune/search.ts';
import type { Drawn } from '../folds/coresetParts.ts';
import type { Tuned } from '../tuned.ts';
import { RANKING_SHARE, type RunShape } from './cost.ts';

/** Configurations scored a second time, spread over the ranking. */
const MAX_CHECKED = 12;
/** Fewer say nothing of a ranking. */
const LEAST_CHECKED = 3;
/** All rows are scored on where they are at most this many times the coreset's. */
const FEW_TIMES = 4;
/** CPU seconds beyond which a check is not worth the wait. */
const MAX_CHECK_S = 12;

export interface CheckRequest {
  readonly tuned: Tuned;
  readonly options: Omit<SearchOptions, 'folds'>;
  /** Of the coreset that was searched on. */
  readonly service: string;
  readonly shape: RunShape;
  readonly nFolds: number;
  /** Folds of all training rows, and of another draw of the coreset; null where there is none. */
  allRows(): Folds;
  otherDraw(): Folds | null;
}

/**
 * How far the ranking of configurations on the coreset can be trusted: Kendall's τ with the ranking on all rows where
 * those are few, else with the ranking on a second coreset drawn from the same leaves. Two coresets err independently,
 * so their agreement is no better than that with all rows, up to chance. It costs at most a fifth of the search, and
 * tells on how many configurations τ rests. null when there is nothing to compare, or three would cost more than that.
 */
export async function checkRanking(request: CheckRequest, task: TaskContext): Promise<RankingCheck | null> {
  const { tuned, options, shape } = request;
  const done = tuned.trials.filter((trial) => trial.mean !== null);
  const { isKnown, n } = planCheck(request, done);
  if (n < LEAST_CHECKED) return null;
  const folds = isKnown ? request.allRows() : request.otherDraw();
  if (!folds) return null;
  const sign = isLessBetter(options.metric) ? 1 : -1;
  const ranked = done.toSorted((a, b) => sign * (a.mean! - b.mean!));
  const pairs: [number, number][] = [];
  for (let i = 0; i < n; i++) {
    const { params, mean } = ranked[Math.round((i * (ranked.length - 1)) / (n - 1))]!;
    task.report({ fraction: i / n, step: 'Checking the ranking' });
    const quiet = { ...task, log: () => {}, point: () => {} };
    const again = await scoreTrial(i, params, { ...options, folds }, quiet);
    pairs.push([mean!, again.mean ?? NaN]);
  }
  const tau = kendallTau(
    pairs.map(([ours]) => ours),
    pairs.map(([, others]) => others),
    1e-5,
  );
  if (tau === null) return null;
  const isCut = n < Math.min(MAX_CHECKED, done.length) ? ' The check costs at most a fifth of the search.' : '';
  return {
    tau,
    isEstimate: !isKnown,
    nConfigurations: n,
    explanation: isKnown
      ? `${n} of ${done.length} configurations scored on folds of all ${shape.nTrain.toLocaleString('en')} training rows too.${isCut}`
      : `${n} of ${done.length} configurations scored on a second coreset, drawn anew from the same tree: an estimate of the agreement with all rows, which is rather better.${isCut}`,
  };
}

/**
 * How many configurations a fifth of the search pays for, on all rows where that is at least three of them. By a count of
 * operations and not by a clock: the same run says the same of its ranking each time.
 */
function planCheck(
  { tuned, options, service, shape, nFolds }: CheckRequest,
  done: readonly Trial[],
): { readonly isKnown: boolean; readonly n: number } {
  const most = Math.min(MAX_CHECKED, done.length);
  if (most < LEAST_CHECKED) return { isKnown: false, n: 0 };
  const { nFeatures, nClasses, nTrain } = shape;
  const learned = (nFolds - 1) / nFolds;
  const each = (nRows: number) =>
    (nFolds / done.length) *
    done.reduce((sum, { params }) => {
      const fit = { nRows: learned * nRows, nFeatures, nClasses };
      return sum + fitSeconds(options.entry.spec.type, fit, { ...options.params, ...params });
    }, 0);
  const calibrated = foldSeconds(service, { nRows: nTrain, nFeatures, nClasses, size: tuned.nRows });
  const onCoreset = each(tuned.nRows);
  const budget = Math.min(MAX_CHECK_S, RANKING_SHARE * (calibrated + done.length * onCoreset));
  const payable = (each: number, once: number) => Math.min(most, Math.floor(Math.max(0, budget - once) / each));
  const known = nTrain <= FEW_TIMES * tuned.nRows ? payable(each(nTrain), 0) : 0;
  return known >= LEAST_CHECKED ? { isKnown: true, n: known } : { isKnown: false, n: payable(onCoreset, calibrated) };
}

/** The same tree with its nodes drawn by other random numbers, at the level that has about `size` rows; null where that level is all leaves, so that nothing is drawn. */
export function redrawn({ tree, fitWeights }: Drawn, size: number): Drawn | null {
  const level = Array.from({ length: tree.nLevels }, (_, l) => l).find((l) => tree.rowsOf(l).y.length >= size) ?? 0;
  if (level >= tree.nLevels - 1) return null;
  const { target, nFeatures, drawPilot, pilot, leaves, settings } = tree;
  const again = new CoresetTree({
    settings: { ...settings, seed: settings.seed + 1 },
    target,
    nFeatures,
    drawPilot,
    pilot,
    leaves,
  });
  return { tree: again, coreset: again.coreset(level), fitWeights };
}

/** What a run says about a ranking that is not to be trusted. */
export function rankingWarning({ tau, isEstimate }: RankingCheck): string | null {
  if (tau >= TRUSTED_TAU) return null;
  return `The ranking of configurations on the coreset agrees with ${isEstimate ? 'that on another draw' : 'that on all rows'} only by Kendall's tau = ${tau.toFixed(2)} (below ${TRUSTED_TAU}): many configurations are nearly as good as each other, or the coreset is too small. Take a larger one, or tune on all rows.`;
}
