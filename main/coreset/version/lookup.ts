import { identifier, literal, withConnection } from '../../data/duck.ts';
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
  const types = new Map((await versionColumns(file)).map(({ name, type }) => [name, type]));
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
  const columns = (await versionColumns(file)).map(({ name }) => name);
  const found = await readByNumber(file, columns.map(identifier), rowIds);
  const byId = new Map(found.map((row) => [Number(row[0]), row.slice(1).map(toCell)]));
  return { columns, rows: rowIds.map((id) => byId.get(id) ?? columns.map(() => null)) };
}

async function readByNumber(file: string, select: readonly string[], rowIds: Iterable<number>): Promise<unknown[][]> {
  const wanted = [...new Set(rowIds)];
  if (wanted.length === 0) return [];
  const named = select.map((sql, i) => `${sql} AS c${i}`);
  return withConnection(async (connection) => {
    const reader = await connection.runAndReadAll(
      `SELECT file_row_number AS row_id${named.map((sql) => `, ${sql}`).join('')}
       FROM read_parquet(${literal(file)}, file_row_number=true)
       WHERE file_row_number IN (${wanted.join(', ')}) ORDER BY file_row_number`,
    );
    return reader.getRowsJS() as unknown[][];
  });
}
