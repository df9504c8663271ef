import type { RankingCheck } from '../../contract/run.ts';
import { CoresetTree } from '../../coreset/tree/coresetTree.ts';
import { calibratedFolds } from '../../coreset/tree/folds.ts';
import { kendallTau, TRUSTED_TAU } from '../../evaluate/kendall.ts';
import { isLessBetter } from '../../evaluate/metricNames.ts';
import { takeRows, takeValues } from '../../kernels/matrix.ts';
import type { TaskContext } from '../../kernels/task.ts';
import type { Fold } from '../../tune/folds.ts';
import { scoreTrial, type SearchOptions } from '../../tune/search.ts';
import type { Tuned } from '../tuned.ts';

/** Configurations scored a second time, spread over the ranking. */
const MAX_CHECKED = 12;
/** All rows are scored on where they are at most this many times the coreset's. */
const FEW_TIMES = 4;
/** A search that took longer is not repeated in part. */
const MAX_SEARCH_S = 60;

export interface CheckRequest {
  readonly tuned: Tuned;
  readonly options: Omit<SearchOptions, 'folds'>;
  /** Folds of all training rows, and of another draw of the coreset; null where there is none. */
  allRows(): Fold[];
  otherDraw(): Fold[] | null;
  readonly nTrain: number;
}

/**
 * How far the ranking of configurations on the coreset can be trusted: Kendall's τ with the ranking on all rows where
 * those are few, else with the ranking on a second coreset drawn from the same leaves. Two coresets err independently,
 * so their agreement is no better than that with all rows, up to chance. null when there is nothing to compare.
 */
export async function checkRanking(request: CheckRequest, task: TaskContext): Promise<RankingCheck | null> {
  const { tuned, options, nTrain } = request;
  const done = tuned.trials.filter((trial) => trial.mean !== null);
  const seconds = done.reduce((sum, trial) => sum + trial.seconds, 0);
  if (done.length < 3 || seconds > MAX_SEARCH_S) return null;
  const isKnown = nTrain <= FEW_TIMES * tuned.nRows;
  const folds = isKnown ? request.allRows() : request.otherDraw();
  if (!folds) return null;
  const sign = isLessBetter(options.metric) ? 1 : -1;
  const ranked = done.toSorted((a, b) => sign * (a.mean! - b.mean!));
  const n = Math.min(MAX_CHECKED, ranked.length);
  const checked = Array.from(
    { length: n },
    (_, i) => ranked[Math.round((i * (ranked.length - 1)) / Math.max(1, n - 1))]!,
  );
  const others: number[] = [];
  for (const [i, { params }] of checked.entries()) {
    task.report({ fraction: i / n, step: 'Checking the ranking' });
    const again = await scoreTrial(i, params, { ...options, folds }, { ...task, log: () => {}, point: () => {} });
    others.push(again.mean ?? NaN);
  }
  const tau = kendallTau(
    checked.map(({ mean }) => mean!),
    others,
    1e-5,
  );
  if (tau === null) return null;
  return {
    tau,
    isEstimate: !isKnown,
    nConfigurations: n,
    explanation: isKnown
      ? `${n} of ${done.length} configurations scored on folds of all ${nTrain.toLocaleString('en')} training rows too.`
      : `${n} of ${done.length} configurations scored on a second coreset, drawn anew from the same tree: an estimate of the agreement with all rows, which is rather better.`,
  };
}

/**
 * Folds of the same tree with its nodes drawn by other random numbers, at the level that has about `size` rows; null
 * where that level is all leaves, so that nothing is drawn.
 */
export function redrawnFolds(tree: CoresetTree, size: number, nFolds: number, seed: number): Fold[] | null {
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
  const coreset = again.coreset(level);
  return calibratedFolds(again, nFolds, seed, coreset).map((fold) => ({
    trainX: takeRows(coreset.X, fold.trainRows),
    trainY: takeValues(coreset.y, fold.trainRows),
    trainWeight: fold.trainWeights,
    testX: takeRows(coreset.X, fold.testRows),
    testY: takeValues(coreset.y, fold.testRows),
    testWeight: fold.testWeights,
  }));
}

/** What a run says about a ranking that is not to be trusted. */
export function rankingWarning({ tau, isEstimate }: RankingCheck): string | null {
  if (tau >= TRUSTED_TAU) return null;
  return `The ranking of configurations on the coreset agrees with ${isEstimate ? 'that on another draw' : 'that on all rows'} only by Kendall's tau = ${tau.toFixed(2)} (below ${TRUSTED_TAU}): many configurations are nearly as good as each other, or the coreset is too small. Take a larger one, or tune on all rows.`;
}
