import { formatCount, formatValue } from './format.ts';

/** The numbers behind a chart. */
export interface ChartTableData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

const MAX_ROWS = 500;

function formatCell(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : formatValue(value, 5);
}

/** A plain table, scrolling inside the chart's own height. */
export function ChartTable({ table, height, label }: { table: ChartTableData; height: number; label: string }) {
  const shown = table.rows.slice(0, MAX_ROWS);
  return (
    // A scrolling region must be reachable by keyboard (WCAG 2.1.1).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="chart-table" style={{ height }} tabIndex={0} aria-label={`${label}, table`}>
      <table>
        <thead>
          <tr>
            {table.columns.map((c) => (
              <th key={c} scope="col">
                {c}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, i) => (
            // oxlint-disable-next-line react/no-array-index-key -- rows have no identity of their own
            <tr key={i}>
              {row.map((cell, j) => (
                <td key={table.columns[j] ?? j} className={typeof cell === 'number' ? 'is-number' : undefined}>
                  {cell === null ? '–' : typeof cell === 'number' ? formatCell(cell) : cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length > MAX_ROWS && (
        <p className="chart-note">
          First {MAX_ROWS} of {table.rows.length.toLocaleString('en-US')} rows.
        </p>
      )}
    </section>
  );
}
