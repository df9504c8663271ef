import { join } from 'node:path';
import type { Project } from '../../contract/project.ts';
import { isProject } from '../../store/openStore.ts';
import type { EngineParts } from '../calls/parts.ts';
import type { AnyHandler } from '../calls/index.ts';
import type { JobRequest } from '../handlers.ts';
import type { SampleInput } from '../kinds/sample/input.ts';
import { describeProject } from '../projects.ts';
import { findSample, type SampleProject } from './index.ts';

/**
 * Opens the sample's project in Pith's home; the first time it is made there, with its train files saved and a job
 * that imports its data.
 * @param loadImport gives the handler of `data.import`
 */
export async function openSample(
  sampleId: string,
  parts: EngineParts,
  loadImport: () => Promise<AnyHandler>,
): Promise<{ project: Project; jobId: string | null }> {
  const sample = findSample(sampleId);
  const path = join(parts.home.path, `Sample ${sample.title}`);
  const project = isProject(path) ? parts.projects.openAt(path) : parts.projects.create(sample.title, path);
  const { store } = project;
  const isImporting = store.jobs.unfinished().some(({ kind }) => kind === 'sample');
  if (project.isReadOnly || isImporting || store.datasets.find(sample.id)) {
    return { project: describeProject(project), jobId: null };
  }
  store.transaction(() => {
    const saved = new Set(store.configs.list().map(({ name }) => name));
    for (const { name, yaml } of sample.trainFiles) if (!saved.has(name)) store.configs.save(name, yaml);
  });
  parts.access.allow(sample.dataPath);
  const file = { kind: 'path', path: sample.dataPath };
  const input = { projectId: project.id, file, options: {}, name: sample.id };
  const importData = await loadImport();
  const { jobId } = (await importData(input, submittingSample(sample, parts))) as { jobId: string };
  return { project: describeProject(project), jobId };
}

/** The engine, but what is submitted becomes a sample's job around it. */
function submittingSample({ dataPath, derive, title }: SampleProject, parts: EngineParts): EngineParts {
  const submit = (request: JobRequest) => {
    const input: SampleInput = { sourcePath: dataPath, derive, importInput: request.input };
    return parts.submit({ ...request, kind: 'sample', title: `Import sample ${title}`, input, isResumable: true });
  };
  return { ...parts, submit };
}
