import type { RunConfig } from '../../contract/config.ts';
import type { Evaluation, RunResult } from '../../contract/run.ts';
import { isLessBetter, mainMetric, metricTitle } from '../../evaluate/metricNames.ts';
import { scoreOn } from '../../evaluate/scorer.ts';
import { takeRows, takeValues } from '../../kernels/matrix.ts';
import { createRng, permutation } from '../../kernels/rng.ts';
import type { Fitted } from '../../models/estimator.ts';
import { regularisationOf } from '../../models/explain/regularise.ts';
import type { Prepared } from '../rows/prepare.ts';

/** Training rows that are scored: enough for two digits of a gap. */
const MAX_ROWS = 10_000;
/** Over-fitting is told when training rows have at most this share of the error of validation rows. */
const TOLD_FROM = 0.7;
const FORESTS = new Set(['randomForest', 'extraTrees']);

type Finding = RunResult['findings'][number];

/** Four digits, thousands separated: 0.9179, 19,640. */
const told = (score: number): string => score.toLocaleString('en-US', { maximumSignificantDigits: 4 });

/** The main metric on rows the model learned from beside that on rows held out, and what would answer a gap. */
export async function overfitting(
  fitted: Fitted,
  evaluation: Evaluation | undefined,
  { train, analysis }: Prepared,
  params: Readonly<Record<string, unknown>>,
  config: RunConfig,
): Promise<{ readonly overfit?: NonNullable<RunResult['overfit']>; readonly findings: Finding[] }> {
  const metric = mainMetric(analysis.task);
  const validation = evaluation?.metrics[metric];
  if (!validation || fitted.type === 'baseline') return { findings: [] };
  const rows = permutation(train.y.length, createRng(13)).slice(0, MAX_ROWS).sort();
  const value = await scoreOn(fitted, takeRows(train.X, rows), takeValues(train.y, rows), metric);
  if (value === undefined) return { findings: [] };
  const overfit = { metric, train: value, validation: validation.value, nTrainScored: rows.length };
  const errorOf = (score: number) => (isLessBetter(metric) ? score : 1 - score);
  // Within the interval of the validation score the gap may be chance.
  const isBeyond = isLessBetter(metric) ? value < (validation.low ?? value) : value > (validation.high ?? value);
  if (!isBeyond || errorOf(value) > TOLD_FROM * errorOf(validation.value)) return { overfit, findings: [] };
  const remedies = regularisationOf(fitted.type, params, Object.keys(config.tune?.space ?? {}));
  const isForest = FORESTS.has(fitted.type);
  const finding: Finding = {
    code: 'OVERFITTING',
    severity: isForest ? 'info' : 'warning',
    title: isForest ? 'The forest knows its training rows by heart' : 'The model over-fits',
    detail: `Its ${metricTitle(metric)} is ${told(value)} on rows it learned from and ${told(validation.value)} on rows held out.${
      isForest ? ' For forests that is usual and need not harm; larger leaves would tell.' : ''
    }`,
    remedies: remedies.map(({ label, patch }) => ({ label, patch: { ...patch } })),
  };
  return { overfit, findings: [finding] };
}
