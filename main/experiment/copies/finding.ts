import type { RunFinding } from '../../contract/run.ts';
import { mainMetric, metricTitle } from '../../evaluate/metricNames.ts';
import { score, type Said } from '../../evaluate/scorer.ts';
import { takeRows, takeValues } from '../../kernels/matrix.ts';
import type { Prepared } from '../rows/prepare.ts';
import { findCopies } from './find.ts';

/** Copies are put down to chance where it explains more than this share of them. */
const MOST_BY_CHANCE = 0.75;
/** Rows that a score is given on. */
const MIN_SCORED = 5;

/** Four digits, as scores in other findings. */
const told = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 4 });

/**
 * Validation rows that are copies of training rows, with the main metric on the others, where chance does not explain
 * them. A metric that the others do not define is left out.
 * @param said of the validation rows by the model whose score is told
 */
export function copiesFinding(
  { split, table, validation, analysis }: Pick<Prepared, 'split' | 'table' | 'validation' | 'analysis'>,
  said: Said | undefined,
): RunFinding[] {
  const { positions, unexplained } = findCopies(table.columns, split.train, split.validation);
  if (positions.length === 0 || unexplained < 1 - MOST_BY_CHANCE) return [];
  const nRows = split.validation.length;
  const share = `${((100 * positions.length) / nRows).toFixed(1)} %`;
  const copies = new Set(positions);
  const others = Uint32Array.from(split.validation.keys()).filter((k) => !copies.has(k));
  const metric = mainMetric(analysis.task);
  const onAll = said && score(said, validation.y)[metric];
  const onOthers =
    said && others.length >= MIN_SCORED
      ? score(takeSaid(said, others), takeValues(validation.y, others))[metric]
      : undefined;
  const name = metricTitle(metric);
  const scores =
    others.length < MIN_SCORED
      ? 'Hardly a row is left that tells how the model does on new cases.'
      : onAll === undefined || onOthers === undefined
        ? ''
        : `${name.charAt(0).toUpperCase()}${name.slice(1)} is ${told(onOthers)} on the ${others.length.toLocaleString('en-US')} others, ${told(onAll)} on all.`;
  const first = scores && others.length >= MIN_SCORED ? ', only the first tells' : ', scores on copies do not tell';
  return [
    {
      code: 'COPIES',
      severity: 'warning',
      title: `${share} of the validation rows are copies of training rows`,
      detail: [
        `${positions.length.toLocaleString('en-US')} of ${nRows.toLocaleString('en-US')} hold what a training row holds in every input column.`,
        scores,
        `If a copy is the same case recorded twice${first} how the model does on new cases.`,
        'Then keep one row of each case in the data, or add a column that names the case and set split.group to it.',
      ]
        .filter((sentence) => sentence !== '')
        .join(' '),
      remedies: [],
    },
  ];
}

function takeSaid(said: Said, rows: Uint32Array): Said {
  if ('predicted' in said) return { predicted: takeValues(said.predicted, rows) };
  return { labels: takeValues(said.labels, rows), proba: takeRows(said.proba, rows) };
}
