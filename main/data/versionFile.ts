import type { ColumnType } from '../contract/data.ts';
import { typeOfSql } from './columnTypes.ts';
import { literal, withConnection } from './duck.ts';

/** Columns of a version's Parquet file, in order. */
export async function versionColumns(file: string): Promise<{ name: string; type: ColumnType }[]> {
  return withConnection(async (connection) => {
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet(${literal(file)})`);
    return described
      .getRowObjectsJS()
      .map((row) => ({ name: String(row['column_name']), type: typeOfSql(String(row['column_type'])) }));
  });
}
