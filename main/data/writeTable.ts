import { rename, rm, stat } from 'node:fs/promises';
import { DuckDBDataChunk, DOUBLE, VARCHAR, type DuckDBConnection, type DuckDBType } from '@duckdb/node-api';
import type { Column } from '../kernels/table.ts';
import type { ColumnType } from '../contract/data.ts';
import { identifier, literal, withConnection } from './duck.ts';
import { versionColumns } from './versionFile.ts';

/** A column that is written beside those of a version; names that are taken get a number. */
export type AddedColumn = Column;

const CHUNK_ROWS = 2048;

/**
 * Writes the rows of a version with further columns to `out`: Parquet when it is called so, else CSV in which texts
 * that a spreadsheet would run as formulas start with an apostrophe. `out` appears complete or not at all.
 */
export async function writeWithColumns(
  file: string,
  added: readonly AddedColumn[],
  out: string,
  signal: AbortSignal,
): Promise<{ bytes: number }> {
  const isParquet = /\.parquet$/i.test(out);
  const columns = await versionColumns(file);
  const names = freshNames(
    added.map(({ name }) => name),
    columns.map(({ name }) => name),
  );
  const temporary = `${out}.part`;
  try {
    await withConnection(async (connection) => {
      await fill(connection, added);
      const select = [
        ...columns.map(({ name, type }) => shown(identifier(name), name, type, isParquet)),
        ...added.map(({ kind }, i) => shown(`c${i}`, names[i]!, kind === 'category' ? 'text' : 'number', isParquet)),
      ];
      const format = isParquet ? 'FORMAT parquet' : 'FORMAT csv, HEADER true';
      await connection.run(
        `COPY (SELECT ${select.join(', ')} FROM read_parquet(${literal(file)}) POSITIONAL JOIN added)
         TO ${literal(temporary)} (${format})`,
      );
    }, signal);
    await rename(temporary, out);
    return { bytes: (await stat(out)).size };
  } finally {
    await rm(temporary, { force: true });
  }
}

function shown(expression: string, name: string, type: ColumnType, isParquet: boolean): string {
  const guarded =
    type === 'text' && !isParquet
      ? `CASE WHEN regexp_matches(${expression}, '^[=+@\\t\\r-]') THEN '''' || ${expression} ELSE ${expression} END`
      : expression;
  return `${guarded} AS ${identifier(isParquet ? name : name.replace(/^([=+@\t\r-])/, "'$1"))}`;
}

/** A temporary table `added` with columns c0, c1 …, in row order. */
async function fill(connection: DuckDBConnection, added: readonly AddedColumn[]): Promise<void> {
  const types: DuckDBType[] = added.map(({ kind }) => (kind === 'number' ? DOUBLE : VARCHAR));
  const declared = added.map(({ kind }, i) => `c${i} ${kind === 'number' ? 'DOUBLE' : 'VARCHAR'}`);
  await connection.run(`CREATE TEMP TABLE added (${declared.join(', ')})`);
  const appender = await connection.createAppender('added');
  const nRows = lengthOf(added[0]);
  const chunk = DuckDBDataChunk.create(types, CHUNK_ROWS);
  for (let at = 0; at < nRows; at += CHUNK_ROWS) {
    const end = Math.min(at + CHUNK_ROWS, nRows);
    chunk.reset();
    chunk.setColumns(added.map((column) => cells(column, at, end)));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

const lengthOf = (column: AddedColumn | undefined): number =>
  column === undefined ? 0 : column.kind === 'number' ? column.values.length : column.codes.length;

function cells(column: AddedColumn, from: number, to: number): (number | string | null)[] {
  const out: (number | string | null)[] = [];
  for (let i = from; i < to; i++) {
    if (column.kind === 'number') out.push(Number.isNaN(column.values[i]!) ? null : column.values[i]!);
    else out.push(column.levels[column.codes[i]!] ?? null);
  }
  return out;
}

function freshNames(wanted: readonly string[], taken: readonly string[]): string[] {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  return wanted.map((name) => {
    let fresh = name;
    for (let k = 2; used.has(fresh.toLowerCase()); k++) fresh = `${name}_${k}`;
    used.add(fresh.toLowerCase());
    return fresh;
  });
}
