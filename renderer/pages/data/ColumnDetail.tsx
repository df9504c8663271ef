import type { ColumnProfile } from '../../../main/contract/data.ts';

const QUANTILES = ['1 %', '5 %', '25 %', 'median', '75 %', '95 %', '99 %'];

/** The chosen column, larger: its shape, and its figures. */
export function ColumnDetail({ column, nRows }: { readonly column: ColumnProfile; readonly nRows: number }) {
  return (
    <section className="column-detail" aria-label={`Profile of ${column.name}`}>
      <h3>
        {column.name}{' '}
        <span className="muted">
          all rows · {nRows.toLocaleString('en')} rows · {column.type}
        </span>
      </h3>
      <div className="column-detail-body">
        <Bars column={column} />
        <dl>
          <Figure name="missing" value={column.nMissing} />
          <Figure name="distinct" value={column.nDistinct} />
          {column.mean !== null && <Figure name="mean" value={column.mean} />}
          {column.standardDeviation !== null && <Figure name="standard deviation" value={column.standardDeviation} />}
          {column.minText !== null && <Text name="first" value={column.minText} />}
          {column.maxText !== null && <Text name="last" value={column.maxText} />}
          {column.minText === null && column.min !== null && <Figure name="minimum" value={column.min} />}
          {column.type !== 'time' &&
            column.quantiles?.map((value, i) => <Figure key={QUANTILES[i]} name={QUANTILES[i] ?? ''} value={value} />)}
          {column.maxText === null && column.max !== null && <Figure name="maximum" value={column.max} />}
        </dl>
      </div>
    </section>
  );
}

function Bars({ column }: { readonly column: ColumnProfile }) {
  const bars = column.histogram
    ? column.histogram.counts.map((count, i) => ({ label: edge(column.histogram?.edges[i]), count }))
    : column.topValues.slice(0, 12).map(({ value, count }) => ({ label: value, count }));
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  const isHistogram = column.histogram !== null;
  return (
    <div
      className={isHistogram ? 'detail-bars is-histogram' : 'detail-bars'}
      role="img"
      aria-label={`Distribution of ${column.name}`}
    >
      {bars.map((bar) => (
        <div key={bar.label} title={`${bar.label}: ${bar.count.toLocaleString('en')}`}>
          {!isHistogram && <span className="num">{bar.count.toLocaleString('en')}</span>}
          <i style={{ '--height': `${(100 * bar.count) / most}%` }} />
          <span className="bar-label">{bar.label}</span>
        </div>
      ))}
    </div>
  );
}

const edge = (value: number | undefined): string => (value === undefined ? '' : String(Number(value.toPrecision(5))));

function Figure({ name, value }: { readonly name: string; readonly value: number }) {
  return <Text name={name} value={Number(value.toPrecision(6)).toLocaleString('en', { maximumFractionDigits: 6 })} />;
}

function Text({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
