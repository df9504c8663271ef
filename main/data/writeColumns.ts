import { rename, rm } from 'node:fs/promises';
import { DOUBLE, DuckDBDataChunk, type DuckDBValue } from '@duckdb/node-api';
import { identifier, literal, withConnection } from './duck.ts';

/** A column of a Parquet file that is made from nothing but numbers. */
export interface WrittenColumn {
  readonly name: string;
  /** `text`: values are places in `texts`. `whole` numbers are below 2⁵³. NaN and infinities stay what they are. */
  readonly kind: 'number' | 'whole' | 'text';
  readonly values: ArrayLike<number>;
  readonly texts?: readonly string[];
}

const CHUNK_ROWS = 2048;

/**
 * Writes columns of one length to a Parquet file, which appears complete or not at all.
 * @param metadata goes into the file's own key-value metadata
 */
export async function writeColumns(
  columns: readonly WrittenColumn[],
  metadata: Readonly<Record<string, string>>,
  out: string,
  signal?: AbortSignal,
): Promise<void> {
  const temporary = `${out}.part`;
  const nRows = columns[0]?.values.length ?? 0;
  try {
    await withConnection(async (connection) => {
      await connection.run(`CREATE TEMP TABLE written (${columns.map((_, i) => `c${i} DOUBLE`).join(', ')})`);
      const appender = await connection.createAppender('written');
      const chunk = DuckDBDataChunk.create(
        columns.map(() => DOUBLE),
        CHUNK_ROWS,
      );
      for (let at = 0; at < nRows; at += CHUNK_ROWS) {
        const end = Math.min(at + CHUNK_ROWS, nRows);
        chunk.reset();
        chunk.setColumns(columns.map(({ values }) => slice(values, at, end)));
        appender.appendDataChunk(chunk);
      }
      appender.closeSync();
      const select = columns.map((column, i) => `${expression(column, `c${i}`)} AS ${identifier(column.name)}`);
      const pairs = Object.entries(metadata).map(([key, value]) => `${identifier(key)}: ${literal(value)}`);
      await connection.run(
        `COPY (SELECT ${select.join(', ')} FROM written) TO ${literal(temporary)} (FORMAT parquet, KV_METADATA {${pairs.join(', ')}})`,
      );
    }, signal);
    await rename(temporary, out);
  } finally {
    await rm(temporary, { force: true });
  }
}

function expression({ kind, texts = [] }: WrittenColumn, value: string): string {
  if (kind === 'number') return value;
  return kind === 'whole'
    ? `CAST(${value} AS BIGINT)`
    : `([${texts.map(literal).join(', ')}]::VARCHAR[])[TRY_CAST(${value} AS INTEGER) + 1]`;
}

const slice = (values: ArrayLike<number>, from: number, to: number): DuckDBValue[] =>
  Array.from({ length: to - from }, (_, i) => values[from + i]!);
