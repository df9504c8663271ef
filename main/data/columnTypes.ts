import type { ColumnType } from '../contract/data.ts';
import { identifier } from './duck.ts';

/** Pith's type of a DuckDB type name. */
export function typeOfSql(sql: string): ColumnType {
  if (/^(U?(TINY|SMALL|BIG)INT|U?INTEGER)$/.test(sql)) return 'integer';
  if (/^(FLOAT|DOUBLE|DECIMAL|U?HUGEINT)/.test(sql)) return 'number';
  if (sql === 'BOOLEAN') return 'boolean';
  if (/^(DATE|TIMESTAMP)/.test(sql)) return 'time';
  return 'text';
}

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  text: 'VARCHAR',
  time: 'TIMESTAMP',
};

export const sqlTypeOf = (type: ColumnType): string => SQL_TYPES[type];

/**
 * A column as a version keeps it. `wanted` casts with TRY_CAST: what does not fit is missing, and the caller counts it.
 */
export function storedExpression(name: string, sql: string, wanted: ColumnType | undefined): string {
  const column = identifier(name);
  if (wanted !== undefined && wanted !== typeOfSql(sql)) return `TRY_CAST(${column} AS ${sqlTypeOf(wanted)})`;
  if (/^(DECIMAL|U?HUGEINT|FLOAT|UBIGINT)/.test(sql)) return `CAST(${column} AS DOUBLE)`;
  if (sql.startsWith('TIMESTAMP WITH')) return `CAST(${column} AT TIME ZONE 'UTC' AS TIMESTAMP)`;
  if (sql.startsWith('TIMESTAMP')) return `CAST(${column} AS TIMESTAMP)`;
  if (typeOfSql(sql) === 'text' && sql !== 'VARCHAR') return `CAST(${column} AS VARCHAR)`;
  return column;
}
