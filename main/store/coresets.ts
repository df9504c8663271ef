import type { CoresetEdit, CoresetSummary } from '../contract/coreset.ts';
import { AppError } from '../contract/errors.ts';
import { strictJson } from '../contract/strictJson.ts';
import type { ArtefactStore } from './artefacts.ts';
import type { Db } from './database.ts';
import { newId, now } from './ids.ts';

/** What a coreset's own code keeps about it: the summary's numbers and anything else it needs, as JSON. */
export type CoresetMeta = Omit<CoresetSummary, 'id' | 'projectId' | 'versionId' | 'name' | 'nEdits' | 'createdAt'> &
  Record<string, unknown>;

export interface CoresetRecord {
  readonly id: string;
  readonly versionId: string;
  readonly name: string;
  readonly meta: CoresetMeta;
  readonly nEdits: number;
  readonly createdAt: string;
}

export interface EditRecord extends CoresetEdit {
  /** What undo and replay need, as JSON. */
  readonly edit: unknown;
}

interface CoresetRow {
  id: string;
  version_id: string;
  name: string;
  meta: string;
  created_at: string;
  n_edits: number;
}

interface EditRow {
  id: number;
  kind: CoresetEdit['kind'];
  description: string;
  n_rows: number;
  edit: string;
  at: string;
}

const selectCoreset = `SELECT *, (SELECT count(*) FROM coreset_edit WHERE coreset_id = coreset.id) AS n_edits FROM coreset`;

/** Coresets with their edits. Their trees are artefacts owned by the coreset's id. */
export class CoresetStore {
  private readonly db: Db;
  private readonly artefacts: ArtefactStore;

  constructor(db: Db, artefacts: ArtefactStore) {
    this.db = db;
    this.artefacts = artefacts;
  }

  insert(coreset: { id?: string; versionId: string; name: string; meta: CoresetMeta }): CoresetRecord {
    const row: CoresetRow = {
      id: coreset.id ?? newId('cor'),
      version_id: coreset.versionId,
      name: coreset.name,
      meta: strictJson(coreset.meta),
      created_at: now(),
      n_edits: 0,
    };
    this.db.prepare('INSERT INTO coreset VALUES (@id, @version_id, @name, @meta, @created_at)').run(row);
    return toRecord(row);
  }

  /** Newest first. */
  list(): CoresetRecord[] {
    return this.db.prepare<[], CoresetRow>(`${selectCoreset} ORDER BY created_at DESC, rowid DESC`).all().map(toRecord);
  }

  /** Throws AppError CORESET_NOT_FOUND. */
  get(coresetId: string): CoresetRecord {
    const row = this.db.prepare<[string], CoresetRow>(`${selectCoreset} WHERE id = ?`).get(coresetId);
    if (row) return toRecord(row);
    throw new AppError({
      code: 'CORESET_NOT_FOUND',
      message: 'This coreset is no longer in the project.',
      fix: { kind: 'buildCoreset', label: 'Build it again' },
    });
  }

  /** Replaces the keys of `meta` that `patch` names. */
  patchMeta(coresetId: string, patch: Partial<CoresetMeta>): CoresetRecord {
    const meta = { ...this.get(coresetId).meta, ...patch };
    this.db.prepare('UPDATE coreset SET meta = ? WHERE id = ?').run(strictJson(meta), coresetId);
    return this.get(coresetId);
  }

  rename(coresetId: string, name: string): void {
    this.db.prepare('UPDATE coreset SET name = ? WHERE id = ?').run(name, coresetId);
  }

  addEdit(coresetId: string, edit: Pick<EditRecord, 'kind' | 'description' | 'nRows' | 'edit'>): number {
    const { lastInsertRowid } = this.db
      .prepare('INSERT INTO coreset_edit (coreset_id, kind, description, n_rows, edit, at) VALUES (?, ?, ?, ?, ?, ?)')
      .run(coresetId, edit.kind, edit.description, edit.nRows, strictJson(edit.edit), now());
    return Number(lastInsertRowid);
  }

  /** Oldest first; only those of one kind when given. */
  edits(coresetId: string, kind: EditRecord['kind'] | null = null): EditRecord[] {
    return this.db
      .prepare<[string, string | null], EditRow>(
        'SELECT * FROM coreset_edit WHERE coreset_id = ? AND kind = coalesce(?, kind) ORDER BY id',
      )
      .all(coresetId, kind)
      .map((row) => ({
        id: row.id,
        kind: row.kind,
        description: row.description,
        nRows: row.n_rows,
        at: row.at,
        edit: JSON.parse(row.edit) as unknown,
      }));
  }

  /** Numbers of the edits, ascending. */
  editIds(coresetId: string): number[] {
    return this.db
      .prepare<[string], number>('SELECT id FROM coreset_edit WHERE coreset_id = ? ORDER BY id')
      .pluck()
      .all(coresetId) as number[];
  }

  removeEdit(editId: number): void {
    this.db.prepare('DELETE FROM coreset_edit WHERE id = ?').run(editId);
  }

  /** Removes the coreset, its edits and its artefacts. */
  erase(coresetId: string): void {
    this.db.prepare('DELETE FROM coreset WHERE id = ?').run(coresetId);
    this.artefacts.removeAll(coresetId);
  }
}

function toRecord(row: CoresetRow): CoresetRecord {
  return {
    id: row.id,
    versionId: row.version_id,
    name: row.name,
    meta: JSON.parse(row.meta) as CoresetMeta,
    nEdits: row.n_edits,
    createdAt: row.created_at,
  };
}
