import type { MetricName } from '../contract/metrics.ts';
import type { Evaluation, MetricValue } from '../contract/run.ts';
import { isLessBetter } from './metricNames.ts';
import type { Column, Table } from '../kernels/table.ts';

export type Slice = NonNullable<Evaluation['slices']>[number];

/** Smaller slices say more about chance than about the model. */
const MIN_ROWS = 50;
const MAX_SLICES = 60;
const MAX_LEVELS = 30;

/** Score of the rows named, with its 95 % interval; undefined when it cannot be computed there. */
export type SliceScore = (rows: Uint32Array) => MetricValue | undefined;

/**
 * Every level of every category and every quartile of every number column with at least 50 rows, worst first;
 * those with too few rows for an interval come last.
 * @param share share of positives among the rows named (two classes), for the table
 */
export function evaluateSlices(
  table: Table,
  metric: MetricName,
  score: SliceScore,
  share: ((rows: Uint32Array) => number) | null,
): Slice[] {
  const slices: Slice[] = [];
  for (const column of table.columns) {
    for (const [name, rows] of groupsOf(column)) {
      if (rows.length < MIN_ROWS || rows.length === table.nRows) continue;
      const scored = score(rows);
      if (!scored) continue;
      slices.push({
        slice: name,
        column: column.name,
        nRows: rows.length,
        share: share ? share(rows) : null,
        metric,
        ...scored,
      });
    }
  }
  const sign = isLessBetter(metric) ? -1 : 1;
  const isTold = ({ low }: Slice) => Number(low !== undefined);
  slices.sort((a, b) => isTold(b) - isTold(a) || sign * (a.value - b.value));
  return slices.slice(0, MAX_SLICES);
}

function groupsOf(column: Column): [string, Uint32Array][] {
  if (column.kind === 'category') {
    if (column.levels.length > MAX_LEVELS) return [];
    const groups = new Map<number, number[]>();
    column.codes.forEach((code, i) => pushTo(groups, code, i));
    return [...groups].map(([code, rows]) => [
      `${column.name} = ${code < 0 ? 'missing' : column.levels[code]}`,
      Uint32Array.from(rows),
    ]);
  }
  const sorted = column.values.filter(Number.isFinite).sort();
  const edges = [0.25, 0.5, 0.75].map((q) => sorted[Math.floor(q * sorted.length)] ?? 0);
  const distinct = [...new Set(edges)];
  const groups = new Map<number, number[]>();
  column.values.forEach((v, i) => pushTo(groups, Number.isFinite(v) ? distinct.filter((e) => v >= e).length : -1, i));
  const label = (k: number): string => {
    if (k < 0) return `${column.name} missing`;
    if (k === 0) return `${column.name} < ${short(distinct[0]!)}`;
    if (k === distinct.length) return `${column.name} ≥ ${short(distinct.at(-1)!)}`;
    return `${short(distinct[k - 1]!)} ≤ ${column.name} < ${short(distinct[k]!)}`;
  };
  return [...groups].map(([k, rows]) => [label(k), Uint32Array.from(rows)]);
}

function pushTo(groups: Map<number, number[]>, key: number, row: number): void {
  const rows = groups.get(key);
  if (rows) rows.push(row);
  else groups.set(key, [row]);
}

const short = (v: number): string => String(Number(v.toPrecision(4)));
