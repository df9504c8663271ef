import { useMemo, useState } from 'react';
import type { Trial } from '../../../main/contract/run.ts';
import { formatDuration, formatParam, formatValue } from '../../charts/format.ts';
import { IntervalBar } from '../../charts/IntervalBar.tsx';
import { metricName } from '../../charts/metricNames.ts';
import { ParallelCoordinates } from '../../charts/ParallelCoordinates.tsx';
import { extent } from '../../charts/scales.ts';

const FEW = 12;

/** Every configuration that was tried, best first, drawn as parallel coordinates above its table. */
export function TrialsTable({
  trials,
  metric,
  folds,
  on,
}: {
  trials: readonly Trial[];
  metric: string;
  folds: number | null;
  on: string;
}) {
  const [isAll, setIsAll] = useState(false);
  const { label, isHigherBetter } = metricName(metric);
  const ordered = useMemo(() => {
    const worst = isHigherBetter ? -Infinity : Infinity;
    return [...trials].sort((a, b) => (isHigherBetter ? 1 : -1) * ((b.mean ?? worst) - (a.mean ?? worst)));
  }, [trials, isHigherBetter]);
  const names = useMemo(() => [...new Set(trials.flatMap((t) => Object.keys(t.params)))], [trials]);
  const lines = useMemo(() => trials.map((t) => ({ number: t.number, params: t.params, score: t.mean })), [trials]);
  const reach = (t: Trial) => 1.96 * (t.standardError ?? 0);
  const domain = extent(trials.flatMap((t) => (t.mean === null ? [] : [t.mean - reach(t), t.mean + reach(t)]))) ?? [
    0, 1,
  ];
  if (trials.length === 0) return null;
  const how = `${trials.length} trials${folds ? ` · ${folds}-fold cross-validation` : ''} · on ${on}`;
  return (
    <section className="run-section" aria-label="Trials">
      {names.length > 1 && trials.length > 2 && (
        <ParallelCoordinates
          title="Search"
          subtitle={`${how} · accent = best 6`}
          trials={lines}
          scoreLabel={label}
          isHigherBetter={isHigherBetter}
          height={220}
        />
      )}
      <header className="run-section-head">
        <h3>Trials, best first</h3>
        <span>
          {how} · {label} with 95 % interval
        </span>
      </header>
      <div className="pith-scroll">
        <table className="pith-table">
          <thead>
            <tr>
              <th scope="col" className="is-right">
                Trial
              </th>
              {names.map((n) => (
                <th scope="col" key={n}>
                  {n}
                </th>
              ))}
              <th scope="col" className="is-bar">
                {label}
              </th>
              <th scope="col" className="is-right">
                Mean
              </th>
              <th scope="col" className="is-right">
                Std. error
              </th>
              <th scope="col" className="is-right">
                Time
              </th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {(isAll ? ordered : ordered.slice(0, FEW)).map((t, k) => (
              <tr key={t.number} className={k === 0 && t.mean !== null ? 'is-chosen' : undefined}>
                <td className="is-right">{t.number}</td>
                {names.map((n) => (
                  <td key={n}>{formatParam(t.params[n])}</td>
                ))}
                <td className="is-bar">
                  {t.mean !== null && (
                    <IntervalBar
                      value={t.mean}
                      low={t.mean - reach(t)}
                      high={t.mean + reach(t)}
                      domain={domain}
                      rows="coreset"
                      width={128}
                    />
                  )}
                </td>
                <td className="is-right is-strong">{formatValue(t.mean)}</td>
                <td className="is-right">{formatValue(t.standardError)}</td>
                <td className="is-right">{formatDuration(t.seconds * 1000)}</td>
                <td title={t.error}>
                  {k === 0 && t.mean !== null ? 'chosen' : t.state}
                  {t.error && <span className="is-danger"> · {t.error}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {trials.length > FEW && (
        <button type="button" className="pith-link" onClick={() => setIsAll((was) => !was)}>
          {isAll ? 'Show the best only' : `Show all ${trials.length} trials`}
        </button>
      )}
    </section>
  );
}
