import { streamTable, type ColumnRequest } from '../../data/readTable.ts';
import { takeTableRows, type Column, type Table } from '../../kernels/table.ts';
import { Preprocessor } from '../../models/preprocess/preprocessor.ts';
import type { Chunk, RowSource } from '../rows.ts';
import type { VersionPlan } from './plan.ts';

const CHUNK_ROWS = 1 << 16;

/** The rows of a version's Parquet file that have a target, as a stream. Row ids are row numbers of the version. */
export function versionSource(file: string, plan: VersionPlan, signal?: AbortSignal): RowSource {
  const preprocessor = new Preprocessor(plan.preprocessor);
  return {
    nFeatures: preprocessor.features.length,
    target: plan.targetInfo,
    nRows: plan.nRows,
    async *chunks() {
      let start = 0;
      for await (const table of streamTable(file, requestsOf(plan), CHUNK_ROWS, signal)) {
        const ids = new Uint32Array(table.nRows);
        for (let i = 0; i < ids.length; i++) ids[i] = start + i;
        start += table.nRows;
        yield toChunk(table, ids, plan, preprocessor);
      }
    },
  };
}

/** Columns a plan reads: features, then the target. */
export function requestsOf({ inputs, target, targetInfo }: VersionPlan): ColumnRequest[] {
  if (target === null) return [...inputs];
  return [...inputs, { name: target, as: targetInfo?.task === 'regression' ? 'number' : 'category' }];
}

/** Raw rows as rows of a tree; rows without a target are left out. */
export function toChunk(table: Table, rowIds: Uint32Array, plan: VersionPlan, preprocessor: Preprocessor): Chunk {
  const column = table.columns.find(({ name }) => name === plan.target);
  if (!column) return { X: preprocessor.transform(table), y: new Float64Array(table.nRows), rowIds };
  const y = targetValues(column, plan.classes);
  const kept: number[] = [];
  for (let i = 0; i < y.length; i++) if (!Number.isNaN(y[i]!)) kept.push(i);
  if (kept.length === table.nRows) return { X: preprocessor.transform(table), y, rowIds };
  return {
    X: preprocessor.transform(takeTableRows(table, kept)),
    y: Float64Array.from(kept, (i) => y[i]!),
    rowIds: Uint32Array.from(kept, (i) => rowIds[i]!),
  };
}

/** Class index or value; NaN where missing. */
function targetValues(column: Column, classes: readonly string[]): Float64Array {
  if (column.kind === 'number') return column.values;
  const place = new Map(classes.map((label, k) => [label, k]));
  const indexOf = column.levels.map((level) => place.get(level) ?? NaN);
  return Float64Array.from(column.codes, (code) => (code < 0 ? NaN : indexOf[code]!));
}
