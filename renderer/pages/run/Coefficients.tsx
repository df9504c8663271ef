import { useMemo, useState } from 'react';
import { formatSigned } from '../../charts/format.ts';
import { BarList } from '../../charts/BarList.tsx';
import type { RunResult } from './evaluation.ts';

const FEW = 15;

/** Coefficients of a linear model: by standard deviation (drawn) and per unit of the original column. */
export function Coefficients({ result }: { result: RunResult }) {
  const [isAll, setIsAll] = useState(false);
  const coefficients = useMemo(
    () => [...(result.coefficients ?? [])].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)),
    [result.coefficients],
  );
  const items = useMemo(
    () =>
      coefficients.map((c) => ({ label: c.class === null ? c.feature : `${c.feature} → ${c.class}`, value: c.value })),
    [coefficients],
  );
  if (coefficients.length === 0) return null;
  const hasClass = coefficients.some((c) => c.class !== null);
  const hasUnits = coefficients.some((c) => c.unitValue !== null);
  return (
    <section className="run-section is-two is-tight" aria-label="Coefficients">
      <BarList
        title="Coefficients"
        subtitle="as the model sees the columns (scaled), largest first"
        items={items}
        isSigned
        maxItems={FEW}
      />
      <div>
        <header className="run-section-head">
          <h3>In the columns’ own units</h3>
          <span>change of the {result.task === 'regression' ? result.target : 'log-odds'} per unit</span>
        </header>
        <div className="pith-scroll">
          <table className="pith-table">
            <thead>
              <tr>
                <th scope="col">Feature</th>
                {hasClass && <th scope="col">Class</th>}
                <th scope="col" className="is-right">
                  Scaled
                </th>
                {hasUnits && (
                  <th scope="col" className="is-right">
                    Per unit
                  </th>
                )}
                {hasUnits && <th scope="col">Unit</th>}
              </tr>
            </thead>
            <tbody>
              {(isAll ? coefficients : coefficients.slice(0, FEW)).map((c) => (
                <tr key={`${c.feature}/${c.class ?? ''}`}>
                  <td className="is-clip" title={`${c.feature} (from ${c.source})`}>
                    {c.feature}
                  </td>
                  {hasClass && <td>{c.class}</td>}
                  <td className="is-right">{formatSigned(c.value)}</td>
                  {hasUnits && <td className="is-right is-strong">{formatSigned(c.unitValue)}</td>}
                  {hasUnits && <td>{c.unit ?? ''}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {coefficients.length > FEW && (
          <button type="button" className="pith-link" onClick={() => setIsAll((was) => !was)}>
            {isAll ? 'Show the largest only' : `Show all ${coefficients.length}`}
          </button>
        )}
      </div>
    </section>
  );
}
