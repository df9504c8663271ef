import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadTree, saveLeaves } from '../../../coreset/tree/treeFile.ts';
import { drawAppended } from '../../../coreset/tree/window.ts';
import { appendableRows } from '../../../coreset/version/appendable.ts';
import { versionSource } from '../../../coreset/version/source.ts';
import type { JobContext } from '../../handlers.ts';
import type { AppendInput, AppendOutcome } from './input.ts';

/** Draws leaves for the rows of another version with the tree's own pilots: old data is not read. */
export async function drawAppend(input: AppendInput, context: JobContext): Promise<AppendOutcome> {
  const { file, plan, offset } = input;
  context.report({ fraction: 0, step: 'Checking the new rows' });
  const { nRows, nRowsOfFile, order } = await appendableRows(file, plan);
  const tree = loadTree(await readFile(input.treeFile));
  const own = plan.time ? { ...plan, time: { ...plan.time, order } } : plan;
  const source = versionSource(file, own, context.signal, { offset, nRows });
  context.report({ fraction: 0.05, step: 'Drawing rows' });
  const leaves = await drawAppended(tree, source, context.threads, context);
  const leavesFile = join(context.stagingDir, 'leaves.pith');
  await writeFile(leavesFile, saveLeaves(leaves));
  return { leavesFile, nRowsOfFile, nRows };
}
