import { mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { Project } from '../contract/project.ts';
import { createProjectStore, isProject, type OpenedStore, openProjectStore } from '../store/openStore.ts';
import type { FileAccess } from './access.ts';
import type { OpenProject } from './handlers.ts';
import type { Home } from './home.ts';
import type { RecentProjects } from './recent.ts';
import { settleJob } from './runner.ts';

export interface KnownProject extends OpenProject {
  readonly opened: OpenedStore;
  readonly notices: string[];
}

/** The projects this engine has open. */
export class Projects {
  private readonly home: Home;
  private readonly access: FileAccess;
  private readonly recent: RecentProjects;
  private readonly open = new Map<string, KnownProject>();

  constructor(home: Home, access: FileAccess, recent: RecentProjects) {
    this.home = home;
    this.access = access;
    this.recent = recent;
  }

  /** @param path folder to make it in; a new one in Pith's home when left out */
  create(name: string, path: string | undefined): KnownProject {
    if (path !== undefined) this.access.check(path);
    const folder = path === undefined ? this.home.newProjectPath(name) : resolve(path);
    return this.add(folder, () => createProjectStore(folder, name));
  }

  /** Opening what is open gives the same project. A project from the list of recent ones needs no other permission. */
  openAt(path: string): KnownProject {
    const folder = resolve(path);
    if (!this.recent.list().some((entry) => entry.path === folder)) this.access.check(folder);
    const same = [...this.open.values()].find((project) => isSameFolder(project.path, folder));
    return same ?? this.add(folder, () => openProjectStore(folder));
  }

  /** Opens the project in `path`, making it there when there is none. */
  openOrCreate(path: string, name: string): KnownProject {
    const folder = resolve(path);
    if (isProject(folder)) return this.openAt(folder);
    const isEmpty = isEmptyOrMissing(folder);
    if (isEmpty) return this.create(name, folder);
    throw new AppError({
      code: 'PROJECT_NOT_FOUND',
      message: `"${folder}" is a folder with other files and no Pith project.`,
      fix: { kind: 'chooseFolder', label: 'Name a project folder, or one that is empty or does not exist yet' },
    });
  }

  /** Throws AppError PROJECT_NOT_OPEN. */
  get(projectId: string): KnownProject {
    const found = this.open.get(projectId);
    if (found) return found;
    throw new AppError({
      code: 'PROJECT_NOT_OPEN',
      message: 'This project is not open.',
      fix: { kind: 'openProject', label: 'Open it from the list of projects' },
    });
  }

  /** Throws AppError PROJECT_NOT_OPEN or PROJECT_READ_ONLY. */
  writable(projectId: string): KnownProject {
    const project = this.get(projectId);
    if (!project.isReadOnly) return project;
    throw new AppError({
      code: 'PROJECT_READ_ONLY',
      message: project.opened.readOnlyReason ?? 'This project can only be looked at.',
      fix: { kind: 'reopen', label: 'Close it in the other studio, or copy it to a folder you can write to' },
    });
  }

  list(): KnownProject[] {
    return [...this.open.values()];
  }

  /** Brings the list of recent projects up to date with what is open. */
  refreshRecent(): void {
    for (const { path, store } of this.open.values()) this.recent.changed(path, store);
  }

  close(projectId: string): void {
    const project = this.get(projectId);
    this.recent.changed(project.path, project.store);
    this.open.delete(projectId);
    project.store.close();
  }

  private add(folder: string, open: () => OpenedStore): KnownProject {
    const opened = open();
    // A copy of a project made with the file manager has the same id: both cannot be open in one engine.
    const twin = this.open.get(opened.store.projectId);
    if (twin) {
      opened.store.close();
      throw new AppError({
        code: 'PROJECT_OPEN_ELSEWHERE',
        message: `This is a copy of the project that is open from "${twin.path}".`,
        fix: { kind: 'closeProject', label: 'Close that one first' },
      });
    }
    const project: KnownProject = {
      id: opened.store.projectId,
      name: opened.store.name,
      path: folder,
      isReadOnly: opened.isReadOnly,
      store: opened.store,
      opened,
      notices: [...opened.notices],
    };
    if (!project.isReadOnly) interruptUnfinished(project);
    this.open.set(project.id, project);
    this.recent.opened(folder, project.store);
    return project;
  }
}

export function describeProject(project: KnownProject): Project {
  return {
    id: project.id,
    name: project.store.name,
    path: project.path,
    isReadOnly: project.isReadOnly,
    readOnlyReason: project.opened.readOnlyReason,
    notices: [...project.notices],
  };
}

/** Jobs that an engine left queued or running when it was killed. */
function interruptUnfinished(project: KnownProject): void {
  const unfinished = project.store.jobs.unfinished();
  project.store.transaction(() => {
    for (const { id, state } of unfinished) {
      // What never began can always begin.
      if (state.status === 'queued') project.store.jobs.setResumable(id, true);
      settleJob(project, id, { status: 'interrupted' });
    }
    // A run whose job was never written.
    project.store.runs.interruptUnfinished();
  });
  if (unfinished.length === 0) return;
  project.notices.push(
    `Pith stopped while ${unfinished.length === 1 ? 'a job was' : `${unfinished.length} jobs were`} not finished: ` +
      `${unfinished.map(({ title }) => title).join(', ')}. They can be started again from the list of jobs.`,
  );
}

function isSameFolder(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}

function isEmptyOrMissing(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    return readdirSync(folder).length === 0;
  } catch {
    return true; // making the project says why it cannot be
  }
}
