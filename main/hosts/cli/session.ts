import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError, fromAppErrorData } from '../../contract/errors.ts';
import type { Job, JobKind } from '../../contract/jobs.ts';
import { Engine } from '../../jobs/engine.ts';
import type { KnownProject } from '../../jobs/projects.ts';
import { isProject } from '../../store/openStore.ts';
import { ProgressPrinter } from './progress.ts';

const localProjectName = '.pith';

/** The engine in this process, and what a command does with it. */
export class Session {
  readonly engine: Engine;
  private readonly printer = new ProgressPrinter();
  /** A project this session made. */
  private made: KnownProject | null = null;

  /** @param kind of the job the command will start; its process warms up while the project is opened */
  constructor(kind?: JobKind) {
    this.engine = new Engine({
      access: { isTrusting: true },
      spare: kind === undefined ? 'none' : 'once',
      ...(kind !== undefined && { preloadKind: kind }),
    });
    if (kind !== undefined) this.engine.forkSpare();
  }

  /** Opens the project to write in: `dir`, or the `.pith` in or above `from`, made in `from` when there is none. */
  openProject(dir: string | undefined, from: string): KnownProject {
    const found = dir === undefined ? findLocalProject(from) : resolve(dir);
    if (found === null) refuseReadOnly(from);
    const path = found ?? join(resolve(from), localProjectName);
    const isNew = !isProject(path);
    const project = this.checked(this.engine.openOrCreate(path, nameOf(path)));
    if (isNew) {
      this.made = project;
      // It lies in somebody's working folder, often a repository: data does not belong into its history.
      if (found === null) writeFileSync(join(path, '.gitignore'), '*\n');
    }
    return project;
  }

  /** Opens a project there must be; throws AppError PROJECT_NOT_FOUND. */
  openExisting(dir: string | undefined): KnownProject {
    const path = dir === undefined ? findLocalProject(process.cwd()) : resolve(dir);
    if (path !== null && isProject(path)) return this.checked(this.engine.openOrCreate(path, nameOf(path)));
    throw new AppError({
      code: 'PROJECT_NOT_FOUND',
      message:
        path === null
          ? 'There is no Pith project in this folder or above it.'
          : `There is no Pith project in "${path}".`,
      fix: { kind: 'chooseFolder', label: 'Name the folder of the project with --project DIR' },
    });
  }

  /** Shows a job's progress and waits for its end; Ctrl+C cancels it. Throws what it failed with. */
  async finish(projectId: string, jobId: string): Promise<Job> {
    const cancel = () => {
      this.printer.clear();
      process.stderr.write('Cancelling …\n');
      void this.engine.call('job.cancel', { projectId, jobId });
    };
    process.on('SIGINT', cancel);
    try {
      const job = await this.waitFor(projectId, jobId);
      this.printer.clear();
      const { state } = job;
      if (state.status === 'failed') throw fromAppErrorData(state.error);
      if (state.status !== 'done') {
        throw new AppError({ code: 'CANCELLED', message: `The job was ${state.status}.`, isInput: false });
      }
      return job;
    } finally {
      process.off('SIGINT', cancel);
    }
  }

  /** A project that was made for a command which failed, and so holds nothing, goes again. */
  async close(): Promise<void> {
    const { made } = this;
    const isEmpty = made !== null && holdsNothing(made);
    await this.engine.close();
    if (!isEmpty) return;
    rmSync(made.path, { recursive: true, force: true });
    await this.engine.call('project.forget', { path: made.path });
  }

  private checked(project: KnownProject): KnownProject {
    for (const notice of project.notices) process.stderr.write(`${notice}\n`);
    return project;
  }

  private waitFor(projectId: string, jobId: string): Promise<Job> {
    return new Promise((resolve, reject) => {
      const look = (job: Job) => {
        if (job.state.status === 'queued') return;
        if (job.state.status === 'running') {
          this.printer.show(job);
          return;
        }
        stop();
        resolve(job);
      };
      const stop = this.engine.onEvent((event) => {
        if (event.type === 'job' && event.job.id === jobId) look(event.job);
      });
      // It may have ended before anybody listened.
      this.engine.ask('job.list', { projectId }).then((jobs) => {
        const job = jobs.find(({ id }) => id === jobId);
        if (job) look(job);
      }, reject);
    });
  }
}

/** Runs `work` with a session that is closed whatever happens. */
export async function withSession<T>(kind: JobKind | undefined, work: (session: Session) => Promise<T>): Promise<T> {
  const session = new Session(kind);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

function holdsNothing({ store }: KnownProject): boolean {
  return store.datasets.list().length === 0 && store.runs.list().every(({ status }) => status !== 'done');
}

/** The nearest `.pith` project in `from` or a folder above it, as version control does it. */
function findLocalProject(from: string): string | null {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const path = join(folder, localProjectName);
    if (existsSync(path) && isProject(path)) return path;
    if (dirname(folder) === folder) return null;
  }
}

function nameOf(path: string): string {
  const parts = resolve(path).split(/[\\/]/).filter(Boolean);
  const last = parts.at(-1) ?? 'project';
  return last === localProjectName ? (parts.at(-2) ?? 'project') : last;
}

function refuseReadOnly(folder: string): void {
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new AppError({
      code: 'READ_ONLY_FOLDER',
      message: `"${resolve(folder)}" cannot be written to, so no project can be kept there.`,
      fix: { kind: 'chooseFolder', label: 'Say where to keep it with --project DIR' },
      cause,
    });
  }
}
