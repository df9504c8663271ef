import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column, Table } from '../kernels/table.ts';
import { identifier, literal, withConnection, connect } from './duck.ts';
import { versionColumns } from './versionFile.ts';
import type { ColumnType } from '../contract/data.ts';

/** A column to read and how: as numbers (times are seconds since 1970 UTC), or as codes into its distinct texts. */
export interface ColumnRequest {
  readonly name: string;
  readonly as: 'number' | 'category';
}

/** Levels of every category column asked for, sorted; empty text counts as missing. */
export type Levels = ReadonlyMap<string, readonly string[]>;

/** Reads whole columns of a version; `rows` picks rows, in the order given. Rows are in file order. */
export async function readTable(file: string, columns: readonly ColumnRequest[], rows?: Uint32Array): Promise<Table> {
  const parts: Table[] = [];
  for await (const part of streamTable(file, columns, 1 << 17)) parts.push(part);
  const table = concatenate(parts, columns);
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
  try {
    const levels = await readLevels(connection, file, asked);
    const dictionaries = new Map(
      [...levels].map(([name, list]) => [name, new Map(list.map((text, code) => [text, code]))]),
    );
    const select = columns.map((column, i) => {
      if (i === asked.length) return `CAST(file_row_number AS DOUBLE) AS c${i}`;
      const texts = levels.get(column.name);
      const value =
        column.as === 'category' && isShort(texts) ? codes(column, texts) : expression(column, types.get(column.name));
      return `${value} AS c${i}`;
    });
    const needsNumbers = [rowNumber, where, orderBy].some((part) => part !== undefined);
    const from = `read_parquet(${literal(file)}${needsNumbers ? ', file_row_number=true' : ''})`;
    const rest = `${where === undefined ? '' : ` WHERE ${where}`}${orderBy === undefined ? '' : ` ORDER BY ${orderBy}`}`;
    const result = await connection.stream(`SELECT ${select.join(', ') || '1'} FROM ${from}${rest}`);
    let builder = new TableBuilder(columns, levels, dictionaries, chunkSize);
    for (;;) {
      signal?.throwIfAborted();
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
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

/** What is used of DuckDB's vectors: validity, and doubles as a typed array or texts one by one. */
interface Vector {
  getItem(index: number): unknown;
  readonly items?: Float64Array | Int32Array | Uint8Array | Uint16Array;
}

/** Numbers arrive as doubles with NaN for missing, so that whole vectors can be copied. */
export function expression({ name, as }: ColumnRequest, type: ColumnType | undefined): string {
  const column = identifier(name);
  if (as === 'category') return `CAST(${column} AS VARCHAR)`;
  if (type === 'time') return `coalesce(epoch(CAST(${column} AS TIMESTAMP)), 'nan'::DOUBLE)`;
  const value = type === 'text' ? `TRY_CAST(${column} AS DOUBLE)` : `CAST(${column} AS DOUBLE)`;
  return `coalesce(CASE WHEN isfinite(${value}) THEN ${value} END, 'nan'::DOUBLE)`;
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

/** Fills one table of at most `capacity` rows. */
class TableBuilder {
  nRows = 0;
  private readonly capacity: number;
  private readonly columns: readonly ColumnRequest[];
  private readonly levels: Levels;
  private readonly dictionaries: ReadonlyMap<string, ReadonlyMap<string, number>>;
  private readonly numbers: (Float64Array | null)[];
  private readonly codes: (Int32Array | null)[];

  constructor(
    columns: readonly ColumnRequest[],
    levels: Levels,
    dictionaries: ReadonlyMap<string, ReadonlyMap<string, number>>,
    capacity: number,
  ) {
    this.columns = columns;
    this.levels = levels;
    this.dictionaries = dictionaries;
    this.capacity = capacity;
    this.numbers = columns.map(({ as }) => (as === 'number' ? new Float64Array(capacity) : null));
    this.codes = columns.map(({ as }) => (as === 'category' ? new Int32Array(capacity) : null));
  }

  get isFull(): boolean {
    return this.nRows === this.capacity;
  }

  /** Copies rows [from, rowCount) as far as there is room; returns how many. */
  take(vectorOf: (i: number) => Vector, from: number, rowCount: number): number {
    const n = Math.min(rowCount - from, this.capacity - this.nRows);
    for (let c = 0; c < this.columns.length; c++) {
      const vector = vectorOf(c);
      const numbers = this.numbers[c];
      if (numbers) copyNumbers(vector, from, n, numbers, this.nRows);
      else copyCodes(vector, from, n, this.codes[c]!, this.nRows, this.dictionaries.get(this.columns[c]!.name)!);
    }
    this.nRows += n;
    return n;
  }

  finish(): Table {
    const n = this.nRows;
    const columns = this.columns.map(({ name, as }, c): Column => {
      if (as === 'number') return { kind: 'number', name, values: this.numbers[c]!.subarray(0, n) };
      return { kind: 'category', name, codes: this.codes[c]!.subarray(0, n), levels: this.levels.get(name)! };
    });
    return { nRows: n, columns };
  }
}

function copyNumbers(vector: Vector, from: number, n: number, out: Float64Array, at: number): void {
  const { items } = vector;
  if (items instanceof Float64Array) out.set(items.subarray(from, from + n), at);
  else for (let k = 0; k < n; k++) out[at + k] = (vector.getItem(from + k) as number | null) ?? NaN;
}

function copyCodes(
  vector: Vector,
  from: number,
  n: number,
  out: Int32Array,
  at: number,
  dictionary: ReadonlyMap<string, number>,
): void {
  const { items } = vector;
  if (items instanceof Uint8Array || items instanceof Uint16Array) {
    for (let k = 0; k < n; k++) out[at + k] = items[from + k]! - 1;
    return;
  }
  for (let k = 0; k < n; k++) {
    const text = vector.getItem(from + k) as string | null;
    out[at + k] = text === null ? -1 : (dictionary.get(text) ?? -1);
  }
}

function concatenate(parts: readonly Table[], requests: readonly ColumnRequest[]): Table {
  const nRows = parts.reduce((s, part) => s + part.nRows, 0);
  const columns = requests.map(({ name, as }, c): Column => {
    if (as === 'number') {
      const values = new Float64Array(nRows);
      let at = 0;
      for (const part of parts) {
        const column = part.columns[c]!;
        if (column.kind === 'number') values.set(column.values, at);
        at += part.nRows;
      }
      return { kind: 'number', name, values };
    }
    const codes = new Int32Array(nRows);
    let levels: readonly string[] = [];
    let at = 0;
    for (const part of parts) {
      const column = part.columns[c]!;
      if (column.kind === 'category') {
        codes.set(column.codes, at);
        levels = column.levels;
      }
      at += part.nRows;
    }
    return { kind: 'category', name, codes, levels };
  });
  return { nRows, columns };
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
