import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { CoresetTree } from '../../../coreset/tree/coresetTree.ts';
import { loadTree, saveTree } from '../../../coreset/tree/treeFile.ts';
import type { ProjectStore } from '../../../store/projectStore.ts';
import { TREE } from './input.ts';

/** Trees in memory by coreset, each with the hash of the file it is the content of. */
const loaded = new Map<string, { readonly hash: string; readonly tree: CoresetTree }>();
const MAX_LOADED = 3;
const queues = new Map<string, Promise<unknown>>();

/** The tree of a coreset. Throws AppError ARTEFACT_NOT_FOUND, TREE_DAMAGED, TREE_VERSION. */
export function readTree(store: ProjectStore, coresetId: string): CoresetTree {
  const path = store.artefacts.path(coresetId, TREE);
  const hash = store.artefacts.find(coresetId, TREE)!.hash;
  const known = loaded.get(coresetId);
  if (known?.hash === hash) return known.tree;
  const tree = loadTree(readFileSync(path));
  keep(coresetId, hash, tree);
  return tree;
}

/**
 * Changes a coreset's tree, one change at a time: `change` edits the tree, `record` writes rows in the transaction that
 * also takes the new file in. When anything fails (a full disk too) the stored tree is the old one.
 */
export function changeTree<T>(
  store: ProjectStore,
  coresetId: string,
  change: (tree: CoresetTree) => Promise<T> | T,
  record: (result: T, tree: CoresetTree, bytes: number) => void,
): Promise<CoresetTree> {
  const before = queues.get(coresetId) ?? Promise.resolve();
  const mine = before.catch(() => {}).then(() => changeNow(store, coresetId, change, record));
  queues.set(coresetId, mine);
  const forget = () => {
    if (queues.get(coresetId) === mine) queues.delete(coresetId);
  };
  mine.then(forget, forget);
  return mine;
}

async function changeNow<T>(
  store: ProjectStore,
  coresetId: string,
  change: (tree: CoresetTree) => Promise<T> | T,
  record: (result: T, tree: CoresetTree, bytes: number) => void,
): Promise<CoresetTree> {
  const staged = join(store.files.stagingRoot, `tree-${randomUUID()}`);
  const tree = readTree(store, coresetId);
  try {
    const result = await change(tree);
    const bytes = saveTree(tree);
    mkdirSync(store.files.stagingRoot, { recursive: true });
    writeFileSync(staged, bytes);
    store.transaction(() => {
      const { hash } = store.artefacts.add(coresetId, TREE, staged);
      record(result, tree, bytes.length);
      keep(coresetId, hash, tree);
    });
    return tree;
  } catch (cause) {
    // What is in memory may be half changed; the file is not.
    loaded.delete(coresetId);
    throw cause;
  } finally {
    rmSync(staged, { force: true });
  }
}

function keep(coresetId: string, hash: string, tree: CoresetTree): void {
  loaded.delete(coresetId);
  loaded.set(coresetId, { hash, tree });
  if (loaded.size > MAX_LOADED) loaded.delete(loaded.keys().next().value!);
}
