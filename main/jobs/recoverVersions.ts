import { statSync } from 'node:fs';
import type { DataVersion } from '../contract/data.ts';
import type { KnownProject } from './projects.ts';

type Columns = DataVersion['columns'];

/**
 * Lists data files again that a damaged database forgot: each becomes a data set of its own, named by its hash.
 * A file that cannot be read as Parquet is left where it is and named in the notices.
 */
export async function recoverVersions(project: KnownProject): Promise<void> {
  const { orphanHashes } = project.opened;
  if (orphanHashes.length === 0 || project.isReadOnly) return;
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  let nRecovered = 0;
  try {
    for (const hash of orphanHashes) {
      if (project.store.datasets.versionByHash(hash)) continue;
      const path = project.store.files.dataPath(hash);
      try {
        const source = `read_parquet('${path.replaceAll("'", "''")}')`;
        const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
        const columns = described.getRows().map(([name, type]) => ({ name: String(name), type: typeOf(String(type)) }));
        const counted = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${source}`);
        const nRows = Number(counted.getRows()[0]![0]);
        insert(project, hash, columns, nRows, statSync(path).size);
        nRecovered++;
      } catch {
        project.notices.push(`The data file ${hash}.parquet could not be read; it was left where it is.`);
      }
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  if (nRecovered > 0) {
    project.notices.push(`${nRecovered} data set${nRecovered === 1 ? ' was' : 's were'} found again by their files.`);
  }
}

function insert({ store }: KnownProject, hash: string, columns: Columns, nRows: number, bytes: number): void {
  store.transaction(() => {
    const name = `recovered ${hash.slice(0, 8)}`;
    const dataset = store.datasets.insert({ name, source: `${hash}.parquet`, importOptions: {} });
    store.datasets.insertVersion(dataset.id, { hash, columns, nRows, bytes, note: 'recovered' });
  });
}

/** Pith's type of a DuckDB column type. */
function typeOf(duckType: string): Columns[number]['type'] {
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT|INTEGER|UINTEGER)/.test(duckType)) return 'integer';
  if (/^(FLOAT|DOUBLE|DECIMAL|REAL)/.test(duckType)) return 'number';
  if (duckType === 'BOOLEAN') return 'boolean';
  if (/^(DATE|TIME)/.test(duckType)) return 'time';
  return 'text';
}
