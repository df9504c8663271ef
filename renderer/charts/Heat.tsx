import type { ReactNode } from 'react';
import { ChartFrame } from './ChartFrame.tsx';
import { formatValue } from './format.ts';
import { extent, linearScale, niceTicks } from './scales.ts';
import { useChartTheme } from './theme.ts';
import { useWidth } from './useWidth.ts';

export interface HeatProps {
  readonly title: string;
  readonly subtitle: ReactNode;
  /** Top row first; `values[k]` belongs to `steps[k]`. */
  readonly rows: readonly {
    readonly label: string;
    readonly values: readonly (number | null)[];
    readonly isFlagged?: boolean;
  }[];
  readonly steps: readonly number[];
  readonly xLabel: string;
  readonly isLog: boolean;
  readonly xMax?: number;
  readonly actions?: ReactNode;
}

const ROW_H = 20;
const LEFT = 92;
const RIGHT = 58;

/** Values by row and step as a heat strip; the last value stands at the right of each row. */
export function Heat({ title, subtitle, rows, steps, xLabel, isLog, xMax, actions }: HeatProps) {
  const theme = useChartTheme();
  const [host, width] = useWidth();
  const plotWidth = Math.max(60, width - LEFT - RIGHT);
  const all = rows
    .flatMap((r) => r.values)
    .filter((v): v is number => v !== null && Number.isFinite(v) && (!isLog || v > 0));
  const range = extent(all) ?? [0, 1];
  const shade = (value: number | null): string => {
    if (value === null) return 'transparent';
    // NaN and infinity are what an exploding network leaves; they must stand out, not vanish.
    if (!Number.isFinite(value)) return theme.danger;
    const [low, high] = isLog ? [Math.log(range[0]), Math.log(range[1])] : range;
    const at = isLog ? (value > 0 ? Math.log(value) : low) : value;
    const share = high === low ? 0.5 : (at - low) / (high - low);
    return theme.heat[Math.min(5, Math.max(0, Math.floor(share * 6)))]!;
  };
  const last = Math.max(xMax ?? 0, steps.at(-1) ?? 1);
  const scale = linearScale([steps[0] ?? 0, last], [LEFT, LEFT + plotWidth]);
  const stepWidth =
    steps.length > 1
      ? (scale.toPixel(steps.at(-1)!) - scale.toPixel(steps[0]!)) / (steps.length - 1)
      : plotWidth / Math.max(1, last);
  const height = rows.length * ROW_H + 44;
  const table = {
    columns: [xLabel, ...rows.map((r) => r.label)],
    rows: steps.map((s, k) => [s, ...rows.map((r) => r.values[k] ?? null)]),
  };
  return (
    <ChartFrame title={title} subtitle={subtitle} height={height} table={table} actions={actions}>
      <div ref={host} style={{ height }}>
        <svg
          width="100%"
          height={height}
          role="img"
          aria-label={`${title}; last values: ${rows.map((r) => `${r.label} ${formatValue(r.values.at(-1))}`).join(', ')}`}
        >
          {rows.map((row, i) => (
            <g key={row.label}>
              <text
                x={LEFT - 8}
                y={i * ROW_H + 14}
                textAnchor="end"
                className={row.isFlagged ? 'svg-label is-danger' : 'svg-label'}
              >
                {row.label.length > 15 ? `${row.label.slice(0, 14)}…` : row.label}
                <title>{row.label}</title>
              </text>
              {row.values.map((value, k) => (
                <rect
                  key={steps[k]}
                  x={scale.toPixel(steps[k]!)}
                  y={i * ROW_H + 1}
                  width={Math.max(0.8, stepWidth + 0.3)}
                  height={ROW_H - 2}
                  fill={shade(value)}
                >
                  <title>{`${row.label}, ${xLabel} ${steps[k]}: ${formatValue(value)}`}</title>
                </rect>
              ))}
              {row.isFlagged && (
                <rect
                  x={LEFT}
                  y={i * ROW_H + 0.5}
                  width={Math.max(4, scale.toPixel(steps.at(-1) ?? 0) + stepWidth - LEFT)}
                  height={ROW_H - 1}
                  className="heat-flag"
                />
              )}
              <text
                x={scale.toPixel(steps.at(-1) ?? 0) + stepWidth + 6}
                y={i * ROW_H + 14}
                className={row.isFlagged ? 'svg-label is-danger' : 'svg-hint'}
              >
                {formatValue(row.values.at(-1))}
              </text>
            </g>
          ))}
          {niceTicks(scale.domain[0], scale.domain[1], 5).map((t) => (
            <text key={t} x={scale.toPixel(t)} y={rows.length * ROW_H + 16} textAnchor="middle" className="svg-hint">
              {t}
            </text>
          ))}
          <g transform={`translate(${LEFT} ${rows.length * ROW_H + 24})`}>
            <text x={0} y={11} className="svg-hint">
              {formatValue(range[0])}
            </text>
            {theme.heat.map((colour, k) => (
              <rect key={colour} x={56 + k * 16} y={3} width={16} height={8} fill={colour} />
            ))}
            <text x={158} y={11} className="svg-hint">
              {formatValue(range[1])}
              {isLog ? ' · log scale' : ''}
            </text>
          </g>
        </svg>
      </div>
    </ChartFrame>
  );
}
