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
  'project.create': ({ name, path }, { projects }) => describeProject(projects.create(name, path)),
  'project.open': async ({ path }, { projects }) => {
    const project = projects.openAt(path);
    await recoverVersions(project);
    return describeProject(project);
  },
  'project.openSample': ({ sampleId }, parts) => openSample(sampleId, parts, () => handlerOf('data.import')),
  'project.opened': (_, { projects }) => projects.list().map(describeProject),
  'project.close': ({ projectId }, { projects, runner }) => {
    const nOpen = runner.nOpen(projectId);
    if (nOpen > 0) throw jobsRunning(nOpen);
    projects.close(projectId);
    return {};
  },
  'project.forget': ({ path }, { recent }) => {
    recent.forget(path);
    return {};
  },
} satisfies OwnCallHandlers;
