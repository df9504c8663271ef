import type { SeriesPoint } from '../../../main/contract/run.ts';

/** Live curves by series name; steps rise, and a step that comes again replaces its value. */
export type SeriesMap = ReadonlyMap<string, { readonly steps: readonly number[]; readonly values: readonly number[] }>;

export const NO_SERIES: SeriesMap = new Map();

/** A new map with `points` taken in; points may repeat or arrive late. */
export function addPoints(map: SeriesMap, points: readonly SeriesPoint[]): SeriesMap {
  if (points.length === 0) return map;
  const bySeries = new Map<string, Map<number, number>>();
  for (const p of points) {
    const own = bySeries.get(p.series) ?? new Map<number, number>();
    own.set(p.step, p.value);
    bySeries.set(p.series, own);
  }
  const next = new Map(map);
  for (const [series, fresh] of bySeries) {
    const old = map.get(series);
    const all = new Map(old ? old.steps.map((s, k) => [s, old.values[k]!]) : []);
    for (const [step, value] of fresh) all.set(step, value);
    const steps = [...all.keys()].sort((a, b) => a - b);
    next.set(series, { steps, values: steps.map((s) => all.get(s)!) });
  }
  return next;
}

/** Names split at the first dot: `gradNorm.dense1` → group `gradNorm`, `dense1`. */
function groupOf(series: string): { group: string; rest: string } {
  const dot = series.indexOf('.');
  return dot === -1 ? { group: series, rest: '' } : { group: series.slice(0, dot), rest: series.slice(dot + 1) };
}

/** Series of one group, in the order they first came. */
export function seriesOf(map: SeriesMap, group: string) {
  return [...map]
    .filter(([name]) => groupOf(name).group === group)
    .map(([name, line]) => ({ name: groupOf(name).rest, ...line }));
}
