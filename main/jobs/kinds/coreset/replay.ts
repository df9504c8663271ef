import { readFileSync } from 'node:fs';
import { applyEdit } from '../../../coreset/tree/edits.ts';
import type { CoresetTree } from '../../../coreset/tree/coresetTree.ts';
import { growRoot } from '../../../coreset/tree/grow.ts';
import type { RowChange, RowLookup } from '../../../coreset/tree/locate.ts';
import { loadLeaves } from '../../../coreset/tree/treeFile.ts';
import { attachLeaves, dropOldest } from '../../../coreset/tree/window.ts';
import type { VersionPlan } from '../../../coreset/version/plan.ts';
import type { EditRecord } from '../../../store/coresets.ts';
import type { EditRequest } from './editRequest.ts';
import { featureChanges, targetChanges } from './requests.ts';
import type { PlacedSource } from './sources.ts';

export interface ReplayContext {
  readonly plan: VersionPlan;
  readonly sources: readonly PlacedSource[];
  readonly lookup: RowLookup;
  /** Every edit of the coreset, oldest first. */
  readonly edits: readonly EditRecord[];
  artefactPath(name: string): string;
}

/** Makes an edit of the log again: the tree comes out as it was after it, to the last bit. */
export async function replay(tree: CoresetTree, record: EditRecord, context: ReplayContext): Promise<void> {
  const { plan, sources, lookup, edits, artefactPath } = context;
  const edit = record.edit as EditRequest;
  if (edit.appended) attachLeaves(tree, loadLeaves(readFileSync(artefactPath(edit.appended.artefact))));
  else if (edit.window) dropOldest(tree, ({ ordinal }) => ordinal < edit.window!.ordinal);
  else if (edit.grow) growRoot(tree, edit.grow.nRows);
  else {
    const former = edits.filter(({ id }) => id < record.id);
    const changes: RowChange[] = edit.targets
      ? targetChanges(edit.targets, plan)
      : edit.features
        ? await featureChanges(edit.features, plan, sources, former)
        : edit.rowIds!.map((rowId) => ({ rowId, isRemoved: true }));
    await applyEdit(tree, record.kind, changes, lookup, edit.recalc ?? 'path', solutionOf(edit));
  }
  tree.edits.at(-1)!.id = record.id;
}

/** The multipliers of the root after an edit, for the log. */
export function solutionText(tree: CoresetTree): Pick<EditRequest, 'solution'> {
  const lambda = tree.dirty.size === 0 ? tree.solutions.get(0) : undefined;
  if (!lambda) return {};
  return { solution: Buffer.from(lambda.buffer, lambda.byteOffset, lambda.byteLength).toString('base64') };
}

function solutionOf({ solution }: EditRequest): Float64Array | undefined {
  if (solution === undefined) return undefined;
  const bytes = Buffer.from(solution, 'base64');
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
