import type { DuckDBConnection } from '@duckdb/node-api';

/** A column of a file as DuckDB reads it. */
export interface FileColumn {
  readonly name: string;
  /** DuckDB's name of its type. */
  readonly sql: string;
}

/** How a file is read: FROM clause of a query, and the columns that it gives. */
export interface Reading {
  readonly from: string;
  readonly columns: readonly FileColumn[];
}

/** Asks DuckDB for the columns of `from`. */
export async function describe(connection: DuckDBConnection, from: string): Promise<Reading> {
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`);
  const columns = described
    .getRowObjectsJS()
    .map((row) => ({ name: String(row['column_name']), sql: String(row['column_type']) }));
  return { from, columns };
}
