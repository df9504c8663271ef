import { formatCount, formatShare, formatSigned, tooFew } from '../../charts/format.ts';
import { inReadingOrder, metricName } from '../../charts/metricNames.ts';
import type { RunResult } from './evaluation.ts';

/** How faithful the coreset was: its gap to all rows, beside plain samples of the same size. */
export function FidelityPanel({ result }: { result: RunResult }) {
  const { fidelity, coreset } = result;
  if (!fidelity || !coreset) return null;
  const names = inReadingOrder(Object.keys(fidelity.gaps));
  const hasUniform = fidelity.uniform !== undefined;
  const hasStratified = fidelity.stratified !== undefined;
  return (
    <section className="run-section" aria-label="Fidelity">
      <header className="run-section-head">
        <h3>Fidelity: gap to all rows</h3>
        <span>
          validation · {formatCount(fidelity.nValidation)} rows · samples of {formatCount(coreset.nRows)} rows · minus
          the model fitted on all {formatCount(result.nTrain)}
        </span>
      </header>
      {fidelity.advice && <p className="run-advice">{fidelity.advice}</p>}
      <table className="pith-table">
        <thead>
          <tr>
            <th scope="col">Measure</th>
            <th scope="col" className="is-right">
              <i className="dot is-coreset" />
              Coreset
            </th>
            <th scope="col" className="is-right">
              95 % interval
            </th>
            {hasUniform && (
              <th scope="col" className="is-right">
                <i className="dot is-light" />
                Uniform
              </th>
            )}
            {hasStratified && (
              <th scope="col" className="is-right">
                <i className="dot is-light" />
                Stratified
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {fidelity.excessLoss !== null && (
            <tr>
              <td title="Training loss of all rows at this model, over its smallest possible value, minus 1">
                Excess loss
              </td>
              <td className="is-right is-strong">{formatShare(fidelity.excessLoss)}</td>
              <td className="is-right">–</td>
              {hasUniform && <td className="is-right">{formatShare(fidelity.uniformExcessLoss)}</td>}
              {hasStratified && <td className="is-right">{formatShare(fidelity.stratifiedExcessLoss)}</td>}
            </tr>
          )}
          {names.map((name) => {
            const gap = fidelity.gaps[name]!;
            return (
              <tr key={name}>
                <td>{metricName(name).label}</td>
                <td className="is-right is-strong">{formatSigned(gap.gap)}</td>
                <td className="is-right">
                  {gap.low !== undefined && gap.high !== undefined
                    ? `${formatSigned(gap.low)} to ${formatSigned(gap.high)}`
                    : (tooFew(gap.interval) ?? '–')}
                </td>
                {hasUniform && <td className="is-right">{formatSigned(fidelity.uniform?.[name])}</td>}
                {hasStratified && <td className="is-right">{formatSigned(fidelity.stratified?.[name])}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
      {result.saved && (
        <p className="run-hint" title={result.saved.explanation}>
          Saved about {formatCount(result.saved.cpuSeconds)} CPU seconds ({result.saved.wattHours.toPrecision(2)} Wh).{' '}
          {result.saved.explanation}
        </p>
      )}
    </section>
  );
}
