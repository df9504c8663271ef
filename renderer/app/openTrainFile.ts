import { currentProject } from '../hooks/useProject.ts';
import { go } from './route.ts';
import { saveTrainFile } from './saveTrainFile.ts';

export const isTrainFile = (name: string): boolean => /\.ya?ml$/i.test(name);

/** A train file from elsewhere joins the open project and is shown. */
export async function openTrainFile(name: string, yaml: string): Promise<void> {
  const project = currentProject();
  if (!project) throw new Error(`${name} is a train file: open a project or a table first, then open it again.`);
  if (project.isReadOnly) throw new Error(`${project.name} is read-only here, so ${name} cannot be added to it.`);
  go('train', await saveTrainFile(project.id, name, yaml));
}
