import type { Project } from '../../../main/contract/project.ts';
import { call } from '../../client/engine.ts';
import { go } from '../../app/route.ts';
import { setProject } from '../../hooks/useProject.ts';
import { notifications } from '@mantine/notifications';

/** Shows `project`; what opening found (a damaged database kept aside, read-only …) is told. */
export function show(project: Project, page: 'data' | 'train' = 'data'): void {
  setProject(project);
  for (const notice of project.notices) notifications.show({ title: project.name, message: notice });
  go(page);
}

export async function openPath(path: string): Promise<void> {
  show(await call('project.open', { path }));
}

export async function openSample(sampleId: string): Promise<void> {
  const { project } = await call('project.openSample', { sampleId });
  show(project);
}
