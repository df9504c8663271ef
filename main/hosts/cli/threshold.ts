import type { Evaluation, RunDetail } from '../../contract/run.ts';
import { number } from './output.ts';

/**
 * How a threshold does on the rows it may have been chosen on, and on test rows once they were opened; '' for runs that
 * tell no two classes apart.
 */
export function thresholdNote({ result }: RunDetail, rows: 'coreset' | 'full', threshold: number): string {
  const of = (evaluations: readonly Evaluation[] = []) =>
    evaluations.find((e) => e.rows === rows) ?? evaluations.find((e) => e.rows === 'coreset');
  const own = of(result?.evaluations);
  if (!own?.thresholds) return '';
  const onTest = of(result?.test?.evaluations);
  return [
    `From a probability of ${threshold} on the label is ${own.classes?.at(-1)}: ${ratesAt(own, threshold)} on the ${own.nValidation} validation rows.`,
    onTest?.thresholds
      ? `On the ${onTest.nValidation} test rows: ${ratesAt(onTest, threshold)}.`
      : 'If it was chosen on these rows, expect a little less on new ones.',
  ].join(' ');
}

function ratesAt({ thresholds = [] }: Evaluation, threshold: number): string {
  const nearest = thresholds.reduce((a, b) =>
    Math.abs(b.threshold - threshold) < Math.abs(a.threshold - threshold) ? b : a,
  );
  const { tp, fp, fn } = nearest;
  const over = (part: number, rest: number) => (part + rest > 0 ? number(part / (part + rest)) : 'undefined');
  return `precision ${over(tp, fp)}, recall ${over(tp, fn)}`;
}
