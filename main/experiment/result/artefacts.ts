import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FitRows } from '../../contract/run.ts';
import type { CoresetTree } from '../../coreset/tree/coresetTree.ts';
import { saveTree } from '../../coreset/tree/treeFile.ts';
import type { FittedPipeline } from '../../models/pipeline/pipeline.ts';
import type { ExperimentOutcome } from '../outcome.ts';

/** What a run leaves in `folder`: the pipelines of the coreset and of all rows, and the coreset tree. */
export async function keepArtefacts(
  pipelines: readonly { readonly rows: FitRows; readonly pipeline: () => FittedPipeline }[],
  tree: CoresetTree | null,
  folder: string,
): Promise<ExperimentOutcome['artefacts']> {
  const kept: { name: string; file: string }[] = [];
  const write = async (name: string, bytes: Uint8Array) => {
    const file = path.join(folder, name);
    await writeFile(file, bytes);
    kept.push({ name, file });
  };
  for (const { rows, pipeline } of pipelines) {
    if (rows === 'coreset' || rows === 'full') await write(`pipeline-${rows}`, pipeline().save());
  }
  if (tree) await write('coreset-tree', saveTree(tree));
  return kept;
}
