import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { Evaluation } from '../../../main/contract/run.ts';
import { formatCount, formatShare, formatValue } from '../../charts/format.ts';
import { IntervalBar } from '../../charts/IntervalBar.tsx';
import { metricName } from '../../charts/metricNames.ts';
import { extent } from '../../charts/scales.ts';

const FEW = 8;

/** Worst slices of the validation rows, with intervals; flagged where even the good end is worse than the whole. */
export function SlicesTable({
  first,
  full,
  classLabel,
}: {
  first: Evaluation;
  full: Evaluation | undefined;
  classLabel: string | undefined;
}) {
  const [isAll, setIsAll] = useState(false);
  const slices = first.slices ?? [];
  const metric = slices[0]?.metric;
  if (slices.length === 0 || metric === undefined) return null;
  const { label, isHigherBetter } = metricName(metric);
  const overall = first.metrics[metric]?.value;
  const isFlagged = (s: (typeof slices)[number]) =>
    overall !== undefined &&
    (isHigherBetter ? s.high !== undefined && s.high < overall : s.low !== undefined && s.low > overall);
  const domain = extent([...slices.flatMap((s) => [s.value, s.low, s.high]), overall]) ?? [0, 1];
  const nFlagged = slices.filter(isFlagged).length;
  const fullBySlice = new Map((full?.slices ?? []).map((s) => [s.slice, s.value]));
  const hasBoth = full !== undefined && full !== first;
  return (
    <section className="run-section" aria-label="Slices">
      <header className="run-section-head">
        <h3>Slices, worst first</h3>
        <span>
          validation · {formatCount(first.nValidation)} rows · {label} with 95 % interval
          {overall !== undefined && ` · grey line = overall ${formatValue(overall, 3)}`}
        </span>
        {nFlagged > 0 && (
          <span className="run-chip is-danger">
            <IconAlertTriangle size={12} stroke={1.6} /> {nFlagged} of {slices.length} flagged
          </span>
        )}
      </header>
      <table className="pith-table">
        <thead>
          <tr>
            <th scope="col" aria-label="flag" className="is-icon" />
            <th scope="col">Slice</th>
            <th scope="col" className="is-right">
              Rows
            </th>
            {slices.some((s) => s.share !== null) && (
              <th scope="col" className="is-right" title={`Share of ${classLabel ?? 'the last class'}`}>
                {classLabel ?? 'Share'}
              </th>
            )}
            <th scope="col" className="is-bar">
              {label}, {formatValue(domain[0], 2)} to {formatValue(domain[1], 2)}
            </th>
            <th scope="col" className="is-right">
              {first.rows === 'full' ? 'All rows' : 'Coreset'}
            </th>
            {hasBoth && (
              <th scope="col" className="is-right">
                All rows
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {(isAll ? slices : slices.slice(0, FEW)).map((s) => {
            const flagged = isFlagged(s);
            return (
              <tr key={s.slice}>
                <td className="is-icon">
                  {flagged && (
                    <IconAlertTriangle size={14} stroke={1.4} className="is-danger" aria-label="worse than the whole" />
                  )}
                </td>
                <td className="is-clip" title={s.slice}>
                  {s.slice}
                </td>
                <td className="is-right">{formatCount(s.nRows)}</td>
                {slices.some((x) => x.share !== null) && <td className="is-right">{formatShare(s.share)}</td>}
                <td className="is-bar">
                  <IntervalBar
                    value={s.value}
                    low={s.low}
                    high={s.high}
                    interval={s.interval}
                    tick={hasBoth ? fullBySlice.get(s.slice) : undefined}
                    reference={overall}
                    domain={domain}
                    rows={first.rows === 'full' ? 'full' : 'coreset'}
                    width={128}
                  />
                </td>
                <td className={flagged ? 'is-right is-danger' : 'is-right is-strong'}>{formatValue(s.value, 3)}</td>
                {hasBoth && <td className="is-right">{formatValue(fullBySlice.get(s.slice), 3)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
      {slices.length > FEW && (
        <button type="button" className="pith-link" onClick={() => setIsAll((was) => !was)}>
          {isAll ? 'Show the worst only' : `Show all ${slices.length} slices`}
        </button>
      )}
    </section>
  );
}
