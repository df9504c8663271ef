import { DuckDBInstance } from '@duckdb/node-api';

/** All columns of a CSV, and the rows (`kept`) whose target is there. */
export async function readColumns(file: string, targetName: string) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(
      `SELECT * FROM read_csv('${file.replaceAll("'", "''")}', sample_size=-1, nullstr=['', '?', 'NA'])`,
    );
    const names = reader.columnNames();
    const columns = reader.getColumns();
    const target = columns[names.findIndex((n) => n.trim() === targetName)]!;
    const kept = target.map((v, i) => (v === null ? -1 : i)).filter((i) => i >= 0);
    return { names, columns, target, kept };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
