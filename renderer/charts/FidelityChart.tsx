import { useMemo, type ReactNode } from 'react';
import type { Annotations, Layout, Shape } from 'plotly.js';
import { ChartFrame } from './ChartFrame.tsx';
import type { FidelitySeries } from './fidelitySeries.ts';
import { formatCount, formatShare, formatShareTick, formatValue } from './format.ts';
import { axisTitle } from './layout.ts';
import { PlotlyChart } from './PlotlyChart.tsx';
import { extent, logTicks, niceTicks, spreadLabels } from './scales.ts';
import { labelColour, toTraces, type Series } from './series.ts';
import { useChartTheme } from './theme.ts';

export interface FidelityChartProps {
  readonly title: string;
  readonly subtitle: ReactNode;
  readonly series: readonly FidelitySeries[];
  /** Excess loss is a share of the loss (percent); other gaps are in the metric's own unit. */
  readonly isShare: boolean;
  /** What the vertical axis counts. */
  readonly yLabel: string;
  readonly tolerance?: number;
  /** Size of the coreset in hand. */
  readonly size: number;
  readonly height?: number;
  readonly actions?: ReactNode;
}

/** On a log scale, a gap that measures zero is drawn at this floor. */
const FLOOR = 1e-7;
const ROLE_ORDER = ['coreset', 'refreshed', 'uniform', 'stratified'] as const;

/**
 * Gap to all rows by sample size, with bands, for the coreset and for plain samples of the same size: on a log scale where
 * no gap can be negative, else on a linear one around zero, which is the model of all rows.
 */
export function FidelityChart({
  title,
  subtitle,
  series,
  isShare,
  yLabel,
  tolerance,
  size,
  height = 300,
  actions,
}: FidelityChartProps) {
  const theme = useChartTheme();
  const text = isShare ? asShare : asValue;
  const tick = isShare ? formatShareTick : asPlain;

  const isLog = isShare && series.every((s) => s.points.every((p) => p.low > -FLOOR));
  const lines = useMemo(
    () =>
      [...series]
        .sort((a, b) => ROLE_ORDER.indexOf(b.sample) - ROLE_ORDER.indexOf(a.sample))
        .map((s): Series => {
          const at = (v: number) => (isLog ? Math.max(v, FLOOR) : v);
          const points = [...s.points].sort((a, b) => a.size - b.size);
          return {
            name: s.sample,
            role: s.sample,
            x: points.map((p) => p.size),
            y: points.map((p) => at(p.median)),
            band: { low: points.map((p) => at(p.low)), high: points.map((p) => at(p.high)) },
            hasMarkers: true,
          };
        }),
    [series, isLog],
  );
  const data = useMemo(
    () =>
      toTraces(
        lines,
        theme,
        isShare ? '%{x:,} rows · %{y:.2~%} above all rows' : '%{x:,} rows · %{y:+.2~g} to all rows',
      ),
    [lines, theme, isShare],
  );

  const layout = useMemo((): Partial<Layout> => {
    const values = lines.flatMap((l) => [...l.y, ...(l.band?.low ?? []), ...(l.band?.high ?? [])]);
    const [low, high] = isLog ? logRange([...values, tolerance]) : linearRange([...values, tolerance]);
    const onAxis = (v: number) => (isLog ? Math.log10(v) : v);
    const plotHeight = height - 46;
    const toPixel = (v: number) => ((onAxis(v) - low) / (high - low)) * plotHeight;
    const wanted = lines.map((l) => toPixel(l.y.at(-1) ?? 1));
    const placed = spreadLabels(wanted, 15, 6, plotHeight - 6);
    const annotations = lines.flatMap((l, k): Partial<Annotations>[] =>
      l.x.length === 0
        ? []
        : [
            {
              x: Math.log10(l.x.at(-1)!),
              y: onAxis(l.y.at(-1)!),
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
    const rule = (y: number, text: string, dash: 'dot' | 'solid', yanchor: 'top' | 'bottom') => {
      const line = { color: theme.axis, width: 1, dash };
      shapes.push({ type: 'line', xref: 'paper', x0: 0, x1: 1, y0: y, y1: y, layer: 'below', line });
      const font = { size: 11, color: theme.text3 };
      annotations.push({ xref: 'paper', x: 0, y: onAxis(y), xanchor: 'left', yanchor, xshift: 4, text, font });
    };
    if (!isLog) rule(0, 'all rows', 'solid', 'top');
    if (tolerance !== undefined) rule(tolerance, `as good as all rows below ${tick(tolerance)}`, 'dot', 'bottom');
    annotations.push({
      x: Math.log10(size),
      yref: 'paper',
      // On a linear axis the curves meet at the top or in the middle, on a log one they end at the bottom.
      y: isLog ? 1 : 0,
      xanchor: 'right',
      yanchor: isLog ? 'top' : 'bottom',
      xshift: -4,
      text: 'this coreset',
      font: { size: 11, color: theme.coreText },
    });
    const sizes = [...new Set(lines.flatMap((l) => l.x))].sort((a, b) => a - b);
    const yTicks = isLog ? logTicks(10 ** low, 10 ** high) : niceTicks(low, high);
    return {
      margin: { l: 70, r: 70, t: 8, b: 38 },
      xaxis: {
        type: 'log',
        title: axisTitle('sample size (rows, log scale)'),
        tickvals: thinned(sizes),
        ticktext: thinned(sizes).map(formatCount),
      },
      yaxis: {
        type: isLog ? 'log' : 'linear',
        title: axisTitle(isLog ? `${yLabel}, log scale` : yLabel),
        range: [low, high],
        tickvals: yTicks,
        ticktext: yTicks.map(tick),
      },
      shapes,
      annotations: annotations as Annotations[],
    };
  }, [lines, theme, isLog, yLabel, tolerance, size, height, tick]);

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

/** Decades (with some room) that hold all values. */
function logRange(values: readonly (number | undefined)[]): readonly [number, number] {
  const [least, most] = extent(values) ?? [1e-4, 1];
  return [Math.log10(least) - 0.15, Math.log10(most) + 0.15];
}

/** A stretch with zero in it that holds all values. */
function linearRange(values: readonly (number | undefined)[]): readonly [number, number] {
  const [least, most] = extent([...values, 0]) ?? [0, 1];
  const room = 0.06 * Math.max(1e-9, most - least);
  return [least - room, most + room];
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
