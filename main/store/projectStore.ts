import { ArtefactStore } from './artefacts.ts';
import { ConfigStore } from './configs.ts';
import { CoresetStore } from './coresets.ts';
import type { Db } from './database.ts';
import { DatasetStore } from './datasets.ts';
import { asKnownFailure } from './failures.ts';
import { ProjectFiles } from './files.ts';
import { newId, now } from './ids.ts';
import { JobStore } from './jobs.ts';
import { RunStore } from './runs.ts';

/**
 * Everything a project keeps: rows in project.db, files beside it. Opened by `openProjectStore`.
 * All methods are synchronous and may throw AppError (DISK_FULL, READ_ONLY_FOLDER, *_NOT_FOUND …).
 */
export class ProjectStore {
  readonly datasets: DatasetStore;
  readonly runs: RunStore;
  readonly jobs: JobStore;
  readonly coresets: CoresetStore;
  readonly configs: ConfigStore;
  readonly artefacts: ArtefactStore;
  readonly files: ProjectFiles;
  private readonly db: Db;
  private readonly onClose: () => void;
  private meta: { id: string; name: string };

  /** @param onClose called after the database was closed (gives the lock back) */
  constructor(db: Db, files: ProjectFiles, onClose: () => void) {
    this.db = db;
    this.files = files;
    this.onClose = onClose;
    this.meta = db.prepare<[], { id: string; name: string }>('SELECT id, name FROM project').get() ?? {
      id: newId('prj'),
      name: '',
    };
    const projectId = () => this.meta.id;
    this.artefacts = new ArtefactStore(db, files);
    this.datasets = new DatasetStore(db, files);
    this.runs = new RunStore(db, this.artefacts, projectId);
    this.jobs = new JobStore(db, projectId);
    this.coresets = new CoresetStore(db, this.artefacts);
    this.configs = new ConfigStore(db);
  }

  get projectId(): string {
    return this.meta.id;
  }

  get name(): string {
    return this.meta.name;
  }

  /** False for a database that was made just now. */
  get isInitialised(): boolean {
    return this.db.prepare('SELECT 1 FROM project').get() !== undefined;
  }

  /** Gives a new database its identity. */
  initialise(name: string, id: string = newId('prj')): void {
    this.db.prepare('INSERT INTO project VALUES (?, ?, ?)').run(id, name, now());
    this.meta = { id, name };
  }

  rename(name: string): void {
    this.db.prepare('UPDATE project SET name = ?').run(name);
    this.meta = { ...this.meta, name };
  }

  /** All or nothing, rows and files; may be nested. Failures of disk and database come out as AppError. */
  transaction<T>(work: () => T): T {
    if (this.db.inTransaction) return this.db.transaction(work)();
    this.files.begin();
    let result: T;
    try {
      result = this.db.transaction(work).immediate();
    } catch (cause) {
      this.files.rollback();
      throw asKnownFailure(cause);
    }
    this.files.commit();
    return result;
  }

  get isOpen(): boolean {
    return this.db.open;
  }

  close(): void {
    if (!this.db.open) return;
    this.db.close();
    this.onClose();
  }
}
