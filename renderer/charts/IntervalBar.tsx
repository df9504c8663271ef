import type { MetricValue } from '../../main/contract/run.ts';
import type { SeriesRole } from './series.ts';
import { formatValue, tooFew } from './format.ts';
import './charts.css';

export interface IntervalBarProps {
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** Why there is none; said, and the dot is drawn open. */
  readonly interval?: MetricValue['interval'];
  /** The all-rows value, as a tick. */
  readonly tick?: number | undefined;
  /** A reference shown as a grey line: the baseline run, the overall metric. */
  readonly reference?: number | undefined;
  readonly domain: readonly [number, number];
  readonly rows: Extract<SeriesRole, 'coreset' | 'full' | 'uniform' | 'stratified' | 'baseline'>;
  readonly width?: number;
  readonly height?: number;
  readonly hasTrack?: boolean;
}

/** A value with its interval on a shared scale: dot, bar, and the all-rows tick. */
export function IntervalBar({
  value,
  low,
  high,
  interval,
  tick,
  reference,
  domain,
  rows,
  width = 104,
  height = 14,
  hasTrack = false,
}: IntervalBarProps) {
  const x = (v: number) =>
    Math.min(width - 3, Math.max(3, ((v - domain[0]) / Math.max(1e-12, domain[1] - domain[0])) * (width - 6) + 3));
  const mid = height / 2;
  const spoken =
    low !== undefined && high !== undefined
      ? `${formatValue(value)}, 95 % interval ${formatValue(low)} to ${formatValue(high)}`
      : `${formatValue(value)}${interval === undefined ? '' : `, ${tooFew(interval)} for an interval`}`;
  return (
    <svg width={width} height={height} role="img" aria-label={spoken} className={`interval is-${rows}`}>
      <title>{spoken}</title>
      {hasTrack && <rect x={0} y={mid - 1} width={width} height={2} className="interval-track" />}
      {reference !== undefined && (
        <line x1={x(reference)} x2={x(reference)} y1={0} y2={height} className="interval-reference" />
      )}
      {low !== undefined && high !== undefined && (
        <rect
          x={x(low)}
          y={mid - 1.5}
          width={Math.max(1, x(high) - x(low))}
          height={3}
          rx={1.5}
          className="interval-bar"
        />
      )}
      <circle
        cx={x(value)}
        cy={mid}
        r={3.25}
        className={interval === undefined ? 'interval-dot' : 'interval-dot is-open'}
      />
      {tick !== undefined && <line x1={x(tick)} x2={x(tick)} y1={mid - 5} y2={mid + 5} className="interval-tick" />}
    </svg>
  );
}
