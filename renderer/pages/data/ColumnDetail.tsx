import type { ColumnProfile } from '../../../main/contract/data.ts';
import { ChartFrame } from '../../charts/ChartFrame.tsx';

const QUANTILES = ['1 %', '5 %', '25 %', 'median', '75 %', '95 %', '99 %'];

const BAR_HEIGHT = 88;

/** The chosen column, larger: its shape, the numbers behind it, and its figures. */
export function ColumnDetail({ column, nRows }: { readonly column: ColumnProfile; readonly nRows: number }) {
  const bars = barsOf(column);
  const table = {
    columns: column.histogram ? ['From', 'To', 'Rows'] : ['Value', 'Rows'],
    rows: bars.map(({ label, to, count }) => (column.histogram ? [label, to, count] : [label, count])),
  };
  return (
    <section className="column-detail" aria-label={`Profile of ${column.name}`}>
      <ChartFrame
        title={column.name}
        subtitle={`all rows · ${nRows.toLocaleString('en')} rows · ${column.type}${
          column.histogram || column.nDistinct <= bars.length ? '' : ` · the ${bars.length} most frequent values`
        }`}
        height={BAR_HEIGHT + 36}
        table={table}
      >
        <div className="column-detail-body">
          <Bars column={column} bars={bars} />
          <dl>
            <Figure name="missing" value={column.nMissing} />
            <Figure name="distinct" value={column.nDistinct} />
            {column.mean !== null && <Figure name="mean" value={column.mean} />}
            {column.standardDeviation !== null && <Figure name="std. deviation" value={column.standardDeviation} />}
            {column.minText !== null && <Text name="first" value={column.minText} />}
            {column.maxText !== null && <Text name="last" value={column.maxText} />}
            {column.minText === null && column.min !== null && <Figure name="minimum" value={column.min} />}
            {column.type !== 'time' &&
              column.quantiles?.map((value, i) => (
                <Figure key={QUANTILES[i]} name={QUANTILES[i] ?? ''} value={value} />
              ))}
            {column.maxText === null && column.max !== null && <Figure name="maximum" value={column.max} />}
          </dl>
        </div>
      </ChartFrame>
    </section>
  );
}

interface Bar {
  readonly label: string;
  /** Upper edge of a bin; empty for a value. */
  readonly to: string;
  readonly count: number;
}

const MAX_VALUES = 12;

function barsOf({ histogram, topValues, minText, maxText }: ColumnProfile): Bar[] {
  if (!histogram) return topValues.slice(0, MAX_VALUES).map(({ value, count }) => ({ label: value, to: '', count }));
  const { edges, counts } = histogram;
  // Edges of a time are seconds: only its ends have words.
  const text = (i: number) =>
    i === 0 && minText !== null ? minText : i === counts.length && maxText !== null ? maxText : edge(edges[i]);
  return counts.map((count, i) => ({ label: text(i), to: text(i + 1), count }));
}

function Bars({ column, bars }: { readonly column: ColumnProfile; readonly bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  const isHistogram = column.histogram !== null;
  return (
    <div className={isHistogram ? 'detail-bars is-histogram' : 'detail-bars'}>
      <div className="detail-plot" role="img" aria-label={`Distribution of ${column.name}`}>
        {bars.map((bar, i) => (
          <div
            // oxlint-disable-next-line react/no-array-index-key -- bins have no other name
            key={i}
            title={`${bar.label}${bar.to === '' ? '' : ` to ${bar.to}`}: ${bar.count.toLocaleString('en')} rows`}
          >
            {!isHistogram && <span className="num">{bar.count.toLocaleString('en')}</span>}
            <i style={{ height: Math.max(bar.count > 0 ? 1 : 0, (BAR_HEIGHT * bar.count) / most) }} />
            {!isHistogram && <span className="bar-label">{bar.label === '' ? '(empty)' : bar.label}</span>}
          </div>
        ))}
      </div>
      {isHistogram && (
        <div className="detail-ends" aria-hidden>
          <span>{bars[0]?.label}</span>
          <span>{bars.at(-1)?.to}</span>
        </div>
      )}
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
