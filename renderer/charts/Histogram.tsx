import { useMemo, type ReactNode } from 'react';
import type { Data, Layout } from 'plotly.js';
import { ChartFrame } from './ChartFrame.tsx';
import { formatValue } from './format.ts';
import { axisTitle } from './layout.ts';
import { PlotlyChart } from './PlotlyChart.tsx';
import { lineColour, type SeriesRole } from './series.ts';
import { useChartTheme } from './theme.ts';

export interface HistogramProps {
  readonly title: string;
  readonly subtitle: ReactNode;
  /** Counts between neighbouring edges (one more edge than counts), a group per kind of rows. */
  readonly groups: readonly {
    readonly name: string;
    readonly role: SeriesRole;
    readonly edges: readonly number[];
    readonly counts: readonly number[];
  }[];
  readonly xLabel: string;
  readonly height?: number;
  readonly isStacked?: boolean;
}

/** Counts by bin; the first group as bars, others as a step line over them. */
export function Histogram({ title, subtitle, groups, xLabel, height = 220, isStacked = false }: HistogramProps) {
  const theme = useChartTheme();
  const data = useMemo(
    () =>
      groups.map((g, k): Partial<Data> => {
        const mids = g.counts.map((_, i) => (g.edges[i]! + g.edges[i + 1]!) / 2);
        const text = g.counts.map((_, i) => `${formatValue(g.edges[i]!)} to ${formatValue(g.edges[i + 1]!)}`);
        const hovertemplate = `${g.name}<br>%{text}<br>%{y:,} rows<extra></extra>`;
        const colour = lineColour(g.role, theme);
        if (k > 0) {
          return {
            type: 'scatter',
            mode: 'lines',
            x: mids,
            y: g.counts as number[],
            text,
            line: { shape: 'hvh', color: colour, width: 1.75 },
            hovertemplate,
          };
        }
        const width = g.counts.map((_, i) => Math.abs(g.edges[i + 1]! - g.edges[i]!) * 0.94);
        return {
          type: 'bar',
          x: mids,
          y: g.counts as number[],
          width,
          text,
          textposition: 'none',
          marker: { color: groups.length > 1 ? theme.core : theme.bar, opacity: groups.length > 1 ? 0.55 : 1 },
          hovertemplate,
        };
      }),
    [groups, theme],
  );
  const layout = useMemo(
    (): Partial<Layout> => ({
      bargap: 0,
      margin: { l: 44, r: 8, t: 8, b: 38 },
      xaxis: { title: axisTitle(xLabel) },
      yaxis: { rangemode: 'tozero' },
    }),
    [xLabel],
  );
  const table = useMemo(
    () => ({
      columns: ['Group', 'From', 'To', 'Rows'],
      rows: groups.flatMap((g) =>
        g.counts.map((c, i) => [g.name, formatValue(g.edges[i]!), formatValue(g.edges[i + 1]!), c]),
      ),
    }),
    [groups],
  );
  return (
    <ChartFrame title={title} subtitle={subtitle} height={height} table={table} isStacked={isStacked}>
      <PlotlyChart data={data} layout={layout} height={height} label={`${title}: histogram of ${xLabel}`} />
    </ChartFrame>
  );
}
