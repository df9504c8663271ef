import type { Layout, LayoutAxis } from 'plotly.js';
import type { ChartTheme } from './theme.ts';

const FONT = '"Inter Variable", Inter, system-ui, sans-serif';

function axis(theme: ChartTheme, isX: boolean, own: Partial<LayoutAxis> | undefined): Partial<LayoutAxis> {
  return {
    showgrid: !isX,
    gridcolor: theme.grid,
    gridwidth: 1,
    zeroline: false,
    showline: isX,
    linecolor: theme.axis,
    linewidth: 1,
    ticks: '',
    ...(!isX && { ticklabelstandoff: 4 }),
    tickfont: { family: FONT, size: 11, color: theme.text3 },
    automargin: true,
    nticks: 6,
    separatethousands: true,
    ...own,
    ...(own?.title && {
      title: { standoff: 6, ...(own.title as object), font: { family: FONT, size: 11, color: theme.text3 } },
    }),
  };
}

/** The look every Plotly chart shares: horizontal grid only, 11 px text, quiet hover boxes, no chrome. */
export function baseLayout(theme: ChartTheme, own: Partial<Layout>, height: number): Partial<Layout> {
  return {
    height,
    autosize: true,
    showlegend: false,
    margin: { l: 36, r: 12, t: 8, b: 36, pad: 0 },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { family: FONT, size: 11, color: theme.text2 },
    hovermode: 'closest',
    dragmode: false,
    hoverlabel: {
      bgcolor: theme.raised,
      bordercolor: theme.line,
      font: { family: FONT, size: 11, color: theme.text },
      align: 'left',
    },
    ...own,
    xaxis: axis(theme, true, own.xaxis),
    yaxis: axis(theme, false, own.yaxis),
    annotations: (own.annotations ?? []).map((a) => ({
      showarrow: false,
      font: { family: FONT, size: 11, color: theme.text2 },
      ...a,
    })),
  };
}

/** Text for Plotly, which reads a small HTML: a class called `<=50K` must stay text. */
export function plotText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Axis title in the form Plotly 4 takes. */
export function axisTitle(text: string): { text: string } {
  return { text: plotText(text) };
}
