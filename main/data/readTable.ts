import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { Column, Table } from '../kernels/table.ts';
import { identifier, literal, withConnection, connect } from './duck.ts';
import { versionColumns } from './versionFile.ts';
import type { ColumnType } from '../contract/data.ts';
import { joinTables, TableBuilder, type ColumnRequest, type Levels, type Vector } from './tableBuilder.ts';

export type { ColumnRequest } from './tableBuilder.ts';

/** Reads whole columns of a version; `rows` picks rows, in the order given. Rows are in file order. */
export async function readTable(file: string, columns: readonly ColumnRequest[], rows?: Uint32Array): Promise<Table> {
  const parts: Table[] = [];
  for await (const part of streamTable(file, columns, 1 << 17)) parts.push(part);
  const table = joinTables(parts, columns);
  return rows ? pick(table, rows) : table;
}

/** Which rows a stream has and in which order; all of them as they lie in the file unless told. */
export interface StreamOptions {
  /** Name of a further column, the last one, that holds each row's number. */
  readonly rowNumber?: string;
  /** SQL over the file's columns and file_row_number. */
  readonly where?: string;
  readonly orderBy?: string;
  /** A table's columns are overwritten by the next one: for streams whose reader keeps none of them. */
  readonly isReused?: boolean;
}

/** Rows in file order, in tables of at most `chunkSize` rows; a category has the same `levels` array in each. */
export async function* streamTable(
  file: string,
  asked: readonly ColumnRequest[],
  chunkSize: number,
  signal?: AbortSignal,
  { rowNumber, where, orderBy, isReused = false }: StreamOptions = {},
): AsyncGenerator<Table> {
  const columns = rowNumber === undefined ? asked : [...asked, { name: rowNumber, as: 'number' as const }];
  const types = new Map((await versionColumns(file)).map(({ name, type }) => [name, type]));
  const connection = await connect();
  let ahead: Promise<DuckDBDataChunk | null> | undefined;
  try {
    const levels = await readLevels(connection, file, asked);
    const dictionaries = new Map(
      [...levels].map(([name, list]) => [name, new Map(list.map((text, code) => [text, code]))]),
    );
    const select = columns.map((column, i) => {
      if (i === asked.length) return `CAST(file_row_number AS DOUBLE) AS c${i}`;
      const texts = levels.get(column.name);
      const value =
        column.as === 'category' && isShort(texts) ? codes(column, texts) : streamed(column, types.get(column.name));
      return `${value} AS c${i}`;
    });
    const needsNumbers = [rowNumber, where, orderBy].some((part) => part !== undefined);
    const from = `read_parquet(${literal(file)}${needsNumbers ? ', file_row_number=true' : ''})`;
    const rest = `${where === undefined ? '' : ` WHERE ${where}`}${orderBy === undefined ? '' : ` ORDER BY ${orderBy}`}`;
    const result = await connection.stream(`SELECT ${select.join(', ') || '1'} FROM ${from}${rest}`);
    let builder = new TableBuilder(columns, levels, dictionaries, chunkSize);
    ahead = result.fetchChunk();
    for (;;) {
      signal?.throwIfAborted();
      const chunk = await ahead;
      if (!chunk || chunk.rowCount === 0) break;
      // The next one is fetched while this one is worked on.
      ahead = result.fetchChunk();
      let at = 0;
      while (at < chunk.rowCount) {
        at += builder.take((i) => chunk.getColumnVector(i) as unknown as Vector, at, chunk.rowCount);
        if (!builder.isFull) continue;
        yield builder.finish();
        if (isReused) builder.nRows = 0;
        else builder = new TableBuilder(columns, levels, dictionaries, chunkSize);
      }
    }
    if (builder.nRows > 0) yield builder.finish();
  } finally {
    // A reader may leave early: nothing may be closed under a fetch.
    await ahead?.catch(() => null);
    connection.closeSync();
  }
}

/** Past this many levels a column arrives as texts: DuckDB would hand over all levels with every chunk. */
const MAX_ENUM_LEVELS = 1000;

const isShort = (levels: readonly string[] | undefined): levels is readonly string[] =>
  levels !== undefined && levels.length <= MAX_ENUM_LEVELS;

/** Codes from 1 on into `levels` as DuckDB's own dictionary, 0 where missing: no text is made for a cell. */
function codes({ name }: ColumnRequest, levels: readonly string[]): string {
  const text = `CAST(${identifier(name)} AS VARCHAR)`;
  return `CAST(coalesce(${text}, '') AS ENUM (${['', ...levels].map(literal).join(', ')}))`;
}

/** Numbers arrive as doubles with NaN for missing. */
export function expression(request: ColumnRequest, type: ColumnType | undefined): string {
  const value = streamed(request, type);
  if (request.as === 'category') return value;
  if (type === 'time') return `coalesce(${value}, 'nan'::DOUBLE)`;
  return `coalesce(CASE WHEN isfinite(${value}) THEN ${value} END, 'nan'::DOUBLE)`;
}

/** The same as it is streamed: what is missing or not finite is found while vectors are copied, which costs less. */
function streamed({ name, as }: ColumnRequest, type: ColumnType | undefined): string {
  const column = identifier(name);
  if (as === 'category') return `CAST(${column} AS VARCHAR)`;
  if (type === 'time') return `epoch(CAST(${column} AS TIMESTAMP))`;
  return type === 'text' ? `TRY_CAST(${column} AS DOUBLE)` : `CAST(${column} AS DOUBLE)`;
}

async function readLevels(
  connection: DuckDBConnection,
  file: string,
  columns: readonly ColumnRequest[],
): Promise<Levels> {
  const levels = new Map<string, readonly string[]>();
  for (const { name, as } of columns) {
    if (as !== 'category') continue;
    const column = `CAST(${identifier(name)} AS VARCHAR)`;
    const sql = `SELECT DISTINCT ${column} AS v FROM read_parquet(${literal(file)}) WHERE ${column} <> '' ORDER BY v`;
    const rows = (await connection.runAndReadAll(sql)).getColumnsJS()[0] ?? [];
    levels.set(name, rows.map(String));
  }
  return levels;
}

function pick(table: Table, rows: Uint32Array): Table {
  return {
    nRows: rows.length,
    columns: table.columns.map((column): Column =>
      column.kind === 'number'
        ? { ...column, values: Float64Array.from(rows, (i) => column.values[i]!) }
        : { ...column, codes: Int32Array.from(rows, (i) => column.codes[i]!) },
    ),
  };
}

/** Rows of a version. */
export async function countRows(file: string): Promise<number> {
  return withConnection(async (connection) => {
    const counted = await connection.runAndReadAll(`SELECT count(*) AS n FROM read_parquet(${literal(file)})`);
    return Number(counted.getRowObjectsJS()[0]?.['n']);
  });
}
