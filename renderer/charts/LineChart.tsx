import { useMemo, type ReactNode } from 'react';
import type { Annotations, Data, Layout, Shape } from 'plotly.js';
import { ChartFrame } from './ChartFrame.tsx';
import { formatCount, formatValue } from './format.ts';
import { axisTitle, plotText } from './layout.ts';
import { PlotlyChart } from './PlotlyChart.tsx';
import { extent, logTicks, spreadLabels } from './scales.ts';
import { labelColour, seriesTable, toTraces, type Series } from './series.ts';
import { useChartTheme } from './theme.ts';

export interface LineChartProps {
  readonly title: string;
  readonly subtitle: ReactNode;
  readonly series: readonly Series[];
  readonly xLabel: string;
  readonly yLabel?: string;
  /** Where rows are: short ticks on the x axis. */
  readonly rug?: readonly number[];
  readonly height?: number;
  readonly isLogX?: boolean;
  readonly isLogY?: boolean;
  /** Right end of the x axis when more is to come (epochs planned). */
  readonly xMax?: number;
  readonly verticals?: readonly { readonly x: number; readonly label: string }[];
  readonly actions?: ReactNode;
  readonly isStacked?: boolean;
  /** Space right of the plot for the direct labels, px. */
  readonly labelWidth?: number;
  readonly onPointClick?: (x: number) => void;
}

const LABEL_GAP_PX = 15;

/** Lines over a numeric axis with their names at their right ends. */
export function LineChart(props: LineChartProps) {
  const {
    title,
    subtitle,
    series,
    xLabel,
    height = 220,
    isLogX = false,
    isLogY = false,
    xMax,
    verticals,
    yLabel,
    rug,
    onPointClick,
  } = props;
  const labelWidth = props.labelWidth ?? 110;
  const theme = useChartTheme();
  const table = useMemo(() => seriesTable(xLabel, series), [xLabel, series]);
  const data = useMemo(
    (): Partial<Data>[] => toTraces(series, theme, `${plotText(xLabel)} %{x}<br>%{y:.4~f}`),
    [series, theme, xLabel],
  );

  const layout = useMemo((): Partial<Layout> => {
    const yRange = paddedRange(series, isLogY);
    // Set by hand: left to itself the axis would make room for the labels inside the plot.
    const xRange = axisRange(series, isLogX, xMax);
    const shapes: Partial<Shape>[] = (verticals ?? []).map((v) => ({
      type: 'line',
      x0: v.x,
      x1: v.x,
      yref: 'paper',
      y0: 0,
      y1: 1,
      line: { color: theme.axis, width: 1, dash: 'dot' },
    }));
    for (const x of rug ?? [])
      shapes.push({
        type: 'line',
        x0: x,
        x1: x,
        yref: 'paper',
        y0: 0,
        y1: 0.03,
        line: { color: theme.text3, width: 1 },
      });
    const marks = (verticals ?? []).map((v): Partial<Annotations> => ({
      x: isLogX ? Math.log10(v.x) : v.x,
      yref: 'paper',
      y: 1,
      xanchor: 'left',
      yanchor: 'top',
      xshift: 5,
      text: plotText(v.label),
      font: { size: 11, color: theme.text3 },
    }));
    return {
      margin: { l: yLabel === undefined ? 44 : 64, r: labelWidth, t: 8, b: 38 },
      xaxis: {
        title: axisTitle(xLabel),
        ...(isLogX && logAxis(xRange)),
        ...(xRange && { range: xRange }),
      },
      yaxis: {
        ...(yLabel !== undefined && { title: axisTitle(yLabel) }),
        ...(isLogY && logAxis(yRange)),
        ...(yRange && { range: yRange }),
      },
      shapes,
      annotations: [
        ...marks,
        ...endLabels(series, yRange, height - 46, isLogX, isLogY).map((l) => ({
          ...l,
          font: { size: 11, color: labelColour(l.role, theme), ...(l.colour && { color: l.colour }) },
        })),
      ] as Annotations[],
    };
  }, [series, theme, isLogX, isLogY, xMax, verticals, rug, xLabel, yLabel, labelWidth, height]);

  const spoken = series.map((s) => `${s.name} ${formatValue(s.y.at(-1))}`).join(', ');
  return (
    <ChartFrame
      title={title}
      subtitle={subtitle}
      height={height}
      table={table}
      actions={props.actions}
      isStacked={props.isStacked ?? false}
    >
      <PlotlyChart
        data={data}
        layout={layout}
        height={height}
        label={`${title} by ${xLabel}; last values: ${spoken}`}
        {...(onPointClick && { onPointClick: (p: { x: unknown }) => onPointClick(Number(p.x)) })}
      />
    </ChartFrame>
  );
}

/** A log axis with whole numbers at its ticks; Plotly's own are single digits between powers. */
function logAxis(range: readonly [number, number] | null) {
  const ticks = range ? logTicks(10 ** range[0], 10 ** range[1]) : [];
  return { type: 'log' as const, ...(ticks.length > 0 && { tickvals: ticks, ticktext: ticks.map(tickText) }) };
}

function tickText(value: number): string {
  return value >= 1 ? formatCount(value) : String(value).replace('-', '−');
}

/** x range of the data in axis units (log10 on a log axis); a little air on a log axis, for its marks. */
function axisRange(series: readonly Series[], isLog: boolean, xMax: number | undefined): [number, number] | null {
  const range = extent(series.flatMap((s) => s.x).map((v) => (isLog ? Math.log10(v) : v)));
  if (!range) return null;
  if (!isLog && xMax !== undefined) return [Math.min(range[0], 0), Math.max(range[1], xMax)];
  const pad = isLog ? 0.04 * (range[1] - range[0]) : 0;
  return range[0] === range[1] ? [range[0] - 0.5, range[1] + 0.5] : [range[0] - pad, range[1] + pad];
}

/** y range with a little air, in axis units (log10 on a log axis); null when nothing is finite. */
function paddedRange(series: readonly Series[], isLog: boolean): [number, number] | null {
  const values = series.flatMap((s) => [...s.y, ...(s.band?.low ?? []), ...(s.band?.high ?? [])]);
  const range = extent(isLog ? values.filter((v) => v > 0).map((v) => Math.log10(v)) : values);
  if (!range) return null;
  const pad = range[1] === range[0] ? Math.max(0.05, Math.abs(range[0]) * 0.05) : (range[1] - range[0]) * 0.06;
  return [range[0] - pad, range[1] + pad];
}

function endLabels(
  series: readonly Series[],
  yRange: [number, number] | null,
  plotHeight: number,
  isLogX: boolean,
  isLogY: boolean,
) {
  const drawn = series.filter((s) => s.name !== '' && s.y.length > 0 && Number.isFinite(s.y.at(-1)));
  if (!yRange || drawn.length === 0) return [];
  const toAxis = (v: number) => (isLogY ? Math.log10(Math.max(v, 1e-300)) : v);
  const pixel = (v: number) => ((toAxis(v) - yRange[0]) / (yRange[1] - yRange[0])) * plotHeight;
  const wanted = drawn.map((s) => pixel(s.y.at(-1)!));
  const placed = spreadLabels(wanted, LABEL_GAP_PX, 6, plotHeight - 6);
  return drawn.map((s, k) => ({
    x: isLogX ? Math.log10(s.x.at(-1)!) : s.x.at(-1)!,
    y: toAxis(s.y.at(-1)!),
    xanchor: 'left' as const,
    yanchor: 'middle' as const,
    xshift: 6,
    yshift: placed[k]! - wanted[k]!,
    text: plotText(s.name),
    role: s.role,
    colour: s.colour,
  }));
}
