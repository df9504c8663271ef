import type { CoresetInfo, FidelityCurve } from '../../../main/contract/coreset.ts';
import { formatCount, formatValue } from '../../charts/format.ts';
import { metricName } from '../../charts/metricNames.ts';

/** The model on the root as it is now, and what the last edit did to it. */
export function ModelFacts({ model, nRows }: { model: NonNullable<CoresetInfo['model']>; nRows: number }) {
  return (
    <section className="run-inspector-part">
      <h3>Model on it</h3>
      <dl className="facts">
        {Object.entries(model.metrics).map(([name, value]) => {
          const change = model.before?.[name] === undefined ? null : value - model.before[name]!;
          return (
            <div key={name}>
              <dt>{metricName(name).label}</dt>
              <dd>
                {formatValue(value, 4)}
                {change !== null && change !== 0 && (
                  <small className="coreset-change">
                    {change > 0 ? '+' : '−'}
                    {Number(Math.abs(change).toPrecision(2))}
                  </small>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
      <p className="run-hint">
        Fitted again after each edit; scored on its own {formatCount(nRows)} weighted training rows, not on held-out
        ones.
      </p>
    </section>
  );
}

/** What a fit on the coreset saves. */
export function SavedFacts({ saved }: { saved: NonNullable<FidelityCurve['saved']> }) {
  const perFit = saved.cpuSecondsPerFit;
  const pays = perFit > 0 ? Math.ceil(saved.buildCpuSeconds / perFit) : null;
  return (
    <section className="run-inspector-part">
      <h3>Compute saved</h3>
      <dl className="facts">
        <div>
          <dt>A fit</dt>
          <dd className="is-accent">{formatValue(perFit, 3)} CPU s</dd>
        </div>
        <div>
          <dt>100 fits</dt>
          <dd>{formatValue(saved.wattHoursPer100Fits, 2)} Wh</dd>
        </div>
        {pays !== null && (
          <div>
            <dt>Build pays after</dt>
            <dd>
              {formatCount(pays)} {pays === 1 ? 'fit' : 'fits'}
            </dd>
          </div>
        )}
      </dl>
      <p className="run-hint">{saved.explanation}</p>
    </section>
  );
}
