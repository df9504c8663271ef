import { IconChartLine, IconTable } from '@tabler/icons-react';
import { useId, useState, type ReactNode } from 'react';
import { ChartTable, type ChartTableData } from './ChartTable.tsx';
import './charts.css';

export interface ChartFrameProps {
  readonly title: string;
  /** Which rows, how many, by what method: "validation · 9,769 rows". */
  readonly subtitle?: ReactNode;
  readonly height: number;
  readonly table: ChartTableData;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Title and subtitle on two lines, for narrow charts. */
  readonly isStacked?: boolean;
}

/** Title, subtitle, picture, and the switch to the table behind it. */
export function ChartFrame({ title, subtitle, height, table, actions, children, isStacked = false }: ChartFrameProps) {
  const [isTable, setIsTable] = useState(false);
  const id = useId();
  return (
    <section className="chart" aria-labelledby={id}>
      <header className="chart-head">
        <div className={isStacked ? 'chart-titles is-stacked' : 'chart-titles'}>
          <h3 id={id} className="chart-title">
            {title}
          </h3>
          {subtitle !== undefined && <span className="chart-subtitle">{subtitle}</span>}
        </div>
        {actions}
        <button
          type="button"
          className="chart-toggle"
          aria-pressed={isTable}
          aria-label={isTable ? `${title}: show the chart` : `${title}: show the table`}
          title={isTable ? 'Show the chart' : 'Show the table'}
          onClick={() => setIsTable((was) => !was)}
        >
          {isTable ? <IconChartLine size={14} stroke={1.4} /> : <IconTable size={14} stroke={1.4} />}
        </button>
      </header>
      {isTable ? <ChartTable table={table} height={height} label={title} /> : children}
    </section>
  );
}
