import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { asKnownFailure } from './failures.ts';

/**
 * The folders of a project and the moves into them. Files are immutable and named by their content hash.
 * Inside a transaction (`begin` … `commit`/`rollback`) removals wait for the commit, and what was moved in goes
 * again on rollback, so that rows and files agree.
 */
export class ProjectFiles {
  readonly projectPath: string;
  readonly dataDir: string;
  readonly artefactsDir: string;
  /** One folder a job lives here while the job runs. */
  readonly stagingRoot: string;
  /** How far runs have come that did not end; one file a run. */
  readonly checkpointsDir: string;
  private pending: { adopted: string[]; removed: string[] } | undefined;

  constructor(projectPath: string) {
    this.projectPath = projectPath;
    this.dataDir = join(projectPath, 'data');
    this.artefactsDir = join(projectPath, 'artifacts');
    this.stagingRoot = join(projectPath, 'staging');
    this.checkpointsDir = join(projectPath, 'checkpoints');
  }

  makeFolders(): void {
    for (const dir of [this.dataDir, this.artefactsDir, this.stagingRoot]) mkdirSync(dir, { recursive: true });
  }

  dataPath(hash: string): string {
    return join(this.dataDir, `${hash}.parquet`);
  }

  artefactPath(hash: string): string {
    return join(this.artefactsDir, hash);
  }

  stagingDir(jobId: string): string {
    return join(this.stagingRoot, jobId);
  }

  checkpointPath(id: string): string {
    return join(this.checkpointsDir, `${id}.checkpoint`);
  }

  /** Best effort: what stays is swept when the project is opened. */
  removeCheckpoint(id: string): void {
    try {
      rmSync(this.checkpointPath(id), { force: true });
    } catch {
      // Nothing depends on it.
    }
  }

  /** Removes checkpoints of runs and jobs that nobody can resume any more. */
  sweepCheckpoints(isWanted: (id: string) => boolean): void {
    if (!existsSync(this.checkpointsDir)) return;
    for (const name of readdirSync(this.checkpointsDir)) {
      const id = name.replace(/\.checkpoint$/, '');
      if (id === name || !isWanted(id)) rmSync(join(this.checkpointsDir, name), { force: true });
    }
  }

  /** Moves a staged Parquet file to its place and returns that. Content that is there already is left alone. */
  adoptData(stagedPath: string, hash: string): string {
    return this.adopt(stagedPath, this.dataPath(hash));
  }

  adoptArtefact(stagedPath: string, hash: string): string {
    return this.adopt(stagedPath, this.artefactPath(hash));
  }

  removeData(hash: string): void {
    this.remove(this.dataPath(hash));
  }

  removeArtefact(hash: string): void {
    this.remove(this.artefactPath(hash));
  }

  /** Hashes of the Parquet files in data/. */
  dataHashes(): string[] {
    if (!existsSync(this.dataDir)) return [];
    return readdirSync(this.dataDir)
      .filter((name) => /^[0-9a-f]{8,}\.parquet$/.test(name))
      .map((name) => name.slice(0, -'.parquet'.length));
  }

  artefactHashes(): string[] {
    return readdirSync(this.artefactsDir).filter((name) => /^[0-9a-f]{64}$/.test(name));
  }

  /** Removes what jobs of a stopped engine left behind. */
  sweepStaging(): void {
    rmSync(this.stagingRoot, { recursive: true, force: true });
    mkdirSync(this.stagingRoot, { recursive: true });
  }

  begin(): void {
    this.pending = { adopted: [], removed: [] };
  }

  commit(): void {
    const { adopted, removed } = this.pending!;
    this.pending = undefined;
    // A name that was removed and then taken again by the same content stays.
    for (const path of removed) if (!adopted.includes(path)) rmSync(path, { force: true });
  }

  rollback(): void {
    const { adopted } = this.pending!;
    this.pending = undefined;
    for (const path of adopted) rmSync(path, { force: true });
  }

  private remove(path: string): void {
    if (this.pending) this.pending.removed.push(path);
    else rmSync(path, { force: true });
  }

  private adopt(stagedPath: string, target: string): string {
    try {
      if (existsSync(target) && statSync(target).size === statSync(stagedPath).size) {
        rmSync(stagedPath);
        if (this.pending) this.pending.removed = this.pending.removed.filter((path) => path !== target);
        return target;
      }
      moveDurably(stagedPath, target);
      this.pending?.adopted.push(target);
      return target;
    } catch (cause) {
      throw asKnownFailure(cause);
    }
  }
}

/** Atomic: the file appears in its place whole or not at all, and its bytes are on disk before its name is. */
function moveDurably(from: string, to: string): void {
  const handle = openSync(from, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(from, to);
}
