import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType } from '../contract/data.ts';
import { identifier } from './duck.ts';

/** A column of a file as DuckDB reads it. */
export interface FileColumn {
  readonly name: string;
  readonly sql: string;
}

const SAMPLE_ROWS = 20_000;

/**
 * Text columns that hold numbers with blanks around them, or blanks alone where nothing was known ("79.99 ", " "):
 * DuckDB takes one such cell for a sign that the column is text. A sample names the candidates, all rows decide.
 * @param isWhole false looks at the sample only, for a preview
 */
export async function paddedNumbers(
  connection: DuckDBConnection,
  from: string,
  columns: readonly FileColumn[],
  decimal: string,
  isWhole: boolean,
): Promise<Map<string, 'integer' | 'number'>> {
  const texts = columns.filter(({ sql }) => sql === 'VARCHAR');
  const candidates = await numbersAmong(connection, `(SELECT * FROM ${from} LIMIT ${SAMPLE_ROWS})`, texts, decimal);
  if (!isWhole || candidates.size === 0) return candidates;
  const kept = texts.filter(({ name }) => candidates.has(name));
  return numbersAmong(connection, from, kept, decimal);
}

/** The expression that reads such a column. */
export function paddedNumber(name: string, type: ColumnType, decimal: string): string {
  return `TRY_CAST(${trimmed(name, decimal)} AS ${type === 'integer' ? 'BIGINT' : 'DOUBLE'})`;
}

function trimmed(name: string, decimal: string): string {
  const text = `nullif(trim(${identifier(name)}), '')`;
  return decimal === ',' ? `replace(${text}, ',', '.')` : text;
}

async function numbersAmong(
  connection: DuckDBConnection,
  from: string,
  columns: readonly FileColumn[],
  decimal: string,
): Promise<Map<string, 'integer' | 'number'>> {
  if (columns.length === 0) return new Map();
  const counts = columns.flatMap(({ name }) => {
    const text = trimmed(name, decimal);
    return [
      `count(${text})`,
      `count(TRY_CAST(${text} AS DOUBLE))`,
      `count(CASE WHEN regexp_full_match(${text}, '[-+]?[0-9]+') THEN TRY_CAST(${text} AS BIGINT) END)`,
    ];
  });
  const row = (await connection.runAndReadAll(`SELECT ${counts.join(', ')} FROM ${from}`)).getRowsJS()[0] ?? [];
  const found = new Map<string, 'integer' | 'number'>();
  columns.forEach(({ name }, i) => {
    const [n, numbers, integers] = row.slice(3 * i, 3 * i + 3).map(Number);
    if (n! > 0 && numbers === n) found.set(name, integers === n ? 'integer' : 'number');
  });
  return found;
}
