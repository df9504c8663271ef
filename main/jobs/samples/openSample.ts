import { join } from 'node:path';
import type { Project } from '../../contract/project.ts';
import { isProject } from '../../store/openStore.ts';
import type { EngineParts } from '../calls/parts.ts';
import { describeProject } from '../projects.ts';
import { findSample } from './index.ts';

/**
 * Opens the sample's project in Pith's home; the first time it is made there, with its train files saved and a job
 * that imports its data.
 */
export function openSample(sampleId: string, parts: EngineParts): { project: Project; jobId: string | null } {
  const sample = findSample(sampleId);
  const path = join(parts.home.path, `Sample ${sample.title}`);
  const isNew = !isProject(path);
  const project = isNew ? parts.projects.create(sample.title, path) : parts.projects.openAt(path);
  const { store } = project;
  const isImporting = store.jobs.list().some(({ state }) => state.status === 'queued' || state.status === 'running');
  if (project.isReadOnly || isImporting || store.datasets.find(sample.id)) {
    return { project: describeProject(project), jobId: null };
  }
  const job = store.transaction(() => {
    const saved = new Set(store.configs.list().map(({ name }) => name));
    for (const { name, yaml } of sample.trainFiles) if (!saved.has(name)) store.configs.save(name, yaml);
    return parts.submit({
      projectId: project.id,
      kind: 'sample',
      title: `Import sample ${sample.title}`,
      input: { sampleId },
      isResumable: true,
    });
  });
  return { project: describeProject(project), jobId: job.id };
}
