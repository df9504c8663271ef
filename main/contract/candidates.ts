import { z } from 'zod';

const Interval = z.object({ mean: z.number(), low: z.number(), high: z.number() });

/** One model of the proposal: why, what it costs, how it did. */
export const CandidateResult = z.object({
  type: z.string(),
  title: z.string(),
  reasons: z.array(z.string()),
  /** `skipped`: beyond the budget; `failed`: with the reason in `error`. */
  state: z.enum(['done', 'skipped', 'failed']),
  error: z.string().optional(),
  /** The best parameters that were tried. */
  params: z.record(z.string(), z.unknown()),
  nTrials: z.number(),
  /** Rows a fit of the comparison learned from. */
  nFitRows: z.number(),
  /** Seconds by rates measured on samples: of one trial (all folds), and of a fit on all training rows. */
  estimate: z.object({ trialS: z.number(), fullFitS: z.number() }).nullable(),
  /** Seconds it took. */
  seconds: z.number(),
  /** Cross-validated score with its 95 % interval, and the scores of the folds; null when nothing was fitted. */
  score: Interval.nullable(),
  foldScores: z.array(z.number()),
  /** Its score minus that of the first, on the same rows of the same folds; null for the first. */
  gapToBest: Interval.nullable(),
  /** Configuration that fits it with these parameters. */
  yaml: z.string(),
});
export type CandidateResult = z.infer<typeof CandidateResult>;

/** The candidates of a proposal, best first; those without a score last. */
export const CandidatesAnswer = z.object({
  target: z.string(),
  task: z.string(),
  metric: z.string(),
  /** What was seen in the data, and what it led to. */
  facts: z.array(z.string()),
  /** What the best says of the others: measurably better, or not to be told apart. */
  verdict: z.string(),
  budgetS: z.number(),
  usedS: z.number(),
  nRows: z.number(),
  nTrain: z.number(),
  nFolds: z.number(),
  /** Held-out rows of one fold, the same for all candidates. */
  nTestRows: z.number(),
  candidates: z.array(CandidateResult),
});
export type CandidatesAnswer = z.infer<typeof CandidatesAnswer>;
