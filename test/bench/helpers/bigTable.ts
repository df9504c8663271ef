import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** Rows of standard normal numbers x0 …, and y = 1 where a noisy sum of the first five is above 1; a Parquet file. */
export async function bigTable(folder: string, nRows: number, d: number): Promise<string> {
  const file = path.join(folder, `table-${nRows}x${d}.parquet`);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const normal = 'sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())';
    const columns = Array.from({ length: d }, (_, j) => `CAST(${normal} AS FLOAT) AS x${j}`).join(', ');
    const sum = Array.from({ length: Math.min(5, d) }, (_, j) => `x${j}`).join(' + ');
    await connection.run('SELECT setseed(0.5)');
    await connection.run(
      `COPY (SELECT *, CASE WHEN ${sum} + ${normal} > 1 THEN 'yes' ELSE 'no' END AS y
             FROM (SELECT ${columns} FROM range(${nRows}))) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`,
    );
    return file;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
