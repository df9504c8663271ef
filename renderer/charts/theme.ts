import { useSyncExternalStore } from 'react';

/** Colours of charts, read from the CSS tokens in force. */
export interface ChartTheme {
  readonly core: string;
  readonly coreBand: string;
  readonly coreText: string;
  readonly all: string;
  readonly allBand: string;
  readonly light: string;
  readonly lightBand: string;
  readonly bar: string;
  readonly barSoft: string;
  readonly grid: string;
  readonly axis: string;
  readonly surface: string;
  readonly raised: string;
  readonly line: string;
  readonly text: string;
  readonly text2: string;
  readonly text3: string;
  readonly danger: string;
  /** Six steps, none to most. */
  readonly heat: readonly string[];
}

const TOKENS = {
  core: '--c-core',
  coreBand: '--c-core-band',
  coreText: '--accent-text',
  all: '--c-all',
  allBand: '--c-all-band',
  light: '--c-unif',
  lightBand: '--c-light-band',
  bar: '--c-bar',
  barSoft: '--c-bar-soft',
  grid: '--c-grid',
  axis: '--c-axis',
  surface: '--surface',
  raised: '--raised',
  line: '--line',
  text: '--text',
  text2: '--text-2',
  text3: '--text-3',
  danger: '--danger',
} as const;

/** Okabe–Ito, without black and yellow (too faint on white), for classes and other unordered groups. */
const CLASS_COLOURS = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#999999'] as const;

export function classColour(index: number): string {
  return CLASS_COLOURS[index % CLASS_COLOURS.length]!;
}

function readTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const read = (token: string) => style.getPropertyValue(token).trim();
  const entries = Object.entries(TOKENS).map(([key, token]) => [key, read(token)]);
  return { ...Object.fromEntries(entries), heat: [0, 1, 2, 3, 4, 5].map((k) => read(`--h-${k}`)) } as ChartTheme;
}

let current: ChartTheme | null = null;
const listeners = new Set<() => void>();
let observer: MutationObserver | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!observer) {
    observer = new MutationObserver(() => {
      current = null;
      for (const l of listeners) l();
    });
    observer.observe(document.documentElement, { attributes: true });
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      observer?.disconnect();
      observer = null;
      current = null;
    }
  };
}

/** The chart colours; the component is drawn again when the theme changes. */
export function useChartTheme(): ChartTheme {
  return useSyncExternalStore(subscribe, () => (current ??= readTheme()));
}
