import { useMemo, type ReactNode } from 'react';
import type { Data, Layout } from 'plotly.js';
import { ChartFrame } from './ChartFrame.tsx';
import { formatSigned } from './format.ts';
import { axisTitle, plotText } from './layout.ts';
import { PlotlyChart } from './PlotlyChart.tsx';
import { swarmOffsets, type BeeswarmFeature } from './swarm.ts';
import { useChartTheme } from './theme.ts';

export interface BeeswarmProps {
  readonly title: string;
  readonly subtitle: ReactNode;
  readonly xLabel: string;
  /** Most important first. */
  readonly features: readonly BeeswarmFeature[];
  readonly onPointClick?: (row: number) => void;
  readonly actions?: ReactNode;
}

const ROW_H = 30;

/** SHAP values of many rows by feature; the colour is the feature's value, low to high, grey where it has no order. */
export function Beeswarm({ title, subtitle, xLabel, features, onPointClick, actions }: BeeswarmProps) {
  const theme = useChartTheme();
  const height = features.length * ROW_H + 60;
  const data = useMemo(
    () =>
      features.map((f, k): Partial<Data> => {
        const offsets = swarmOffsets(f.contributions);
        const row = features.length - 1 - k;
        return {
          type: 'scatter',
          mode: 'markers',
          name: f.name,
          x: f.contributions as number[],
          y: offsets.map((o) => row + o * 0.38),
          text: f.texts.map(plotText),
          marker: { size: 4, opacity: 0.8, color: f.levels.map((l) => (l === null ? theme.light : mix(l))) },
          hovertemplate: `${plotText(f.name)} = %{text}<br>%{x:+.4~f}<extra></extra>`,
        };
      }),
    [features, theme],
  );
  const layout = useMemo(
    (): Partial<Layout> => ({
      margin: { l: 130, r: 12, t: 4, b: 38 },
      xaxis: { title: axisTitle(xLabel), zeroline: true, zerolinecolor: theme.axis },
      yaxis: {
        range: [-0.6, features.length - 0.4],
        tickvals: features.map((_, k) => features.length - 1 - k),
        ticktext: features.map((f) => plotText(f.name.length > 20 ? `${f.name.slice(0, 19)}…` : f.name)),
        showgrid: false,
        automargin: false,
      },
    }),
    [features, theme, xLabel],
  );
  const table = useMemo(
    () => ({
      columns: ['Feature', 'Mean |contribution|', 'Smallest', 'Largest'],
      rows: features.map((f) => [
        f.name,
        formatSigned(f.contributions.reduce((s, v) => s + Math.abs(v), 0) / Math.max(1, f.contributions.length)),
        formatSigned(Math.min(...f.contributions)),
        formatSigned(Math.max(...f.contributions)),
      ]),
    }),
    [features],
  );
  return (
    <ChartFrame title={title} subtitle={subtitle} height={height} table={table} actions={actions}>
      <PlotlyChart
        data={data}
        layout={layout}
        height={height}
        label={`${title}: contributions by feature, most important ${features[0]?.name ?? ''}`}
        {...(onPointClick && { onPointClick: (p: { index: number }) => onPointClick(p.index) })}
      />
      <div className="chart-legend">
        <span>feature value: low</span>
        {[0, 0.25, 0.5, 0.75, 1].map((s) => (
          <i key={s} style={{ background: mix(s) }} />
        ))}
        <span>high</span>
        <i style={{ background: theme.light }} />
        <span>category or missing</span>
      </div>
    </ChartFrame>
  );
}

/** Blue (low) to orange (high) through grey: the two Okabe–Ito ends stay apart for every kind of colour vision. */
function mix(level: number): string {
  const ends = [
    [0, 114, 178],
    [150, 150, 150],
    [213, 94, 0],
  ] as const;
  const at = Math.min(1, Math.max(0, level)) * 2;
  const [a, b, t] = at <= 1 ? [ends[0], ends[1], at] : [ends[1], ends[2], at - 1];
  return `rgb(${[0, 1, 2].map((k) => Math.round(a[k]! + (b[k]! - a[k]!) * t)).join(',')})`;
}
