import { useMemo, type ReactNode } from 'react';
import type { Annotations, Data, Shape } from 'plotly.js';
import { ChartFrame } from './ChartFrame.tsx';
import { formatValue } from './format.ts';
import { axisTitle, plotText } from './layout.ts';
import { PlotlyChart } from './PlotlyChart.tsx';
import { labelColour, seriesTable, toTraces, type Series } from './series.ts';
import { useChartTheme } from './theme.ts';

export interface CurveSeries extends Series {
  /** Printed beside the line: its area, its error. */
  readonly score?: number;
}

export interface CurveChartProps {
  readonly title: string;
  readonly subtitle: ReactNode;
  readonly series: readonly CurveSeries[];
  readonly xLabel: string;
  readonly yLabel?: string;
  readonly height?: number;
  /** The diagonal of chance (ROC) or of perfect calibration. */
  readonly hasDiagonal?: boolean;
  /** A dotted level with its word: the base rate of a precision–recall curve. */
  readonly reference?: { readonly y: number; readonly label: string };
  /** The point in force, on the first series. */
  readonly marker?: { readonly x: number; readonly y: number; readonly label: string };
  /** Where the direct labels stand, in shares of the plot. */
  readonly labelAt?: { readonly x: number; readonly y: number };
}

/** A curve on the unit square, for one or both kinds of rows. */
export function CurveChart(props: CurveChartProps) {
  const { title, subtitle, series, xLabel, yLabel, height = 230, hasDiagonal = false, reference, marker } = props;
  const labelAt = props.labelAt ?? { x: 0.42, y: 0.32 };
  // Names of any length and number have no place on the square itself.
  const hasLegend = series.some((s) => s.colour !== undefined);
  const theme = useChartTheme();
  const table = useMemo(() => seriesTable(xLabel, series), [xLabel, series]);

  const data = useMemo((): Partial<Data>[] => {
    const traces = toTraces(series, theme, `${xLabel} %{x:.3f}<br>${yLabel ?? 'value'} %{y:.3f}`);
    if (!marker) return traces;
    const point: Partial<Data> = {
      type: 'scatter',
      mode: 'markers',
      x: [marker.x],
      y: [marker.y],
      marker: { size: 9, color: theme.surface, line: { width: 2, color: theme.core } },
      hoverinfo: 'skip',
      cliponaxis: false,
    };
    return [...traces, point];
  }, [series, theme, xLabel, yLabel, marker]);

  const layout = useMemo(() => {
    const labels = (hasLegend ? [] : series)
      .filter((s) => s.score !== undefined || series.length > 1)
      .map((s, k): Partial<Annotations> => ({
        xref: 'paper',
        yref: 'paper',
        x: labelAt.x,
        y: labelAt.y,
        xanchor: 'left',
        yanchor: 'middle',
        yshift: -17 * k,
        text: `${plotText(s.name)}${s.score === undefined ? '' : ` ${formatValue(s.score)}`}`,
        font: { size: 11, color: labelColour(s.role, theme) },
      }));
    const shapes: Partial<Shape>[] = [];
    if (hasDiagonal)
      shapes.push({ type: 'line', x0: 0, y0: 0, x1: 1, y1: 1, layer: 'below', line: { color: theme.axis, width: 1 } });
    if (reference) {
      shapes.push({
        type: 'line',
        x0: 0,
        x1: 1,
        y0: reference.y,
        y1: reference.y,
        layer: 'below',
        line: { color: theme.axis, width: 1, dash: 'dot' },
      });
      labels.push({
        x: 0.02,
        y: reference.y,
        xanchor: 'left',
        yanchor: 'bottom',
        text: reference.label,
        font: { size: 11, color: theme.text3 },
      });
    }
    if (marker) {
      labels.push({
        x: marker.x,
        y: marker.y,
        // Towards the middle, so that neither an edge nor the axis cuts it.
        xanchor: marker.x > 0.55 ? 'right' : 'left',
        yanchor: marker.y < 0.15 ? 'bottom' : 'top',
        xshift: marker.x > 0.55 ? -8 : 8,
        yshift: marker.y < 0.15 ? 2 : -2,
        text: marker.label,
        font: { size: 11, color: theme.text2 },
      });
    }
    return {
      margin: { l: 30, r: 8, t: 8, b: 38 },
      xaxis: { range: [0, 1], tickvals: [0, 0.5, 1], title: axisTitle(xLabel), fixedrange: true },
      yaxis: { range: [0, 1.02], tickvals: [0, 0.5, 1], fixedrange: true },
      shapes,
      annotations: labels as Annotations[],
    };
  }, [series, hasLegend, theme, labelAt.x, labelAt.y, hasDiagonal, reference, marker, xLabel]);

  const spoken = series.map((s) => (s.score === undefined ? s.name : `${s.name} ${formatValue(s.score)}`)).join(', ');
  return (
    <ChartFrame title={title} subtitle={subtitle} height={height} table={table} isStacked>
      <PlotlyChart data={data} layout={layout} height={height} label={`${title}: ${spoken}`} />
      {hasLegend && (
        <ul className="curve-legend" aria-hidden>
          {series.map((s) => (
            <li key={s.name} title={s.name}>
              <i style={{ background: s.colour }} />
              <span>{s.name}</span>
              {s.score !== undefined && formatValue(s.score)}
            </li>
          ))}
        </ul>
      )}
    </ChartFrame>
  );
}
