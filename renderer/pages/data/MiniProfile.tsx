import type { ColumnProfile } from '../../../main/contract/data.ts';

/** A histogram or the three most frequent values, header-sized. */
export function MiniProfile({ column, nRows }: { readonly column: ColumnProfile; readonly nRows: number }) {
  if (column.histogram)
    return (
      <MiniHistogram
        counts={column.histogram.counts}
        low={column.minText ?? short(column.min)}
        high={column.maxText ?? short(column.max)}
      />
    );
  return (
    <ul className="mini-top">
      {column.topValues.slice(0, 3).map(({ value, count }) => (
        <li key={value} style={{ '--share': `${(100 * count) / Math.max(1, nRows)}%` }}>
          <span>{value}</span>
          <span>{share(count / Math.max(1, nRows))}</span>
        </li>
      ))}
    </ul>
  );
}

function MiniHistogram({
  counts,
  low,
  high,
}: {
  readonly counts: readonly number[];
  readonly low: string;
  readonly high: string;
}) {
  const most = Math.max(1, ...counts);
  const width = 100 / counts.length;
  return (
    <div className="mini-histogram">
      <svg viewBox="0 0 100 36" preserveAspectRatio="none" aria-hidden>
        {counts.map((count, i) => {
          const height = count === 0 ? 0 : Math.max(1, (36 * count) / most);
          // oxlint-disable-next-line react/no-array-index-key -- bins have no other name
          return <rect key={i} x={i * width} y={36 - height} width={Math.max(0.4, width - 0.8)} height={height} />;
        })}
      </svg>
      <span>{low}</span>
      <span>{high}</span>
    </div>
  );
}

const short = (value: number | null): string => (value === null ? '' : String(Number(value.toPrecision(4))));

const share = (part: number): string => (part > 0 && part < 0.005 ? '<1 %' : `${Math.round(100 * part)} %`);
