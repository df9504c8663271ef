import type { RankingCheck } from '../../contract/run.ts';
import { CoresetTree } from '../../coreset/tree/coresetTree.ts';
import { kendallTau, TRUSTED_TAU } from '../../evaluate/kendall.ts';
import { isLessBetter } from '../../evaluate/metricNames.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { Fold, Folds } from '../../tune/folds.ts';
import { scoreTrial, type SearchOptions } from '../../tune/search.ts';
import type { Drawn } from '../folds/coresetParts.ts';
import type { Tuned } from '../tuned.ts';

/** Configurations scored a second time, spread over the ranking. */
const MAX_CHECKED = 12;
/** Fewer say nothing of a ranking. */
const LEAST_CHECKED = 3;
/** All rows are scored on where they are at most this many times the coreset's. */
const FEW_TIMES = 4;
/** Share of the search's time that checking it may take, and seconds beyond which it is not worth the wait. */
const TIME_SHARE = 0.2;
const MAX_CHECK_S = 12;

export interface CheckRequest {
  readonly tuned: Tuned;
  /** Seconds the search took. */
  readonly searchS: number;
  readonly options: Omit<SearchOptions, 'folds'>;
  /** Folds of all training rows, and of another draw of the coreset; null where there is none. */
  allRows(): Folds;
  otherDraw(): Folds | null;
  readonly nTrain: number;
}

/**
 * How far the ranking of configurations on the coreset can be trusted: Kendall's τ with the ranking on all rows where
 * those are few, else with the ranking on a second coreset drawn from the same leaves. Two coresets err independently,
 * so their agreement is no better than that with all rows, up to chance. It takes at most a fifth of the search's time, and
 * tells on how many configurations τ rests. null when there is nothing to compare, or no time to compare three.
 */
export async function checkRanking(request: CheckRequest, task: TaskContext): Promise<RankingCheck | null> {
  const { tuned, options, nTrain, searchS } = request;
  const started = performance.now();
  const done = tuned.trials.filter((trial) => trial.mean !== null);
  const budgetS = Math.min(MAX_CHECK_S, TIME_SHARE * searchS);
  const eachS = done.reduce((sum, trial) => sum + trial.seconds, 0) / done.length;
  if (done.length < LEAST_CHECKED || LEAST_CHECKED * eachS > budgetS) return null;
  const times = nTrain / tuned.nRows;
  const isKnown = times <= FEW_TIMES && LEAST_CHECKED * eachS * times <= budgetS;
  const folds = isKnown ? request.allRows() : request.otherDraw();
  if (!folds) return null;
  const sign = isLessBetter(options.metric) ? 1 : -1;
  const ranked = done.toSorted((a, b) => sign * (a.mean! - b.mean!));
  const clock = new Deadline(folds, started + 1000 * budgetS);
  const pairs: [number, number][] = [];
  const n = Math.min(MAX_CHECKED, ranked.length);
  for (const [i, place] of spreadOut(n).entries()) {
    const { params, mean } = ranked[Math.round((place * (ranked.length - 1)) / Math.max(1, n - 1))]!;
    task.report({ fraction: i / n, step: 'Checking the ranking' });
    const quiet = { ...task, log: () => {}, point: () => {} };
    const again = await scoreTrial(i, params, { ...options, folds: clock }, quiet);
    if (clock.isOver) break;
    pairs.push([mean!, again.mean ?? NaN]);
  }
  if (pairs.length < LEAST_CHECKED) return null;
  const tau = kendallTau(
    pairs.map(([ours]) => ours),
    pairs.map(([, others]) => others),
    1e-5,
  );
  if (tau === null) return null;
  const isCut = clock.isOver ? ' The check takes at most a fifth of the time of the search.' : '';
  return {
    tau,
    isEstimate: !isKnown,
    nConfigurations: pairs.length,
    explanation: isKnown
      ? `${pairs.length} of ${done.length} configurations scored on folds of all ${nTrain.toLocaleString('en')} training rows too.${isCut}`
      : `${pairs.length} of ${done.length} configurations scored on a second coreset, drawn anew from the same tree: an estimate of the agreement with all rows, which is rather better.${isCut}`,
  };
}

/** Folds that end when the time is up: the next one is not begun when it is not to be expected to end in time. */
class Deadline implements Folds {
  readonly length: number;
  isOver = false;
  private readonly folds: Folds;
  private readonly end: number;
  private longest = 0;

  constructor(folds: Folds, end: number) {
    this.folds = folds;
    this.length = folds.length;
    this.end = end;
  }

  *[Symbol.iterator](): Iterator<Fold> {
    const folds = this.folds[Symbol.iterator]();
    for (;;) {
      const from = performance.now();
      this.isOver ||= from + this.longest > this.end;
      if (this.isOver) throw new Error('The time for the check is used up.');
      const next = folds.next();
      if (next.done) return;
      yield next.value;
      this.longest = Math.max(this.longest, performance.now() - from);
    }
  }
}

/** Places 0 … n-1 such that the first few are spread over all: both ends, the middle, then between those. */
export function spreadOut(n: number): number[] {
  const places = new Set([0, n - 1]);
  for (let parts = 2; places.size < n; parts *= 2)
    for (let k = 1; k < parts; k += 2) places.add(Math.round((k * (n - 1)) / parts));
  return [...places];
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
