import { useMemo, type ReactNode } from 'react';
import type { Annotations, Layout, Shape } from 'plotly.js';
import { ChartFrame } from './ChartFrame.tsx';
import type { FidelitySeries } from './fidelitySeries.ts';
import { formatCount, formatShare, formatShareTick, formatValue } from './format.ts';
import { axisTitle } from './layout.ts';
import { PlotlyChart } from './PlotlyChart.tsx';
import { extent, logTicks, spreadLabels } from './scales.ts';
import { labelColour, toTraces, type Series } from './series.ts';
import { useChartTheme } from './theme.ts';

export interface FidelityChartProps {
  readonly title: string;
  readonly subtitle: ReactNode;
  readonly series: readonly FidelitySeries[];
  /** Excess loss is a share of the loss (percent); other gaps are in the metric's own unit. */
  readonly isShare: boolean;
  readonly tolerance?: number;
  /** Size of the coreset in hand. */
  readonly size: number;
  readonly height?: number;
  readonly actions?: ReactNode;
}

/** Gaps are shown on a log scale; one that measures zero (or less, by chance) is drawn at this floor. */
const FLOOR = 1e-7;
const ROLE_ORDER = ['coreset', 'uniform', 'stratified'] as const;

/** Gap to all rows by sample size, log–log, with bands, for the coreset and for plain samples of the same size. */
export function FidelityChart({
  title,
  subtitle,
  series,
  isShare,
  tolerance,
  size,
  height = 300,
  actions,
}: FidelityChartProps) {
  const theme = useChartTheme();
  const text = isShare ? asShare : asValue;
  const tick = isShare ? formatShareTick : asPlain;

  const lines = useMemo(
    () =>
      [...series]
        .sort((a, b) => ROLE_ORDER.indexOf(b.sample) - ROLE_ORDER.indexOf(a.sample))
        .map((s): Series => {
          const floor = (v: number) => Math.max(Math.abs(v), FLOOR);
          const points = [...s.points].sort((a, b) => a.size - b.size);
          return {
            name: s.sample,
            role: s.sample,
            x: points.map((p) => p.size),
            y: points.map((p) => floor(p.median)),
            band: { low: points.map((p) => Math.max(p.low, FLOOR)), high: points.map((p) => floor(p.high)) },
            hasMarkers: true,
          };
        }),
    [series],
  );
  const data = useMemo(
    () => toTraces(lines, theme, isShare ? '%{x:,} rows · gap %{y:.2~%}' : '%{x:,} rows · gap %{y:.2~g}'),
    [lines, theme, isShare],
  );

  const layout = useMemo((): Partial<Layout> => {
    const range = extent(lines.flatMap((l) => [...l.y, ...(l.band?.low ?? []), ...(l.band?.high ?? [])])) ?? [1e-4, 1];
    const low = Math.log10(Math.min(range[0], tolerance ?? range[0])) - 0.15;
    const high = Math.log10(Math.max(range[1], tolerance ?? range[1])) + 0.15;
    const plotHeight = height - 46;
    const toPixel = (v: number) => ((Math.log10(v) - low) / (high - low)) * plotHeight;
    const wanted = lines.map((l) => toPixel(l.y.at(-1) ?? 1));
    const placed = spreadLabels(wanted, 15, 6, plotHeight - 6);
    const ends = lines.flatMap((l, k): Partial<Annotations>[] =>
      l.x.length === 0
        ? []
        : [
            {
              x: Math.log10(l.x.at(-1)!),
              y: Math.log10(l.y.at(-1)!),
              xanchor: 'left',
              yanchor: 'middle',
              xshift: 8,
              yshift: placed[k]! - wanted[k]!,
              text: l.name,
              font: { size: 11, color: labelColour(l.role, theme) },
            },
          ],
    );
    const shapes: Partial<Shape>[] = [
      {
        type: 'line',
        x0: size,
        x1: size,
        yref: 'paper',
        y0: 0,
        y1: 1,
        layer: 'below',
        line: { color: theme.core, width: 1 },
      },
    ];
    if (tolerance !== undefined) {
      shapes.push({
        type: 'line',
        xref: 'paper',
        x0: 0,
        x1: 1,
        y0: tolerance,
        y1: tolerance,
        layer: 'below',
        line: { color: theme.axis, width: 1, dash: 'dot' },
      });
      ends.push({
        xref: 'paper',
        x: 0,
        y: Math.log10(tolerance),
        xanchor: 'left',
        yanchor: 'bottom',
        xshift: 4,
        text: `tolerance ${tick(tolerance)}`,
        font: { size: 11, color: theme.text3 },
      });
    }
    const sizes = [...new Set(lines.flatMap((l) => l.x))].sort((a, b) => a - b);
    const yTicks = logTicks(10 ** low, 10 ** high);
    return {
      margin: { l: 58, r: 70, t: 8, b: 38 },
      xaxis: {
        type: 'log',
        title: axisTitle('sample size (rows, log scale)'),
        tickvals: thinned(sizes),
        ticktext: thinned(sizes).map(formatCount),
      },
      yaxis: { type: 'log', range: [low, high], tickvals: yTicks, ticktext: yTicks.map(tick) },
      shapes,
      annotations: ends as Annotations[],
    };
  }, [lines, theme, tolerance, size, height, tick]);

  const table = useMemo(
    () => ({
      columns: ['Sample', 'Rows', 'Median gap', '10 %', '90 %', 'Draws'],
      rows: series.flatMap((s) =>
        s.points.map((p) => [s.sample, p.size, text(p.median), text(p.low), text(p.high), p.nDraws]),
      ),
    }),
    [series, text],
  );
  const here = lines.find((l) => l.role === 'coreset');
  const at = here?.x.indexOf(size) ?? -1;
  const spoken = here && at >= 0 ? `; coreset of ${formatCount(size)} rows ${text(here.y[at]!)}` : '';
  return (
    <ChartFrame title={title} subtitle={subtitle} height={height} table={table} actions={actions}>
      <PlotlyChart data={data} layout={layout} height={height} label={`${title} by sample size${spoken}`} />
    </ChartFrame>
  );
}

const asShare = (v: number) => formatShare(v);
const asPlain = (v: number) => String(Number(v.toPrecision(2))).replace('-', '−');
const asValue = (v: number) => formatValue(v);

/** At most eight of the sorted sizes, at least a third of a decade apart, so that their labels do not meet. */
function thinned(sizes: readonly number[]): number[] {
  const out: number[] = [];
  for (const s of sizes) if (out.length === 0 || Math.log10(s / out.at(-1)!) > 0.18) out.push(s);
  return out;
}
