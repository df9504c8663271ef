import { uniqueNames } from './detect/names.ts';
import { identifier, literal, withConnection } from './duck.ts';

/**
 * A Parquet file as a FROM clause. DuckDB numbers columns whose names differ in case only by their place in the file;
 * where there are such, all columns get the names that other formats give them.
 */
export async function parquetFrom(file: string): Promise<{ from: string; warnings: string[] }> {
  const from = `read_parquet(${literal(file)})`;
  const names = await withConnection(async (connection) => {
    const sql = `SELECT name, num_children FROM parquet_schema(${literal(file)})`;
    const [root, ...columns] = (await connection.runAndReadAll(sql)).getRowsJS();
    const isFlat = Number(root?.[1]) === columns.length;
    return isFlat ? columns.map(([name]) => String(name)) : [];
  });
  if (new Set(names.map((name) => name.toLowerCase())).size === names.length) return { from, warnings: [] };
  const unique = uniqueNames(names);
  return { from: `${from} AS t(${unique.names.map(identifier).join(', ')})`, warnings: unique.warnings };
}
