import { useEffect, useRef, useState } from 'react';
import type { Config, Data, Layout, PlotlyHTMLElement, PlotMouseEvent } from 'plotly.js';
import type Plotly from 'plotly.js';
import { baseLayout } from './layout.ts';
import { useChartTheme } from './theme.ts';

type PlotlyModule = typeof Plotly;
let loading: Promise<PlotlyModule> | null = null;

/** Plotly, fetched from our own files when the first chart is drawn. */
function loadPlotly(): Promise<PlotlyModule> {
  loading ??= import('plotly.js-basic-dist-min').then((m) => m.default as unknown as PlotlyModule);
  return loading;
}

const CONFIG: Partial<Config> = { displayModeBar: false, displaylogo: false, responsive: false, doubleClick: 'reset' };

export interface PlotlyChartProps {
  readonly data: readonly Partial<Data>[];
  readonly layout: Partial<Layout>;
  readonly height: number;
  /** What a screen reader says in place of the picture. */
  readonly label: string;
  readonly onPointClick?: (point: { curve: number; index: number; x: unknown; y: unknown }) => void;
}

/** Draws Plotly traces in the studio's theme; holds its height before the library has arrived, so nothing jumps. */
export function PlotlyChart({ data, layout, height, label, onPointClick }: PlotlyChartProps) {
  const theme = useChartTheme();
  const host = useRef<HTMLDivElement>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const click = useRef(onPointClick);
  useEffect(() => {
    click.current = onPointClick;
  }, [onPointClick]);

  useEffect(() => {
    const div = host.current;
    if (!div) return;
    let isGone = false;
    void loadPlotly()
      .then(async (plotly) => {
        if (isGone) return;
        const merged = baseLayout(theme, layout, height);
        const isNew = !div.classList.contains('js-plotly-plot');
        await plotly.react(div, data as Data[], merged, CONFIG);
        if (!isNew || isGone) return;
        (div as unknown as PlotlyHTMLElement).on('plotly_click', (event: PlotMouseEvent) => {
          const p = event.points[0];
          if (p) click.current?.({ curve: p.curveNumber, index: p.pointIndex, x: p.x, y: p.y });
        });
      })
      .catch((cause: unknown) => setFailure(cause instanceof Error ? cause.message : String(cause)));
    return () => {
      isGone = true;
    };
  }, [data, layout, theme, height]);

  useEffect(() => {
    const div = host.current;
    if (!div) return;
    let frame = 0;
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        if (!div.classList.contains('js-plotly-plot') || div.clientWidth === 0) return;
        void loadPlotly().then((plotly) => plotly.Plots.resize(div));
      });
    });
    observer.observe(div);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
      void loadPlotly().then((plotly) => plotly.purge(div));
    };
  }, []);

  if (failure !== null)
    return <div className="chart-failure">This chart could not be drawn: {failure}. Its table still can.</div>;
  // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- Plotly draws inside it
  return <div ref={host} className="chart-plot" style={{ height }} role="img" aria-label={label} />;
}
