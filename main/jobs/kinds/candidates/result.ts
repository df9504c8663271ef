import type { CandidateResult } from '../../../contract/candidates.ts';
import { patchYaml } from '../../../contract/patchYaml.ts';
import type { Trial } from '../../../contract/run.ts';
import { isLessBetter } from '../../../evaluate/metricNames.ts';
import type { Candidate } from '../../../tune/candidates/choose.ts';
import { foldInterval, type MeanInterval } from '../../../tune/candidates/paired.ts';
import { secondsOf, type Contender } from './contender.ts';

/** How a candidate ended: its trials best first, or why there are none. */
export type Finish =
  | {
      readonly contender: Contender;
      readonly trials: readonly Trial[];
      readonly seconds: number;
      /** Beyond the budget; `left` is what was left of it, in seconds. */
      readonly isSkipped: boolean;
      readonly left: number;
      readonly error?: string;
    }
  | { readonly failed: { readonly candidate: Candidate; readonly title: string; readonly error: string } };

/** The configuration of a candidate: the proposal with its model, nothing left to search. */
export function yamlOf(base: string, { type, patch }: Pick<Candidate, 'type' | 'patch'>, params: object): string {
  return patchYaml(base, { ...patch, 'model.type': type, 'model.params': params, tune: undefined });
}

const seconds = (s: number): string => (s < 10 ? `${Number(s.toPrecision(2))} s` : `${Math.round(s)} s`);

/** A candidate as the table shows it, but for its place. */
export function resultOf(
  finish: Finish,
  base: string,
  metric: string,
  nTrain: number,
  nFolds: number,
): CandidateResult {
  if ('failed' in finish) {
    const { candidate, title, error } = finish.failed;
    return {
      ...blank(candidate, title, yamlOf(base, candidate, candidate.params)),
      state: 'failed',
      error,
    };
  }
  const { contender, trials } = finish;
  const { candidate, entry, nFitRows } = contender;
  const cost = secondsOf(contender);
  const best = trials[0];
  const params = { ...candidate.params, ...best?.params };
  const estimate = cost && {
    trialS: nFolds * cost(nFitRows),
    fullFitS: cost(nTrain),
  };
  const shared = {
    ...blank(candidate, entry.spec.title, yamlOf(base, candidate, params)),
    params,
    nTrials: trials.length,
    nFitRows,
    estimate,
    seconds: finish.seconds,
  };
  if (finish.isSkipped) {
    return {
      ...shared,
      state: 'skipped',
      error: `Comparing it would take about ${seconds(estimate?.trialS ?? 0)}, and ${seconds(Math.max(0, finish.left))} of the budget were left.`,
    };
  }
  if (!best || best.mean === null) {
    return { ...shared, state: 'failed', error: finish.error ?? best?.error ?? 'No fold could be scored.' };
  }
  return {
    ...shared,
    state: 'done',
    foldScores: best.foldScores,
    score: withinRange(foldInterval(best.foldScores, 1 / nFolds), metric),
  };
}

/** An interval of a share or an area does not leave 0 … 1. */
function withinRange({ mean, low, high }: MeanInterval, metric: string): MeanInterval {
  return metric === 'rmse' ? { mean, low, high } : { mean, low: Math.max(0, low), high: Math.min(1, high) };
}

const blank = ({ type, reasons, params }: Candidate, title: string, yaml: string) => ({
  type,
  title,
  reasons: [...reasons],
  params: { ...params },
  nTrials: 0,
  nFitRows: 0,
  estimate: null,
  seconds: 0,
  score: null,
  foldScores: [] as number[],
  gapToBest: null,
  yaml,
});

/** Best first, with the gap of each to the first on the same folds; those without a score last. */
export function ranked(results: readonly CandidateResult[], metric: string, testShare: number): CandidateResult[] {
  const sign = isLessBetter(metric) ? 1 : -1;
  const sorted = results.toSorted((a, b) => {
    if (!a.score || !b.score) return Number(!a.score) - Number(!b.score);
    return sign * (a.score.mean - b.score.mean);
  });
  const best = sorted[0];
  return sorted.map((result) => {
    const isPaired = best?.score && result.score && result.foldScores.length === best.foldScores.length;
    if (result === best || !isPaired) return result;
    const gaps = result.foldScores.map((score, fold) => score - best.foldScores[fold]!);
    return { ...result, gapToBest: foldInterval(gaps, testShare) };
  });
}

/** What may be said of the first against the others, and of scores that have chosen. */
export function verdictOf(candidates: readonly CandidateResult[], metric: string): string {
  const nTried = candidates.reduce((sum, { nTrials }) => sum + nTrials, 0);
  const chosen = `These scores chose among ${nTried} configurations, so that of the first flatters it; a run of it is scored on rows that were not used here.`;
  return nTried > 1 ? `${compared(candidates, metric)} ${chosen}` : compared(candidates, metric);
}

function compared(candidates: readonly CandidateResult[], metric: string): string {
  const scored = candidates.filter(({ score }) => score !== null);
  const [best, ...others] = scored;
  if (!best) return 'No candidate could be compared.';
  if (others.length === 0) return `${best.title} is the only one that was compared.`;
  const isWorse = ({ gapToBest }: CandidateResult) =>
    gapToBest !== null && (isLessBetter(metric) ? gapToBest.low > 0 : gapToBest.high < 0);
  const near = others.filter((other) => !isWorse(other));
  if (near.length === 0) return `${best.title} is measurably better than the others on the same held-out rows.`;
  const names = near.map(({ title }) => title.toLowerCase()).join(' and ');
  const fastest = near.reduce((a, b) =>
    (b.estimate?.fullFitS ?? Infinity) < (a.estimate?.fullFitS ?? Infinity) ? b : a,
  );
  const isCheaper = (fastest.estimate?.fullFitS ?? Infinity) < (best.estimate?.fullFitS ?? 0);
  return `${best.title} leads, but ${names} cannot be told apart from it on these rows${
    isCheaper
      ? `; ${fastest.title.toLowerCase()} is fitted in ${seconds(fastest.estimate!.fullFitS)} instead of ${seconds(best.estimate!.fullFitS)}`
      : ''
  }.`;
}
