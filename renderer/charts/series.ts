import type { Dash, Data } from 'plotly.js';
import { plotText } from './layout.ts';
import { extent } from './scales.ts';
import type { ChartTheme } from './theme.ts';

/** Which rows a line comes from; it alone decides the colour, on every chart of the app. */
export type SeriesRole = 'coreset' | 'refreshed' | 'full' | 'uniform' | 'stratified' | 'baseline' | 'neutral';

export interface Series {
  readonly name: string;
  readonly role: SeriesRole;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Dashed lines are training rows; validation is solid. */
  readonly isTraining?: boolean;
  /** Interval around y, same length as x. */
  readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] };
  /** Overrides the role's colour: classes (Okabe–Ito). */
  readonly colour?: string;
  readonly hasMarkers?: boolean;
  /** One of many, behind the line that counts. */
  readonly isFaint?: boolean;
}

export function lineColour(role: SeriesRole, theme: ChartTheme): string {
  if (role === 'coreset' || role === 'refreshed') return theme.core;
  if (role === 'full') return theme.all;
  return theme.light;
}

function bandColour(role: SeriesRole, theme: ChartTheme): string {
  if (role === 'coreset' || role === 'refreshed') return theme.coreBand;
  if (role === 'full') return theme.allBand;
  return theme.lightBand;
}

/** Text beside a line: the accent as text has its own token, for contrast. */
export function labelColour(role: SeriesRole, theme: ChartTheme): string {
  if (role === 'coreset' || role === 'refreshed') return theme.coreText;
  if (role === 'full') return theme.text;
  return theme.text3;
}

const WIDTH: Readonly<Record<SeriesRole, number>> = {
  coreset: 2,
  refreshed: 2,
  full: 1.75,
  uniform: 1.5,
  stratified: 1.5,
  baseline: 1.5,
  neutral: 1.5,
};

const SYMBOL: Readonly<Record<SeriesRole, string>> = {
  coreset: 'circle',
  refreshed: 'diamond-open',
  full: 'circle-open',
  uniform: 'circle-open',
  stratified: 'square-open',
  baseline: 'circle-open',
  neutral: 'circle-open',
};

// Plotly takes lengths too, which its types do not say.
const TRAINING_DASH = '4px,3px' as string as Dash;

/** Piecewise-linear value of the curve at `at`; x must not decrease. NaN outside. */
export function interpolate(x: readonly number[], y: readonly number[], at: number): number {
  const n = x.length;
  if (n === 0 || at < x[0]! || at > x[n - 1]!) return Number.NaN;
  let low = 0;
  let high = n - 1;
  while (high - low > 1) {
    const mid = (low + high) >> 1;
    if (x[mid]! <= at) low = mid;
    else high = mid;
  }
  const span = x[high]! - x[low]!;
  return span === 0 ? y[high]! : y[low]! + ((at - x[low]!) / span) * (y[high]! - y[low]!);
}

/** True when two curves cannot be told apart: within 1.5 % of the drawn height at nearly every x. */
export function doCoincide(a: Series, b: Series): boolean {
  const range = extent([...a.y, ...b.y]);
  if (!range || a.x.length < 2 || b.x.length < 2) return false;
  const tolerance = 0.015 * Math.max(range[1] - range[0], 1e-12);
  const from = Math.max(a.x[0]!, b.x[0]!);
  const to = Math.min(a.x.at(-1)!, b.x.at(-1)!);
  if (!(to > from)) return false;
  const samples = 64;
  let near = 0;
  for (let k = 0; k <= samples; k++) {
    const at = from + ((to - from) * k) / samples;
    if (Math.abs(interpolate(a.x, a.y, at) - interpolate(b.x, b.y, at)) <= tolerance) near++;
  }
  return near >= 0.9 * (samples + 1);
}

/** Plotly traces of `series`: bands first, then lines; a coinciding coreset becomes a rail under a thread of all rows. */
export function toTraces(series: readonly Series[], theme: ChartTheme, hover: string): Partial<Data>[] {
  const core = series.find((s) => s.role === 'coreset' && !s.isTraining && !s.colour);
  const full = series.find((s) => s.role === 'full' && !s.isTraining && !s.colour);
  const isRail = core !== undefined && full !== undefined && doCoincide(core, full);
  const bands = series.flatMap((s) => (s.band ? [bandTrace(s, s.band, theme)] : []));
  const lines = series.map((s): Partial<Data> => {
    const colour = s.colour ?? lineColour(s.role, theme);
    const width = isRail && s === core ? 5.5 : isRail && s === full ? 1.25 : s.isFaint ? 1 : WIDTH[s.role];
    return {
      type: 'scatter',
      mode: s.hasMarkers ? 'lines+markers' : 'lines',
      name: s.name,
      x: s.x as number[],
      y: s.y as number[],
      opacity: isRail && s === core ? 0.55 : s.isFaint ? 0.35 : 1,
      line: { color: colour, width, dash: s.isTraining ? TRAINING_DASH : 'solid' },
      // Marks at the ends of the axis are whole.
      cliponaxis: !s.hasMarkers,
      marker: {
        size: 6,
        symbol: SYMBOL[s.role],
        color: colour,
      },
      hovertemplate: `${s.name === '' ? '' : `${plotText(s.name)}<br>`}${hover}<extra></extra>`,
    };
  });
  return [...bands, ...lines];
}

function bandTrace(s: Series, band: NonNullable<Series['band']>, theme: ChartTheme): Partial<Data> {
  return {
    type: 'scatter',
    mode: 'lines',
    x: [...s.x, ...[...s.x].reverse()],
    y: [...band.high, ...[...band.low].reverse()],
    fill: 'toself',
    fillcolor: bandColour(s.role, theme),
    line: { width: 0 },
    hoverinfo: 'skip',
  };
}

/** Rows of the table behind line charts: one row per x, one column per series. */
export function seriesTable(xName: string, series: readonly Series[]) {
  const xs = [...new Set(series.flatMap((s) => s.x))].sort((a, b) => a - b);
  const lookups = series.map((s) => new Map(s.x.map((x, i) => [x, s.y[i]!])));
  return {
    columns: [xName, ...series.map((s) => s.name)],
    rows: xs.map((x) => [x, ...lookups.map((l) => l.get(x) ?? null)]),
  };
}
