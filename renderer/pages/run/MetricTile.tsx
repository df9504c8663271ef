import type { ReactNode } from 'react';
import type { MetricValue } from '../../../main/contract/run.ts';
import { formatInterval, formatValue, tooFew } from '../../charts/format.ts';
import { IntervalBar } from '../../charts/IntervalBar.tsx';
import { metricName } from '../../charts/metricNames.ts';
import { extent } from '../../charts/scales.ts';

export interface MetricTileProps {
  readonly name: string;
  readonly metric: MetricValue;
  /** Drawn as a tick on the same scale. */
  readonly beside: MetricValue | undefined;
  readonly rows: 'coreset' | 'full';
  /** The last line: what stands beside, or what was fitted on. */
  readonly children: ReactNode;
}

/** One number with its interval, on a scale that shows what it is compared with. */
export function MetricTile({ name, metric, beside, rows, children }: MetricTileProps) {
  const domain = extent([metric.value, metric.low, metric.high, beside?.value, beside?.low, beside?.high]) ?? [0, 1];
  const pad = Math.max((domain[1] - domain[0]) * 0.5, Math.abs(metric.value) * 0.004, 1e-6);
  return (
    <div className="run-tile">
      <dt>{metricName(name).label}</dt>
      <dd>
        <strong>{formatValue(metric.value)}</strong>
        <IntervalBar
          value={metric.value}
          low={metric.low}
          high={metric.high}
          interval={metric.interval}
          tick={beside?.value}
          domain={[domain[0] - pad, domain[1] + pad]}
          rows={rows}
          width={120}
          hasTrack
        />
        <IntervalText metric={metric} />
        <small>{children}</small>
      </dd>
    </div>
  );
}

/** A tile is narrow: what the numbers are, or why there are none, is told in full on pointing at them. */
function IntervalText({ metric: { low, high, interval } }: { metric: MetricValue }) {
  if (low !== undefined && high !== undefined)
    return <small title="95 % interval">{formatInterval(low, high, 3)}</small>;
  const reason = tooFew(interval);
  return reason ? <small title={`${reason} for an interval`}>{reason}</small> : <small>no interval</small>;
}
