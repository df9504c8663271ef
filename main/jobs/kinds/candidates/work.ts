import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CandidatesAnswer } from '../../../contract/candidates.ts';
import { TuneConfig, type RunConfig } from '../../../contract/config.ts';
import { AppError } from '../../../contract/errors.ts';
import type { MetricName } from '../../../contract/metrics.ts';
import type { Trial } from '../../../contract/run.ts';
import { strictJson } from '../../../contract/strictJson.ts';
import { isLessBetter } from '../../../evaluate/metricNames.ts';
import { takeTableRows } from '../../../kernels/table.ts';
import { subtask, type TaskContext } from '../../../kernels/task.ts';
import { estimatorEntry } from '../../../models/registry.ts';
import { chooseCandidates, factsOf, metricFor, type Candidate } from '../../../tune/candidates/choose.ts';
import { summarise } from '../../../tune/candidates/summary.ts';
import { search } from '../../../tune/search.ts';
import { requireConfig } from '../../config/checkConfig.ts';
import type { JobKindHandler } from '../../handlers.ts';
import { N_PARTS } from '../../../coreset/tree/coresetTree.ts';
import { dealFolds, possibleFolds, type Dealt } from '../../../experiment/folds/deal.ts';
import type { SplitRule } from '../../../experiment/folds/rule.ts';
import { prepareRows, readRows, ruleOf, type SplitRows } from '../../../experiment/rows/prepare.ts';
import { comparedOn, enter, secondsOf, type Contender } from './contender.ts';
import { heldOut, type HeldOut } from './heldOut.ts';
import type { CandidatesInput, CandidatesOutcome } from './input.ts';
import { ranked, resultOf, verdictOf, yamlOf, type Finish } from './result.ts';

const N_FOLDS = 5;
const MAX_TRIALS = 12;
/** A trial that takes at most this share of the budget is made even where preparing has used it up. */
const OVERDRAFT = 0.1;

/** Trains a few models that suit the data on their coresets, within a budget, and ranks them on the same held-out rows. */
export const work: JobKindHandler<CandidatesInput, CandidatesOutcome> = {
  kind: 'candidates',
  async work(input, context) {
    const started = performance.now();
    const elapsed = () => (performance.now() - started) / 1000;
    const base = await requireConfig(input.yaml, () => null);
    context.report({ fraction: 0, step: 'Reading the rows' });
    const rows = await readRows(input.file, base);
    const { task, classes } = rows.analysis;
    const { train, validation, test } = rows.split;
    const trainY = Float64Array.from(train, (i) => rows.y[i]!);
    // What is tried, and by which metric, is chosen from the training rows: the others are only ever scored.
    const data = summarise(takeTableRows(rows.features, train), trainY, task, classes);
    const metric = metricFor(data);
    const rule = ruleOf(rows, base);
    // Fewer than two are refused where they are dealt.
    const nFolds = Math.max(2, Math.min(N_FOLDS, possibleFolds(rule)));
    const dealt = dealFolds(rule, {
      nFolds,
      seed: base.split.seed,
      rows: { rowIds: train, y: trainY },
      isRegression: task === 'regression',
      ...(comparedOn(base, train.length) !== false && { treeParts: N_PARTS }),
    });
    const held = heldOut(dealt, trainY, task === 'regression', base.split.seed);
    const chosen = chooseCandidates(data);
    const threads = base.compute.threads ?? context.threads;
    const finishes: Finish[] = [];
    const contenders: Contender[] = [];
    for (const [i, candidate] of chosen.entries()) {
      const at = subtask(context, 0.05 + (0.25 * i) / chosen.length, 0.05 + (0.25 * (i + 1)) / chosen.length);
      const entered = await tryEntering(candidate, input.yaml, rows, dealt, held, threads, input.budgetS, at);
      if ('contender' in entered) contenders.push(entered.contender);
      else finishes.push(entered);
    }
    const trialS = (c: Contender) => nFolds * (secondsOf(c)?.(c.nFitRows) ?? 0);
    contenders.sort((a, b) => trialS(a) - trialS(b));
    for (const [i, contender] of contenders.entries()) {
      const left = input.budgetS - elapsed();
      const share = left / (contenders.length - i);
      const at = subtask(
        context,
        0.3 + (0.7 * i) / contenders.length,
        0.3 + (0.7 * (i + 1)) / contenders.length,
        `Trying ${contender.entry.spec.title.toLowerCase()}`,
      );
      const isAffordable = trialS(contender) <= Math.max(left, OVERDRAFT * input.budgetS);
      // The cheapest is tried whatever the budget: an empty table answers nothing.
      if (i > 0 && !isAffordable)
        finishes.push({ contender, trials: [], seconds: contender.seconds, isSkipped: true, left });
      else finishes.push(await compete(contender, metric, Math.max(share, 0.001), threads, at));
    }
    const candidates = ranked(
      finishes.map((finish) => resultOf(finish, input.yaml, metric, train.length, nFolds)),
      metric,
      1 / nFolds,
    );
    const answer: CandidatesAnswer = {
      target: base.data.target,
      task,
      metric,
      facts: [...factsOf(data), ...input.reasons, ...foldFacts(rule, nFolds)],
      verdict: verdictOf(candidates, metric),
      budgetS: input.budgetS,
      usedS: elapsed(),
      nRows: train.length + validation.length + test.length,
      nTrain: train.length,
      nFolds,
      nTestRows: Math.round(held.reduce((sum, test) => sum + test.rows.length, 0) / nFolds),
      candidates,
    };
    const answerFile = path.join(context.stagingDir, 'candidates.json');
    await writeFile(answerFile, strictJson(CandidatesAnswer.parse(answer)));
    return { answerFile };
  },
};

/** How folds follow the split, a sentence each. */
function foldFacts(rule: SplitRule, nFolds: number): string[] {
  const fewer =
    nFolds < N_FOLDS ? ` There are ${rule.kind === 'time' ? 'times' : 'groups'} for ${nFolds} folds only.` : '';
  switch (rule.kind) {
    case 'random':
      return [];
    case 'group':
      return [`Folds keep groups together, as the split does.${fewer}`];
    case 'time':
      return [
        `Folds go forward in time, as the split does: models are fitted on rows before those they are scored on.${fewer}`,
      ];
  }
}

async function tryEntering(
  candidate: Candidate,
  base: string,
  rows: SplitRows,
  dealt: Dealt,
  held: readonly HeldOut[],
  threads: number,
  budgetS: number,
  task: TaskContext,
): Promise<{ contender: Contender } | Finish> {
  const entry = await estimatorEntry(candidate.type);
  task.report({ fraction: 0, step: `Preparing ${entry.spec.title.toLowerCase()}` });
  const yaml = yamlOf(base, candidate, candidate.params);
  const config: RunConfig = await requireConfig(yaml, () => null);
  try {
    const prepared = prepareRows(rows, config, entry);
    return { contender: await enter(candidate, config, yaml, entry, prepared, dealt, held, threads, budgetS, task) };
  } catch (cause) {
    if (task.signal.aborted || !(cause instanceof AppError)) throw cause;
    return { failed: { candidate, title: entry.spec.title, error: cause.message } };
  }
}

/** Cross-validates the candidate's own parameters first, then others while its share of the budget lasts. */
async function compete(
  contender: Contender,
  metric: MetricName,
  shareS: number,
  threads: number,
  task: TaskContext,
): Promise<Finish> {
  const { candidate, entry, prepared, folds } = contender;
  const started = performance.now();
  const { params } = candidate;
  const tune = TuneConfig.parse({
    method: 'random',
    space: candidate.space,
    folds: folds.length,
    metric,
    trials: MAX_TRIALS,
    timeBudgetS: shareS,
  });
  const first = Object.fromEntries(
    Object.keys(candidate.space).flatMap((key) => (key in params ? [[key, params[key]]] : [])),
  );
  let trials: Trial[] = [];
  let error: string | undefined;
  try {
    ({ trials } = await search(
      {
        entry,
        params,
        tune,
        metric,
        folds,
        target: prepared.target,
        features: prepared.preprocessor.features,
        threads,
        first: [first],
      },
      task,
    ));
  } catch (cause) {
    if (task.signal.aborted || !(cause instanceof AppError)) throw cause;
    error = cause.message;
  }
  const [tried] = trials;
  const { measured, nFitRows } = contender;
  // What the trial took is one more measurement, on the rows that count.
  const more = tried && tried.mean !== null ? [{ nRows: nFitRows, seconds: tried.seconds / folds.length }] : [];
  const others = measured?.filter(({ nRows }) => nRows < 0.8 * nFitRows || nRows > 1.25 * nFitRows);
  const sign = isLessBetter(metric) ? 1 : -1;
  return {
    contender: { ...contender, measured: others && others.length > 0 ? [...others, ...more] : measured },
    trials: trials.toSorted((a, b) => sign * ((a.mean ?? Infinity * sign) - (b.mean ?? Infinity * sign))),
    seconds: contender.seconds + (performance.now() - started) / 1000,
    isSkipped: false,
    left: 0,
    ...(error !== undefined && { error }),
  };
}
