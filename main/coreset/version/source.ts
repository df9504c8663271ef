import { streamTable, type ColumnRequest } from '../../data/readTable.ts';
import { identifier } from '../../data/duck.ts';
import { takeTableRows, type Column, type Table } from '../../kernels/table.ts';
import type { Feature } from '../../models/estimator.ts';
import { Preprocessor } from '../../models/preprocess/preprocessor.ts';
import type { Chunk, RowSource } from '../rows.ts';
import type { VersionPlan } from './plan.ts';

const CHUNK_ROWS = 1 << 16;

/** A Parquet file as a stretch of a coreset's stream: row ids are its row numbers + `offset`. */
export interface SourceFile {
  readonly file: string;
  readonly offset: number;
  /** Rows that have a target. */
  readonly nRows: number;
}

/** The rows of a version's Parquet file that have a target, as a stream. */
export function versionSource(
  file: string,
  plan: VersionPlan,
  signal?: AbortSignal,
  { offset, nRows }: Omit<SourceFile, 'file'> = { offset: 0, nRows: plan.nRows },
): RowSource {
  return {
    nFeatures: new Preprocessor(plan.preprocessor).features.length,
    target: plan.targetInfo,
    nRows,
    chunks: () => streamChunks(file, offset, plan, undefined, signal),
  };
}

/** Rows of a file from the first to the last of these ids, in stream order. */
export async function* streamChunks(
  file: string,
  offset: number,
  plan: VersionPlan,
  between?: { readonly firstRowId: number; readonly lastRowId: number },
  signal?: AbortSignal,
): AsyncGenerator<Chunk> {
  const preprocessor = new Preprocessor(plan.preprocessor);
  const isSorted = plan.time?.order === 'sort';
  const columns = requestsOf(plan);
  // Counting is cheaper where rows come as they lie in the file.
  const isCounted = !isSorted && between === undefined;
  const options = {
    // Chunks hold copies: what is made per chunk and thrown away keeps the garbage collector busy.
    isReused: true,
    ...(!isCounted && { rowNumber: NUMBER }),
    ...(isSorted && { orderBy: `${identifier(plan.time!.column)} ASC NULLS FIRST, file_row_number` }),
    ...(between && {
      where: `file_row_number BETWEEN ${between.firstRowId - offset} AND ${between.lastRowId - offset}`,
    }),
  };
  let start = 0;
  for await (const table of streamTable(file, columns, CHUNK_ROWS, signal, options)) {
    const ids = new Uint32Array(table.nRows);
    const numbers = isCounted ? null : (table.columns.at(-1) as Extract<Column, { kind: 'number' }>).values;
    for (let i = 0; i < ids.length; i++) ids[i] = offset + (numbers ? numbers[i]! : start + i);
    start += table.nRows;
    yield toChunk(table, ids, plan, preprocessor);
  }
}

/** No column of a person's table is called this. */
const NUMBER = 'pith row number';

/** What the columns of a plan's rows are. */
export const featuresOf = (plan: VersionPlan): readonly Feature[] => new Preprocessor(plan.preprocessor).features;

/** Columns a plan reads: features, then the target, then the time. */
export function requestsOf({ inputs, target, targetInfo, time }: VersionPlan): ColumnRequest[] {
  const timeOf: ColumnRequest[] = time ? [{ name: time.column, as: 'number' }] : [];
  if (target === null) return [...inputs, ...timeOf];
  return [...inputs, { name: target, as: targetInfo?.task === 'regression' ? 'number' : 'category' }, ...timeOf];
}

/** Raw rows as rows of a tree, in memory of their own; rows without a target are left out. */
export function toChunk(table: Table, rowIds: Uint32Array, plan: VersionPlan, preprocessor: Preprocessor): Chunk {
  const places = [...plan.inputs, ...(plan.target === null ? [] : [plan.target])].length;
  const time = plan.time ? (table.columns[places] as Extract<Column, { kind: 'number' }>).values.slice() : undefined;
  const column = plan.target === null ? undefined : table.columns[plan.inputs.length];
  if (!column) return { X: preprocessor.transform(table), y: new Float64Array(table.nRows), rowIds, time };
  const y = targetValues(column, plan.classes);
  if (!y.some(Number.isNaN)) return { X: preprocessor.transform(table), y, rowIds, time };
  const kept: number[] = [];
  for (let i = 0; i < y.length; i++) if (!Number.isNaN(y[i]!)) kept.push(i);
  return {
    X: preprocessor.transform(takeTableRows(table, kept)),
    y: Float64Array.from(kept, (i) => y[i]!),
    rowIds: Uint32Array.from(kept, (i) => rowIds[i]!),
    time: time && Float64Array.from(kept, (i) => time[i]!),
  };
}

/** Class index or value of each row, its own copy; NaN where missing. */
function targetValues(column: Column, classes: readonly string[]): Float64Array {
  if (column.kind === 'number') return column.values.slice();
  const place = new Map(classes.map((label, k) => [label, k]));
  // The last place is that of missing codes, which are −1.
  const indexOf = Float64Array.from([...column.levels.map((level) => place.get(level) ?? NaN), NaN]);
  const missing = indexOf.length - 1;
  const { codes } = column;
  const out = new Float64Array(codes.length);
  for (let i = 0; i < out.length; i++) out[i] = indexOf[codes[i]! < 0 ? missing : codes[i]!]!;
  return out;
}
