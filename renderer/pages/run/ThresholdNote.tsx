import type { RunDetail } from '../../../main/contract/run.ts';
import { formatCount } from '../../charts/format.ts';

/** Says which label a probability becomes, where there are two classes. */
export function ThresholdNote({ run, threshold }: { run: RunDetail; threshold: number | null }) {
  const positive = run.result?.task === 'binary' ? run.result.classes.at(-1) : undefined;
  if (positive === undefined) return null;
  return (
    <p className="dialog-text">
      {threshold === null ? (
        'The likelier class is the label.'
      ) : (
        <>
          The label is <b>{positive}</b> where its probability is at least <b>{threshold.toFixed(2)}</b>, as chosen on
          the run’s page, on its {formatCount(run.result?.nValidation)} validation rows: expect a little less on new
          ones.
        </>
      )}
    </p>
  );
}
