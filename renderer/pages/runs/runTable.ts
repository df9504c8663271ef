import type { RunSummary } from '../../../main/contract/run.ts';
import { metricName } from '../../charts/metricNames.ts';

export type SortKey = 'number' | 'name' | 'model' | 'rows' | 'metric' | 'gap' | 'seconds' | 'created';

export interface RunSort {
  readonly key: SortKey;
  readonly isDescending: boolean;
}

/** The value that stands for a run in its table: the coreset's where there is one, as the interval is drawn from it. */
export function headline(run: RunSummary) {
  return run.coresetMetric ?? run.fullMetric;
}

/** Rows the headline was fitted on, in words. */
export function rowsUsed(run: RunSummary): { kind: 'coreset' | 'full'; text: string } {
  if (run.coresetRows !== null) return { kind: 'coreset', text: `core-${run.coresetRows.toLocaleString('en-US')}` };
  return { kind: 'full', text: run.nTrain === null ? 'all rows' : `all ${run.nTrain.toLocaleString('en-US')}` };
}

/**
 * Does a run pass the words typed? Each word must be found in its name, model, data set, target, tags, note or
 * status; `tag:x`, `model:x`, `state:x` look in one place; a leading − excludes.
 */
export function matches(run: RunSummary, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const places: Record<string, string> = {
    tag: run.tags.join(' '),
    model: `${run.model} ${run.modelTitle}`,
    state: run.status,
    data: run.dataset,
    target: run.target,
    rows: rowsUsed(run).text,
    note: run.note,
  };
  const all = `${run.name} run ${run.number} ${Object.values(places).join(' ')}`.toLowerCase();
  return words.every((word) => {
    const isNot = /^[-−]./.test(word);
    const text = isNot ? word.slice(1) : word;
    const [, place, rest] = /^(\w+):(.+)$/.exec(text) ?? [];
    const found =
      place !== undefined && rest !== undefined && places[place] !== undefined
        ? places[place].toLowerCase().includes(rest)
        : all.includes(text);
    return found !== isNot;
  });
}

/** Runs in order; those without the value come last whichever the direction. */
export function sortRuns(runs: readonly RunSummary[], sort: RunSort): RunSummary[] {
  const value = (run: RunSummary): number | string | null => {
    switch (sort.key) {
      case 'number':
        return run.number;
      case 'name':
        return run.name.toLowerCase();
      case 'model':
        return run.modelTitle.toLowerCase();
      case 'rows':
        return run.coresetRows ?? run.nTrain;
      case 'metric':
        return headline(run)?.value ?? null;
      case 'gap':
        return run.gap === null ? null : Math.abs(run.gap);
      case 'seconds':
        return run.seconds;
      case 'created':
        return run.createdAt;
    }
  };
  return [...runs].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return x === y ? b.number - a.number : x === null ? 1 : -1;
    const order = x < y ? -1 : x > y ? 1 : b.number - a.number;
    return sort.isDescending ? -order : order;
  });
}

/** The metric most of the finished runs share: the one the interval column is about. */
export function commonMetric(runs: readonly RunSummary[]): string | null {
  const counts = new Map<string, number>();
  for (const r of runs)
    if (r.metricName !== null && headline(r)) counts.set(r.metricName, (counts.get(r.metricName) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/** The best of `runs` by their common metric. */
export function bestRun(runs: readonly RunSummary[]): RunSummary | null {
  const metric = commonMetric(runs);
  if (metric === null) return null;
  const { isHigherBetter } = metricName(metric);
  const scored = runs.filter((r) => r.metricName === metric && headline(r));
  return scored.reduce<RunSummary | null>((best, r) => {
    const d = best === null ? 0 : headline(r)!.value - headline(best)!.value;
    return best === null || (isHigherBetter ? d > 0 : d < 0) ? r : best;
  }, null);
}
