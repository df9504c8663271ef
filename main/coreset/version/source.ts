import { streamTable, type ColumnRequest } from '../../data/readTable.ts';
import { identifier } from '../../data/duck.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import type { NumberColumn, Table } from '../../kernels/table.ts';
import type { Feature } from '../../models/estimator.ts';
import { Preprocessor } from '../../models/preprocess/preprocessor.ts';
import type { Chunk, RowSource } from '../rows.ts';
import { ChunkFiller } from './chunkFiller.ts';
import { keptSource } from './keptSource.ts';
import type { VersionPlan } from './plan.ts';
import { rawRows, type RawRows } from './rawRows.ts';

const CHUNK_ROWS = 1 << 16;
/** Rows of the tables that features are made from: those of one of DuckDB's vectors, which stay in a core's cache. */
const TABLE_ROWS = 2048;
/** Features that are kept in memory instead of being made again in every pass: 64 MB. */
const KEPT_VALUES = 16_000_000;

/** A Parquet file as a stretch of a coreset's stream: row ids are its row numbers + `offset`. */
export interface SourceFile {
  readonly file: string;
  readonly offset: number;
  /** Rows that have a target. */
  readonly nRows: number;
}

/** The rows of a version's Parquet file that have a target, as a stream; their features are kept where they are few. */
export function versionSource(file: string, plan: VersionPlan, signal?: AbortSignal, part?: Part): RowSource {
  const source = streamedSource(file, plan, signal, part);
  return source.nRows * source.nFeatures <= KEPT_VALUES ? keptSource(source) : source;
}

type Part = Omit<SourceFile, 'file'>;

/** The same, read anew in every pass. */
export function streamedSource(
  file: string,
  plan: VersionPlan,
  signal?: AbortSignal,
  { offset, nRows }: Part = { offset: 0, nRows: plan.nRows },
): RowSource {
  return {
    nFeatures: new Preprocessor(plan.preprocessor).features.length,
    target: plan.targetInfo,
    nRows,
    chunks: (size) => streamChunks(file, offset, plan, undefined, signal, size),
    byId: {
      keys: () => streamRows(file, offset, { ...plan, inputs: [] }, CHUNK_ROWS, undefined, signal),
      features: (rowIds) => featuresById(file, offset, plan, rowIds, signal),
    },
  };
}

/** Rows of a file from the first to the last of these ids, in stream order. With `size`, chunks share their memory. */
export async function* streamChunks(
  file: string,
  offset: number,
  plan: VersionPlan,
  between?: Between,
  signal?: AbortSignal,
  size?: number,
): AsyncGenerator<Chunk> {
  const writer = new Preprocessor(plan.preprocessor).writer();
  const most = between ? between.lastRowId - between.firstRowId + 1 : Infinity;
  const filler = () => new ChunkFiller(size ?? Math.min(CHUNK_ROWS, most), writer, plan.time !== null);
  let chunk = filler();
  for await (const rows of streamRows(file, offset, plan, TABLE_ROWS, between, signal)) {
    for (let from = 0; from < rows.y.length;) {
      from += chunk.take(rows, from);
      if (!chunk.isFull) continue;
      yield chunk.finish();
      if (size === undefined) chunk = filler();
    }
  }
  if (!chunk.isEmpty) yield chunk.finish();
}

/** Features of rows by id, in one scan of the file. */
async function featuresById(
  file: string,
  offset: number,
  plan: VersionPlan,
  rowIds: Uint32Array,
  signal?: AbortSignal,
): Promise<Matrix> {
  const writer = new Preprocessor(plan.preprocessor).writer();
  const data = new Float32Array(rowIds.length * writer.nFeatures);
  const place = new Map(Array.from(rowIds, (id, at) => [id - offset, at]));
  const options = {
    isReused: true,
    rowNumber: NUMBER,
    where: `file_row_number IN (SELECT unnest([${[...place.keys()].join(', ')}]))`,
  };
  for await (const table of streamTable(file, plan.inputs, TABLE_ROWS, signal, options)) {
    const numbers = numbersOf(table);
    for (let i = 0; i < table.nRows; i++) writer.write(table, i, i + 1, data, place.get(numbers[i]!)!);
  }
  return { data, nRows: rowIds.length, nCols: writer.nFeatures };
}

type Between = { readonly firstRowId: number; readonly lastRowId: number };

/** Raw rows of a file that have a target, in stream order; the next ones overwrite their table. */
async function* streamRows(
  file: string,
  offset: number,
  plan: VersionPlan,
  tableRows: number,
  between?: Between,
  signal?: AbortSignal,
): AsyncGenerator<RawRows> {
  const isSorted = plan.time?.order === 'sort';
  // Counting is cheaper where rows come as they lie in the file.
  const isCounted = !isSorted && between === undefined;
  const options = {
    isReused: true,
    ...(!isCounted && { rowNumber: NUMBER }),
    ...(isSorted && { orderBy: `${identifier(plan.time!.column)} ASC NULLS FIRST, file_row_number` }),
    ...(between && {
      where: `file_row_number BETWEEN ${between.firstRowId - offset} AND ${between.lastRowId - offset}`,
    }),
  };
  const rowsOf = rawRows(plan);
  let start = 0;
  for await (const table of streamTable(file, requestsOf(plan), tableRows, signal, options)) {
    const ids = new Uint32Array(table.nRows);
    const numbers = isCounted ? null : numbersOf(table);
    for (let i = 0; i < ids.length; i++) ids[i] = offset + (numbers ? numbers[i]! : start + i);
    start += table.nRows;
    yield rowsOf(table, ids);
  }
}

/** No column of a person's table is called this. */
const NUMBER = 'pith row number';

const numbersOf = (table: Table): Float64Array => (table.columns.at(-1) as NumberColumn).values;

/** What the columns of a plan's rows are. */
export const featuresOf = (plan: VersionPlan): readonly Feature[] => new Preprocessor(plan.preprocessor).features;

/** Columns a plan reads: features, then the target, then the time. */
export function requestsOf({ inputs, target, targetInfo, time }: VersionPlan): ColumnRequest[] {
  const timeOf: ColumnRequest[] = time ? [{ name: time.column, as: 'number' }] : [];
  if (target === null) return [...inputs, ...timeOf];
  return [...inputs, { name: target, as: targetInfo?.task === 'regression' ? 'number' : 'category' }, ...timeOf];
}

/** Raw rows as rows of a tree, in memory of their own; rows without a target are left out. */
export function toChunk(table: Table, ids: Uint32Array, plan: VersionPlan, preprocessor: Preprocessor): Chunk {
  const { table: rows, y, rowIds, time } = rawRows(plan)(table, ids);
  return { X: preprocessor.transform(rows), y, rowIds, time: time?.slice() };
}
