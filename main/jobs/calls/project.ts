import { handlerOf } from './index.ts';
import type { OwnCallHandlers } from './parts.ts';
import { describeProject } from '../projects.ts';
import { recoverVersions } from '../recoverVersions.ts';
import { jobsRunning } from '../runner.ts';
import { openSample } from '../samples/openSample.ts';

export const projectCalls = {
  'project.recent': (_, { recent, projects, runner }) => {
    projects.refreshRecent();
    const open = new Map(projects.list().map(({ path, id }) => [path, id]));
    return recent.list().map((entry) => {
      const id = open.get(entry.path);
      return { ...entry, nRunningJobs: id === undefined ? 0 : runner.nOpen(id) };
    });
  },
  'project.create': ({ name, path }, { projects, emit }) => {
    const project = projects.create(name, path);
    emit({ type: 'changed', projectId: project.id, what: 'project' });
    return describeProject(project);
  },
  'project.open': async ({ path }, { projects, emit }) => {
    const project = projects.openAt(path);
    await recoverVersions(project);
    emit({ type: 'changed', projectId: project.id, what: 'project' });
    return describeProject(project);
  },
  'project.openSample': async ({ sampleId }, parts) => {
    const opened = await openSample(sampleId, parts, () => handlerOf('data.import'));
    parts.emit({ type: 'changed', projectId: opened.project.id, what: 'project' });
    return opened;
  },
  'project.opened': (_, { projects }) => projects.list().map(describeProject),
  'project.close': ({ projectId }, { projects, runner, emit }) => {
    const nOpen = runner.nOpen(projectId);
    if (nOpen > 0) throw jobsRunning(nOpen);
    projects.close(projectId);
    emit({ type: 'changed', projectId, what: 'project' });
    return {};
  },
  'project.forget': ({ path }, { recent }) => {
    recent.forget(path);
    return {};
  },
} satisfies OwnCallHandlers;
