import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { Evaluation } from '../../../main/contract/run.ts';
import { formatValue, tooFew } from '../../charts/format.ts';
import { metricName } from '../../charts/metricNames.ts';
import { measuredBeside } from './evaluation.ts';

/** The model beside the baseline that looks at no feature: is it worth anything at all? */
export function Baseline({
  first,
  baseline,
  metric,
}: {
  first: Evaluation;
  baseline: Evaluation | undefined;
  metric: string | null;
}) {
  if (!baseline || metric === null) return null;
  const name = measuredBeside(first, baseline, metric);
  const own = name === null ? undefined : first.metrics[name];
  const floor = name === null ? undefined : baseline.metrics[name];
  if (name === null || !own || !floor) return null;
  const { label, isHigherBetter } = metricName(name);
  const reason = tooFew(own.interval);
  const isBetter =
    reason === null && (isHigherBetter ? (own.low ?? own.value) > floor.value : (own.high ?? own.value) < floor.value);
  return (
    <section className="run-inspector-part">
      <h3>Against the baseline</h3>
      <p className={isBetter ? 'run-finding is-good' : 'run-finding is-error'}>
        {isBetter ? <IconCheck size={14} stroke={1.6} /> : <IconAlertTriangle size={14} stroke={1.4} />}
        <span>
          {isBetter ? 'Better than' : 'Not measurably better than'} always answering with the{' '}
          {baseline.classes ? 'most frequent class' : 'mean'}: {label} {formatValue(own.value)} beside{' '}
          {formatValue(floor.value)}
          {reason && `, on ${reason} to tell`}.
        </span>
      </p>
    </section>
  );
}
