import { call } from '../client/engine.ts';

/**
 * Saves a train file beside those there are: a name that is taken by another text gets a number, so that nothing a
 * person wrote is lost. Resolves to the name it has.
 */
export async function saveTrainFile(projectId: string, wanted: string, yaml: string): Promise<string> {
  const files = await call('config.files', { projectId });
  const base = wanted.replace(/(\.pith)?\.ya?ml$/i, '');
  const isTaken = (name: string) => files.some((file) => file.name === name && file.yaml !== yaml);
  let name = `${base}.pith.yaml`;
  for (let k = 2; isTaken(name); k++) name = `${base}-${k}.pith.yaml`;
  await call('config.save', { projectId, name, yaml });
  return name;
}
