import type { JobCommit } from '../../handlers.ts';
import { TREE, type CoresetInput, type CoresetOutcome } from './input.ts';

/** The row and the tree's file come in together or not at all; another coreset's tree is never touched. */
export const commit: JobCommit<CoresetInput, CoresetOutcome> = {
  kind: 'coreset',
  commit({ treeFile, meta }, { versionId, name }, { store }) {
    const { id } = store.coresets.insert({ versionId, name, meta });
    store.artefacts.add(id, TREE, treeFile);
    return id;
  },
};
