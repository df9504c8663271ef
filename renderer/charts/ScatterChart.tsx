import { useMemo, type ReactNode } from 'react';
import type { Data, Layout } from 'plotly.js';
import { ChartFrame } from './ChartFrame.tsx';
import { formatValue } from './format.ts';
import { axisTitle, plotText } from './layout.ts';
import { PlotlyChart } from './PlotlyChart.tsx';
import { extent } from './scales.ts';
import { lineColour, type SeriesRole } from './series.ts';
import { useChartTheme } from './theme.ts';

export interface ScatterChartProps {
  readonly title: string;
  readonly subtitle: ReactNode;
  readonly groups: readonly {
    readonly name: string;
    readonly role: SeriesRole;
    readonly x: readonly number[];
    readonly y: readonly number[];
    readonly colour?: string;
  }[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly height?: number;
  /** The line of perfect prediction. */
  readonly hasDiagonal?: boolean;
  readonly isStacked?: boolean;
}

export function ScatterChart({
  title,
  subtitle,
  groups,
  xLabel,
  yLabel,
  height = 260,
  hasDiagonal = false,
  isStacked = false,
}: ScatterChartProps) {
  const theme = useChartTheme();
  const data = useMemo(
    () =>
      groups.map((g): Partial<Data> => ({
        type: 'scatter',
        mode: 'markers',
        name: g.name,
        x: g.x as number[],
        y: g.y as number[],
        marker: { size: 4, opacity: 0.45, color: g.colour ?? lineColour(g.role, theme) },
        hovertemplate: `${plotText(g.name)}<br>${plotText(xLabel)} %{x:.4~g}<br>${plotText(yLabel)} %{y:.4~g}<extra></extra>`,
      })),
    [groups, theme, xLabel, yLabel],
  );
  const layout = useMemo((): Partial<Layout> => {
    const range = hasDiagonal ? extent(groups.flatMap((g) => [...g.x, ...g.y])) : null;
    return {
      margin: { l: 52, r: 8, t: 8, b: 38 },
      xaxis: { title: axisTitle(xLabel) },
      yaxis: { title: axisTitle(yLabel) },
      ...(range && {
        shapes: [
          {
            type: 'line',
            x0: range[0],
            y0: range[0],
            x1: range[1],
            y1: range[1],
            layer: 'below',
            line: { color: theme.axis, width: 1 },
          },
        ],
      }),
    };
  }, [groups, theme, xLabel, yLabel, hasDiagonal]);
  const table = useMemo(
    () => ({
      columns: ['Group', xLabel, yLabel],
      rows: groups.flatMap((g) => g.x.map((x, i) => [g.name, formatValue(x), formatValue(g.y[i]!)])),
    }),
    [groups, xLabel, yLabel],
  );
  return (
    <ChartFrame title={title} subtitle={subtitle} height={height} table={table} isStacked={isStacked}>
      <PlotlyChart data={data} layout={layout} height={height} label={`${title}: ${yLabel} against ${xLabel}`} />
    </ChartFrame>
  );
}
