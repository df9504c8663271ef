import type { ColumnProfile, DataVersion, Dataset, ImportOptions } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import { strictJson } from '../contract/strictJson.ts';
import type { Db } from './database.ts';
import type { ProjectFiles } from './files.ts';
import { newId, now } from './ids.ts';

export interface NewVersion {
  /** Content hash of the Parquet file, hex; the file is `files.dataPath(hash)`. */
  readonly hash: string;
  readonly nRows: number;
  readonly columns: DataVersion['columns'];
  readonly bytes: number;
  /** "as loaded", "3 steps" … */
  readonly note: string;
}

interface DatasetRow {
  id: string;
  name: string;
  source: string;
  import_options: string;
  created_at: string;
}

interface VersionRow {
  id: string;
  dataset_id: string;
  hash: string;
  n_rows: number;
  columns: string;
  bytes: number;
  note: string;
  created_at: string;
}

/** Data sets, their immutable versions and the versions' profiles. */
export class DatasetStore {
  private readonly db: Db;
  private readonly files: ProjectFiles;

  constructor(db: Db, files: ProjectFiles) {
    this.db = db;
    this.files = files;
  }

  /** Newest first. */
  list(): Dataset[] {
    const rows = this.db.prepare<[], DatasetRow>('SELECT * FROM dataset ORDER BY created_at DESC, rowid DESC').all();
    return rows.map((row) => this.toDataset(row));
  }

  /** By id or, when there is none of that id, by name (the newest of that name). */
  find(idOrName: string): Dataset | undefined {
    const row = this.db
      .prepare<{ key: string }, DatasetRow>(
        'SELECT * FROM dataset WHERE id = @key OR name = @key ORDER BY id = @key DESC, created_at DESC, rowid DESC',
      )
      .get({ key: idOrName });
    return row && this.toDataset(row);
  }

  insert(dataset: { name: string; source: string; importOptions: ImportOptions }): Dataset {
    const row: DatasetRow = {
      id: newId('ds'),
      name: dataset.name,
      source: dataset.source,
      import_options: strictJson(dataset.importOptions),
      created_at: now(),
    };
    this.db.prepare('INSERT INTO dataset VALUES (@id, @name, @source, @import_options, @created_at)').run(row);
    return this.toDataset(row);
  }

  /** Adds a version; importing the same content again gives the version that is there already. */
  insertVersion(datasetId: string, version: NewVersion): DataVersion {
    const same = this.db
      .prepare<[string, string], VersionRow>('SELECT * FROM version WHERE dataset_id = ? AND hash = ?')
      .get(datasetId, version.hash);
    if (same) return toVersion(same);
    const row: VersionRow = {
      id: newId('ver'),
      dataset_id: datasetId,
      hash: version.hash,
      n_rows: version.nRows,
      columns: strictJson(version.columns),
      bytes: version.bytes,
      note: version.note,
      created_at: now(),
    };
    this.db
      .prepare(
        `INSERT INTO version (id, dataset_id, hash, n_rows, columns, bytes, note, created_at)
         VALUES (@id, @dataset_id, @hash, @n_rows, @columns, @bytes, @note, @created_at)`,
      )
      .run(row);
    return toVersion(row);
  }

  /** Throws AppError VERSION_NOT_FOUND. */
  version(versionId: string): DataVersion {
    const found = this.db.prepare<[string], VersionRow>('SELECT * FROM version WHERE id = ?').get(versionId);
    if (found) return toVersion(found);
    throw new AppError({
      code: 'VERSION_NOT_FOUND',
      message: 'This version of the data is no longer in the project.',
      fix: { kind: 'importData', label: 'Import the file again' },
    });
  }

  /** The newest version whose hash starts with `hash`. */
  versionByHash(hash: string): DataVersion | undefined {
    const found = this.db
      .prepare<[string], VersionRow>('SELECT * FROM version WHERE hash GLOB ? ORDER BY sequence DESC')
      .get(`${hash.replaceAll(/[^0-9a-f]/gi, '')}*`);
    return found && toVersion(found);
  }

  /** The data set that `versionId` belongs to; throws AppError VERSION_NOT_FOUND. */
  ofVersion(versionId: string): Dataset {
    return this.find(this.version(versionId).datasetId)!;
  }

  saveProfile(versionId: string, columns: readonly ColumnProfile[]): void {
    this.db.prepare('INSERT OR REPLACE INTO profile VALUES (?, ?)').run(versionId, strictJson(columns));
  }

  profile(versionId: string): ColumnProfile[] | null {
    const text = this.db
      .prepare<[string], string>('SELECT columns FROM profile WHERE version_id = ?')
      .pluck()
      .get(versionId) as string | undefined;
    return text === undefined ? null : (JSON.parse(text) as ColumnProfile[]);
  }

  /** Removes a data set with its versions; their Parquet files go when no other version has the same content. */
  remove(datasetId: string): void {
    const hashes = this.db
      .prepare<[string], string>('SELECT hash FROM version WHERE dataset_id = ?')
      .pluck()
      .all(datasetId) as string[];
    this.db.prepare('DELETE FROM dataset WHERE id = ?').run(datasetId);
    const isUsed = this.db.prepare<[string], number>('SELECT 1 FROM version WHERE hash = ?').pluck();
    for (const hash of hashes) if (isUsed.get(hash) === undefined) this.files.removeData(hash);
  }

  private toDataset(row: DatasetRow): Dataset {
    const versions = this.db
      .prepare<[string], VersionRow>('SELECT * FROM version WHERE dataset_id = ? ORDER BY sequence DESC')
      .all(row.id);
    return {
      id: row.id,
      name: row.name,
      source: row.source,
      importOptions: JSON.parse(row.import_options) as ImportOptions,
      versions: versions.map(toVersion),
      createdAt: row.created_at,
    };
  }
}

function toVersion(row: VersionRow): DataVersion {
  return {
    id: row.id,
    datasetId: row.dataset_id,
    hash: row.hash,
    nRows: row.n_rows,
    columns: JSON.parse(row.columns) as DataVersion['columns'],
    bytes: row.bytes,
    note: row.note,
    createdAt: row.created_at,
  };
}
