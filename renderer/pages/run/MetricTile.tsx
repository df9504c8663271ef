import type { ReactNode } from 'react';
import type { MetricValue } from '../../../main/contract/run.ts';
import { formatValue, TOO_FEW_ROWS } from '../../charts/format.ts';
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
        <small>
          {metric.low !== undefined && metric.high !== undefined
            ? `${formatValue(metric.low, 3)} to ${formatValue(metric.high, 3)}`
            : metric.interval === 'tooFewRows'
              ? TOO_FEW_ROWS
              : 'no interval'}
        </small>
        <small>{children}</small>
      </dd>
    </div>
  );
}
