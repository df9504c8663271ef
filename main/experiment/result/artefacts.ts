import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CoresetTree } from '../../coreset/tree/coresetTree.ts';
import { saveTree } from '../../coreset/tree/treeFile.ts';
import type { ExperimentOutcome } from '../outcome.ts';
import type { Sealed } from '../seal/sealed.ts';

/** What a run leaves in `folder`: the pipelines of the coreset and of all rows, and the coreset tree. */
export async function keepArtefacts(
  models: readonly Sealed[],
  tree: CoresetTree | null,
  folder: string,
): Promise<ExperimentOutcome['artefacts']> {
  const kept = models.map(({ artefact }) => artefact).filter((artefact) => artefact !== null);
  if (tree === null) return kept;
  const file = path.join(folder, 'coreset-tree');
  await writeFile(file, saveTree(tree));
  return [...kept, { name: 'coreset-tree', file }];
}
