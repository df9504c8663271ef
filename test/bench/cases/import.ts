import { mkdtempSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { importFile } from '../../../main/data/importFile.ts';
import { withConnection } from '../../../main/data/duck.ts';
import { countRows } from '../../../main/data/readTable.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { row, timeRuns, type Bench } from '../harness.ts';
import { writeTable } from '../helpers/tableCsv.ts';

interface Peers {
  readonly files: Readonly<
    Record<string, { readonly duckdb: number; readonly parquet: number; readonly pandas: number }>
  >;
}

export const importBench: Bench = {
  name: 'import',
  description: 'CSV into a version of a project, beside DuckDB’s own read of the file and pandas',
  async run({ nRuns, dataDir, tempDir, threads, peer }) {
    await withConnection((connection) => connection.run(`SET threads=${threads}`));
    const made = path.join(tempDir, 'table.csv');
    await writeTable(made, 2_000_000);
    const files = [made, ...(dataDir === null ? [] : [path.join(dataDir, 'binary/adult.csv')])];
    const answer = (await peer('import.py', files)) as (Peers & { name: string }) | null;
    const rows = [];
    for (const file of files) {
      let nRows = 0;
      const ours = await timeRuns(nRuns, async () => {
        const folder = mkdtempSync(path.join(tempDir, 'import-'));
        const version = await importFile(file, {}, folder, quietTask);
        nRows = await countRows(version.file);
        rmSync(folder, { recursive: true });
      });
      const other = answer?.files[file];
      const extra = { rowsPerSecond: nRows / ours.median, megabytes: statSync(file).size / 1e6, nRows };
      const name = path.basename(file);
      rows.push(
        row(
          `${name}, beside a read into a table`,
          's',
          ours,
          other ? { name: 'DuckDB', median: other.duckdb } : null,
          extra,
        ),
        row(`${name}, beside a copy to Parquet`, 's', ours, other ? { name: 'DuckDB', median: other.parquet } : null),
        row(`${name}, beside read_csv`, 's', ours, other ? { name: 'pandas', median: other.pandas } : null),
      );
    }
    return rows;
  },
};
