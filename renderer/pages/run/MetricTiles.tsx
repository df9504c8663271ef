import { formatValue, TOO_FEW_ROWS } from '../../charts/format.ts';
import { IntervalBar } from '../../charts/IntervalBar.tsx';
import { inReadingOrder, metricName } from '../../charts/metricNames.ts';
import { extent } from '../../charts/scales.ts';
import { leading, rowsWord, type EvaluationPair, type RowsShown } from './evaluation.ts';

const MAX_TILES = 5;

/** The headline numbers, each with its interval and the all-rows value. */
export function MetricTiles({ pair, shown }: { pair: EvaluationPair; shown: RowsShown }) {
  const first = leading(pair, shown);
  if (!first) return null;
  const names = inReadingOrder(Object.keys(first.metrics)).slice(0, MAX_TILES);
  const other = shown === 'both' && first.rows === 'coreset' ? pair.full : undefined;
  return (
    <dl className="run-tiles">
      {names.map((name) => {
        const metric = first.metrics[name]!;
        const beside = other?.metrics[name];
        const domain = extent([metric.value, metric.low, metric.high, beside?.value, beside?.low, beside?.high]) ?? [
          0, 1,
        ];
        const pad = Math.max((domain[1] - domain[0]) * 0.5, Math.abs(metric.value) * 0.004, 1e-6);
        return (
          <div key={name} className="run-tile">
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
                rows={first.rows === 'full' ? 'full' : 'coreset'}
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
              <small>
                {beside ? (
                  <>
                    all rows <b>{formatValue(beside.value)}</b>
                  </>
                ) : (
                  `fitted on ${rowsWord(first.rows)}`
                )}
              </small>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
