import type { CoresetEdit } from '../../../contract/coreset.ts';
import { AppError } from '../../../contract/errors.ts';
import type { JobCommit, OpenProject } from '../../handlers.ts';
import { TREE, type AppendInput, type AppendOutcome, type CoresetInput, type CoresetOutcome } from './input.ts';
import { sourcesOf } from './sources.ts';

/** Rows and files come in together or not at all; another coreset's tree is never touched. */
export const commit: JobCommit<CoresetInput, CoresetOutcome> = {
  kind: 'coreset',
  commit(outcome, input, project) {
    const { store } = project;
    if ('leavesFile' in outcome) return append(outcome, input as AppendInput, project);
    const { versionId } = input;
    const built = 'built' in outcome ? outcome.built : [{ ...outcome, name: (input as { name: string }).name }];
    const ids = built.map(({ name, meta, treeFile }) => {
      const { id } = store.coresets.insert({ versionId, name, meta });
      store.artefacts.add(id, TREE, treeFile);
      return id;
    });
    return ids[0] ?? null;
  },
};

/** Goes into the log of edits; the tree takes it in when it is read next. */
function append(outcome: AppendOutcome, input: AppendInput, { store }: OpenProject): string {
  const { coresetId, versionId } = input;
  const record = store.coresets.get(coresetId);
  const last = sourcesOf(record, store.coresets.edits(coresetId, 'append')).at(-1)!;
  const offset = last.offset + last.nRows;
  if (offset !== input.offset) {
    throw new AppError({
      code: 'APPEND_BUSY',
      message: 'Other rows were appended to this coreset, or taken back, while these were read.',
      fix: { kind: 'repeat', label: 'Append them again' },
    });
  }
  const artefact = `leaves-${offset}-${input.jobKey}`;
  store.artefacts.add(coresetId, artefact, outcome.leavesFile);
  const kind: CoresetEdit['kind'] = 'append';
  store.coresets.addEdit(coresetId, {
    kind,
    description: `${input.title} appended`,
    nRows: outcome.nRows,
    edit: { appended: { versionId, offset, nRows: outcome.nRowsOfFile, artefact } },
  });
  store.coresets.patchMeta(coresetId, { nRowsCovered: record.meta.nRowsCovered + outcome.nRows });
  return coresetId;
}
