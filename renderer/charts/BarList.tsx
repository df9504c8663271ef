import type { ReactNode } from 'react';
import { ChartFrame } from './ChartFrame.tsx';
import { formatAligned } from './format.ts';
import { extent } from './scales.ts';

interface BarItem {
  readonly label: string;
  /** Shown beside the label, e.g. the feature's value in this row. */
  readonly detail?: string;
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

export interface BarListProps {
  readonly title: string;
  readonly subtitle: ReactNode;
  readonly items: readonly BarItem[];
  /** Signed bars grow from a zero line (accent to the right, grey to the left). */
  readonly isSigned?: boolean;
  readonly actions?: ReactNode;
  readonly maxItems?: number;
}

/** Horizontal bars by name, largest first as given, with intervals as whiskers. */
export function BarList({ title, subtitle, items, isSigned = false, actions, maxItems = 30 }: BarListProps) {
  const shown = items.slice(0, maxItems);
  const range = extent(shown.flatMap((i) => [i.value, i.low, i.high, 0])) ?? [0, 1];
  const low = Math.min(0, range[0]);
  const high = Math.max(range[1], isSigned ? 0 : 1e-12);
  const at = (v: number) => `${((v - low) / (high - low || 1)) * 100}%`;
  const text = formatAligned(
    shown.map((i) => i.value),
    isSigned,
  );
  const table = {
    columns: ['Name', 'Value', 'Low', 'High'],
    rows: items.map((i) => [
      i.detail ? `${i.label} = ${i.detail}` : i.label,
      text(i.value),
      i.low === undefined ? null : text(i.low),
      i.high === undefined ? null : text(i.high),
    ]),
  };
  return (
    <ChartFrame
      title={title}
      subtitle={subtitle}
      height={Math.max(80, shown.length * 24)}
      table={table}
      actions={actions}
    >
      <ul className="bars">
        {shown.map((item) => {
          const from = Math.min(0, item.value);
          const to = Math.max(0, item.value);
          return (
            <li key={`${item.label}${item.detail ?? ''}`}>
              <span
                className="bars-label"
                title={item.detail === undefined ? item.label : `${item.label} = ${item.detail}`}
              >
                {item.label}
                {item.detail !== undefined && <em>{item.detail}</em>}
              </span>
              <span className="bars-track">
                <i
                  className={item.value < 0 ? 'bars-fill is-negative' : 'bars-fill'}
                  style={{ left: at(from), width: `calc(${at(to)} - ${at(from)})` }}
                />
                {isSigned && <i className="bars-zero" style={{ left: at(0) }} />}
                {item.low !== undefined && item.high !== undefined && (
                  <i
                    className="bars-whisker"
                    style={{ left: at(item.low), width: `calc(${at(item.high)} - ${at(item.low)})` }}
                  />
                )}
              </span>
              <span className="bars-value">{text(item.value)}</span>
            </li>
          );
        })}
      </ul>
      {items.length > shown.length && (
        <p className="chart-note">{items.length - shown.length} smaller ones are in the table.</p>
      )}
    </ChartFrame>
  );
}
