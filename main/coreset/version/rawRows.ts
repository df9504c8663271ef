import { takeTableRows, type Column, type NumberColumn, type Table } from '../../kernels/table.ts';
import type { RowKeys } from '../rows.ts';
import type { VersionPlan } from './plan.ts';

/** Raw rows that have a target. */
export interface RawRows extends RowKeys {
  readonly table: Table;
}

/** What `requestsOf(plan)` read, as raw rows: for the tables of one stream. Only `y` is a copy of its own. */
export function rawRows(plan: VersionPlan): (table: Table, rowIds: Uint32Array) => RawRows {
  const { inputs, target } = plan;
  const targetsOf = targetReader(plan.classes);
  const timeAt = inputs.length + (target === null ? 0 : 1);
  return (table, rowIds) => {
    const time = plan.time ? (table.columns[timeAt] as NumberColumn).values : undefined;
    if (target === null) return { table, y: new Float64Array(table.nRows), rowIds, time };
    const y = targetsOf(table.columns[inputs.length]!);
    const kept = present(y);
    if (kept.length === y.length) return { table, y, rowIds, time };
    return {
      table: takeTableRows(table, kept),
      y: Float64Array.from(kept, (i) => y[i]!),
      rowIds: Uint32Array.from(kept, (i) => rowIds[i]!),
      time: time && Float64Array.from(kept, (i) => time[i]!),
    };
  };
}

/** Rows whose value is not NaN. */
function present(values: Float64Array): Uint32Array {
  const rows = new Uint32Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) rows[n++] = i;
  return rows.subarray(0, n);
}

/** Class index or value of each row, its own copy; NaN where missing. */
function targetReader(classes: readonly string[]): (column: Column) => Float64Array {
  const place = new Map(classes.map((label, k) => [label, k]));
  let known: readonly string[] | undefined;
  let indexOf = new Float64Array(0);
  return (column) => {
    if (column.kind === 'number') return column.values.slice();
    const { codes, levels } = column;
    // The last place is that of missing codes, which are −1.
    if (levels !== known) indexOf = Float64Array.from([...levels.map((level) => place.get(level) ?? NaN), NaN]);
    known = levels;
    const missing = indexOf.length - 1;
    const out = new Float64Array(codes.length);
    for (let i = 0; i < out.length; i++) out[i] = indexOf[codes[i]! < 0 ? missing : codes[i]!]!;
    return out;
  };
}
