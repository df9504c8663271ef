import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, literal, singleThreaded, withConnection } from '../../data/duck.ts';
import { expression, type ColumnRequest } from '../../data/readTable.ts';
import { toCell } from '../../data/cells.ts';
import { versionColumns } from '../../data/versionFile.ts';
import type { Cell } from '../../contract/json.ts';
import type { Column, Table } from '../../kernels/table.ts';

/** Rows of a version by number, ascending, as a table of raw columns. Numbers the version does not have are left out. */
export async function readTableRows(
  file: string,
  columns: readonly ColumnRequest[],
  rowIds: Iterable<number>,
): Promise<{ table: Table; rowIds: Uint32Array }> {
  const types = new Map((await columnsOf(file)).map(({ name, type }) => [name, type]));
  const select = columns.map((column) => expression(column, types.get(column.name)));
  const rows = await readByNumber(file, select, rowIds);
  const made = columns.map(({ name, as }, c): Column => {
    const values = rows.map((row) => row[c + 1]);
    if (as === 'number') return { kind: 'number', name, values: Float64Array.from(values, (v) => Number(v ?? NaN)) };
    return categoryOf(
      name,
      values.map((v) => (v === null || v === '' ? null : String(v))),
    );
  });
  return { table: { nRows: rows.length, columns: made }, rowIds: Uint32Array.from(rows, (row) => Number(row[0])) };
}

/** A category column from its texts. */
export function categoryOf(name: string, texts: readonly (string | null)[]): Column {
  const levels = [...new Set(texts.filter((t) => t !== null))].sort();
  const code = new Map(levels.map((level, k) => [level, k]));
  return { kind: 'category', name, levels, codes: Int32Array.from(texts, (t) => (t === null ? -1 : code.get(t)!)) };
}

/** Cells of rows by number, in the order asked for; columns of the version. */
export async function readCells(
  file: string,
  rowIds: readonly number[],
): Promise<{ columns: string[]; rows: Cell[][] }> {
  const columns = (await columnsOf(file)).map(({ name }) => name);
  const found = await readByNumber(file, columns.map(identifier), rowIds);
  const byId = new Map(found.map((row) => [Number(row[0]), row.slice(1).map(toCell)]));
  return { columns, rows: rowIds.map((id) => byId.get(id) ?? columns.map(() => null)) };
}

async function readByNumber(file: string, select: readonly string[], rowIds: Iterable<number>): Promise<unknown[][]> {
  const wanted = [...new Set(rowIds)];
  if (wanted.length === 0) return [];
  const named = select.map((sql, i) => `${sql} AS c${i}`);
  // Equality is pushed into the scan, which then opens one row group.
  const sql = `SELECT file_row_number AS row_id${named.map((column) => `, ${column}`).join('')}
     FROM read_parquet(${literal(file)}, file_row_number=true)
     WHERE file_row_number ${wanted.length === 1 ? `= ${wanted[0]}` : `IN (${wanted.join(', ')}) ORDER BY file_row_number`}`;
  const read = async (connection: DuckDBConnection) => (await connection.runAndReadAll(sql)).getRowsJS() as unknown[][];
  return wanted.length <= FEW ? read(await singleThreaded()) : withConnection(read);
}

/** Rows that one thread reads as fast as all. */
const FEW = 16;

/** Files of versions never change: they are named by what is in them. */
const known = new Map<string, ReturnType<typeof versionColumns>>();
const MAX_KNOWN = 50;

function columnsOf(file: string): ReturnType<typeof versionColumns> {
  let columns = known.get(file);
  if (columns === undefined) {
    columns = versionColumns(file);
    known.set(file, columns);
    // A file that could not be read is asked again.
    columns.catch(() => known.delete(file));
    if (known.size > MAX_KNOWN) known.delete(known.keys().next().value!);
  }
  return columns;
}
