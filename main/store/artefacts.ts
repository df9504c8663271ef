import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { AppError } from '../contract/errors.ts';
import type { Db } from './database.ts';
import type { ProjectFiles } from './files.ts';
import { now } from './ids.ts';

export interface Artefact {
  readonly name: string;
  /** SHA-256 of the content, hex. */
  readonly hash: string;
  readonly bytes: number;
}

/**
 * Files that runs and coresets produce, stored once per content under `artifacts/<hash>`.
 * `ownerId` is the id of the run or coreset they belong to; names are unique per owner.
 */
export class ArtefactStore {
  private readonly db: Db;
  private readonly files: ProjectFiles;

  constructor(db: Db, files: ProjectFiles) {
    this.db = db;
    this.files = files;
  }

  /** Moves a staged file in and names it; a former artefact of that name is replaced. */
  add(ownerId: string, name: string, stagedPath: string): Artefact {
    const { hash, bytes } = hashFile(stagedPath);
    const former = this.find(ownerId, name);
    this.files.adoptArtefact(stagedPath, hash);
    this.db.prepare('INSERT OR REPLACE INTO artefact VALUES (?, ?, ?, ?, ?)').run(ownerId, name, hash, bytes, now());
    if (former && former.hash !== hash) this.removeUnused(former.hash);
    return { name, hash, bytes };
  }

  list(ownerId: string): Artefact[] {
    return this.db
      .prepare<[string], Artefact>('SELECT name, hash, bytes FROM artefact WHERE owner_id = ? ORDER BY name')
      .all(ownerId);
  }

  find(ownerId: string, name: string): Artefact | undefined {
    return this.db
      .prepare<[string, string], Artefact>('SELECT name, hash, bytes FROM artefact WHERE owner_id = ? AND name = ?')
      .get(ownerId, name);
  }

  /** Path on disk; throws AppError ARTEFACT_NOT_FOUND. */
  path(ownerId: string, name: string): string {
    const found = this.find(ownerId, name);
    if (found) return this.files.artefactPath(found.hash);
    throw new AppError({
      code: 'ARTEFACT_NOT_FOUND',
      message: `"${name}" was not saved with this ${ownerId.startsWith('cor') ? 'coreset' : 'run'}.`,
      fix: { kind: 'repeat', label: 'Run it again' },
    });
  }

  remove(ownerId: string, name: string): void {
    const found = this.find(ownerId, name);
    if (!found) return;
    this.db.prepare('DELETE FROM artefact WHERE owner_id = ? AND name = ?').run(ownerId, name);
    this.removeUnused(found.hash);
  }

  removeAll(ownerId: string): void {
    for (const { name } of this.list(ownerId)) this.remove(ownerId, name);
  }

  /** Removes files without a row: those that came in just before the engine was killed. */
  sweep(): void {
    const used = new Set(this.db.prepare<[], string>('SELECT hash FROM artefact').pluck().all() as string[]);
    for (const hash of this.files.artefactHashes()) if (!used.has(hash)) this.files.removeArtefact(hash);
  }

  private removeUnused(hash: string): void {
    const isUsed = this.db.prepare('SELECT 1 FROM artefact WHERE hash = ?').get(hash) !== undefined;
    if (!isUsed) this.files.removeArtefact(hash);
  }
}

/** SHA-256 (hex) and length of a file, read in 1 MB pieces. */
function hashFile(path: string): { hash: string; bytes: number } {
  const digest = createHash('sha256');
  const piece = Buffer.allocUnsafe(1 << 20);
  const handle = openSync(path, 'r');
  let bytes = 0;
  try {
    for (let n = readSync(handle, piece); n > 0; n = readSync(handle, piece)) {
      digest.update(piece.subarray(0, n));
      bytes += n;
    }
  } finally {
    closeSync(handle);
  }
  return { hash: digest.digest('hex'), bytes };
}
