import { formatCount, formatSigned, formatValue } from '../../charts/format.ts';
import { IntervalBar } from '../../charts/IntervalBar.tsx';
import { metricName } from '../../charts/metricNames.ts';
import { extent } from '../../charts/scales.ts';
import type { RunResult } from './evaluation.ts';

/** The score on rows the model learned from beside that on rows held out. */
export function Overfit({ result }: { result: RunResult }) {
  const { overfit } = result;
  if (!overfit) return null;
  const { train, validation, metric } = overfit;
  const own = result.evaluations.find(({ rows }) => rows === 'full')?.metrics[metric];
  const [low, high] = extent([train, validation, own?.low, own?.high]) ?? [0, 1];
  const pad = Math.max((high - low) * 0.1, 1e-6);
  return (
    <section className="run-inspector-part">
      <div className="run-inspector-row">
        <h3>Training and validation</h3>
        <strong title="training minus validation">{formatSigned(train - validation, 2)}</strong>
      </div>
      <p className="run-facts">
        <span>
          training <b>{formatValue(train)}</b>
        </span>
        <span>
          validation <b>{formatValue(validation)}</b>
        </span>
      </p>
      <IntervalBar
        value={validation}
        low={own?.low}
        high={own?.high}
        interval={own?.interval}
        tick={train}
        domain={[low - pad, high + pad]}
        rows="full"
        width={220}
        hasTrack
      />
      <p className="run-hint">
        {metricName(metric).label} of the model of all rows; the tick is on {formatCount(overfit.nTrainScored)} rows it
        learned from
      </p>
    </section>
  );
}
