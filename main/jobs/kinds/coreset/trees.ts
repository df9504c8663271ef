import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CoresetTree } from '../../../coreset/tree/coresetTree.ts';
import { loadTree, saveTree } from '../../../coreset/tree/treeFile.ts';
import { undoEdit } from '../../../coreset/tree/undo.ts';
import type { EditRecord } from '../../../store/coresets.ts';
import type { ProjectStore } from '../../../store/projectStore.ts';
import { TREE } from './input.ts';
import { replay, solutionText } from './replay.ts';
import type { EditRequest } from './editRequest.ts';
import { lookupOf, sourcesOf, type PlacedSource } from './sources.ts';
import { recipeOf } from './summary.ts';

/** A coreset of an open project. */
export interface CoresetPlace {
  readonly store: ProjectStore;
  readonly isReadOnly: boolean;
  readonly coresetId: string;
  /** Path of a version's Parquet file. */
  fileOf(versionId: string): string;
}

/** An edit as it goes into the log. */
export type PlannedEdit = Pick<EditRecord, 'kind' | 'description' | 'nRows'> & { readonly edit: EditRequest };

/**
 * Trees in memory by coreset. A tree's file and the log of edits (rows of the store, on disk before an edit is answered)
 * together are the coreset: the file has the edits up to some number, the rest is made again when it is read. So an edit
 * writes a few kilobytes, and nothing is lost by a kill at any moment.
 */
const loaded = new Map<string, { readonly hash: string; readonly tree: CoresetTree }>();
const MAX_LOADED = 3;
const queues = new Map<string, Promise<unknown>>();
const compactions = new Map<string, NodeJS.Timeout>();
/** A file this many edits behind is written again at once; else when edits pause. */
const MAX_BEHIND = 500;
const PAUSE_MS = 2000;

/** The tree of a coreset with all its edits. Throws AppError ARTEFACT_NOT_FOUND, TREE_DAMAGED, TREE_VERSION. */
export const readTree = (place: CoresetPlace): Promise<CoresetTree> => inTurn(place.coresetId, () => current(place));

/**
 * Changes a coreset's tree, one change at a time: `change` edits the tree and says what to log. When anything fails (a
 * full disk too) the coreset is what it was.
 */
export function changeTree(
  place: CoresetPlace,
  change: (tree: CoresetTree) => Promise<PlannedEdit[]> | PlannedEdit[],
): Promise<CoresetTree> {
  return inTurn(place.coresetId, async () => {
    const tree = await current(place);
    const { coresets } = place.store;
    const nBefore = tree.edits.length;
    try {
      const planned = await change(tree);
      const made = tree.edits.slice(nBefore);
      place.store.transaction(() => {
        planned.forEach(({ edit, ...rest }, i) => {
          const state = i === planned.length - 1 ? solutionText(tree) : {};
          made[i]!.id = coresets.addEdit(place.coresetId, { ...rest, edit: { ...edit, ...state } });
        });
        noteChange(place, tree);
      });
    } catch (cause) {
      // What is in memory may be half changed; the log and the file are not.
      loaded.delete(place.coresetId);
      throw cause;
    }
    compactSoon(place, tree);
    return tree;
  });
}

/** Takes the last edit back. Throws AppError NOTHING_TO_UNDO. */
export function undoLast(place: CoresetPlace): Promise<CoresetTree> {
  return inTurn(place.coresetId, async () => {
    const tree = await current(place);
    try {
      const { id } = undoEdit(tree);
      place.store.transaction(() => {
        place.store.coresets.removeEdit(id!);
        noteChange(place, tree);
      });
    } catch (cause) {
      loaded.delete(place.coresetId);
      throw cause;
    }
    compactSoon(place, tree);
    return tree;
  });
}

/** Versions whose rows are in the tree, in stream order. */
export function sourcesAt({ store, coresetId, fileOf }: CoresetPlace): PlacedSource[] {
  return sourcesOf(store.coresets.get(coresetId), store.coresets.edits(coresetId, 'append')).map((source) => ({
    ...source,
    file: fileOf(source.versionId),
  }));
}

/** Writes the tree's file with all edits now. Throws AppError DISK_FULL. */
export const compactNow = (place: CoresetPlace): Promise<void> =>
  inTurn(place.coresetId, async () => compact(place, await current(place)));

async function current(place: CoresetPlace): Promise<CoresetTree> {
  const { store, coresetId } = place;
  const path = store.artefacts.path(coresetId, TREE);
  const { hash } = store.artefacts.find(coresetId, TREE)!;
  let entry = loaded.get(coresetId);
  if (entry?.hash !== hash) entry = keep(coresetId, hash, loadTree(readFileSync(path)));
  const { tree } = entry;
  try {
    await catchUp(place, tree);
  } catch (cause) {
    loaded.delete(coresetId);
    throw cause;
  }
  return tree;
}

/** Takes back what the log no longer has and makes again what it has beyond the tree. */
async function catchUp(place: CoresetPlace, tree: CoresetTree): Promise<void> {
  const { store, coresetId, fileOf } = place;
  const record = store.coresets.get(coresetId);
  for (const rowId of recipeOf(record).seen ?? []) tree.seen.add(rowId);
  const ids = new Set(store.coresets.editIds(coresetId));
  while (tree.edits.length > 0 && !ids.has(tree.edits.at(-1)!.id!)) undoEdit(tree);
  const last = tree.edits.at(-1)?.id ?? 0;
  if (tree.edits.length === ids.size) return;
  const edits = store.coresets.edits(coresetId);
  const { plan } = recipeOf(record);
  const sources = sourcesOf(record, edits).map((source) => ({ ...source, file: fileOf(source.versionId) }));
  const pending = edits.filter(({ id }) => id > last);
  const lookup = await lookupOnce(lookupOf(sources, plan), pending);
  const artefactPath = (name: string) => store.artefacts.path(coresetId, name);
  for (const edit of pending) await replay(tree, edit, { plan, sources, lookup, edits, artefactPath });
  if (!place.isReadOnly) compactSoon(place, tree);
}

/** All rows of many edits read at once, instead of a few at a time. */
async function lookupOnce(lookup: ReturnType<typeof lookupOf>, pending: readonly EditRecord[]) {
  const ids = pending.flatMap(({ edit }) => {
    const { targets, features, rowIds } = edit as EditRequest;
    return [...Object.keys({ ...targets, ...features }).map(Number), ...(rowIds ?? [])];
  });
  if (ids.length === 0) return lookup;
  const all = await lookup(Uint32Array.from(new Set(ids)));
  return () => all;
}

function noteChange({ store, coresetId }: CoresetPlace, tree: CoresetTree): void {
  const nRows = tree.coreset(0).weight.reduce((sum, w) => sum + Number(w > 0), 0);
  store.coresets.patchMeta(coresetId, { nRows, nRowsCovered: tree.nRowsCovered, nLevels: tree.nLevels });
}

function compactSoon(place: CoresetPlace, tree: CoresetTree): void {
  const { coresetId } = place;
  clearTimeout(compactions.get(coresetId));
  const nBehind = place.store.coresets.editIds(coresetId).length - nInFile(place);
  const timer = setTimeout(
    () => {
      compactions.delete(coresetId);
      // The log has it all: a failure here (a full disk, a project that was closed) costs nothing but time at the next start.
      void inTurn(coresetId, async () => {
        if (place.store.isOpen && loaded.get(coresetId)?.tree === tree) compact(place, tree);
      }).catch(() => undefined);
    },
    nBehind > MAX_BEHIND ? 0 : PAUSE_MS,
  );
  timer.unref();
  compactions.set(coresetId, timer);
}

const nInFile = ({ store, coresetId }: CoresetPlace): number =>
  recipeOf(store.coresets.get(coresetId)).nEditsInFile ?? 0;

function compact({ store, coresetId }: CoresetPlace, tree: CoresetTree): void {
  const staged = join(store.files.stagingRoot, `tree-${randomUUID()}`);
  try {
    const bytes = saveTree(tree);
    mkdirSync(store.files.stagingRoot, { recursive: true });
    writeFileSync(staged, bytes);
    store.transaction(() => {
      const { hash } = store.artefacts.add(coresetId, TREE, staged);
      store.coresets.patchMeta(coresetId, { bytes: bytes.length, nEditsInFile: tree.edits.length });
      keep(coresetId, hash, tree);
    });
  } finally {
    rmSync(staged, { force: true });
  }
}

/** One thing at a time for each coreset. */
function inTurn<T>(coresetId: string, work: () => Promise<T>): Promise<T> {
  const before = queues.get(coresetId) ?? Promise.resolve();
  const mine = before.catch(() => {}).then(work);
  queues.set(coresetId, mine);
  const forget = () => {
    if (queues.get(coresetId) === mine) queues.delete(coresetId);
  };
  mine.then(forget, forget);
  return mine;
}

function keep(coresetId: string, hash: string, tree: CoresetTree) {
  const entry = { hash, tree };
  loaded.delete(coresetId);
  loaded.set(coresetId, entry);
  if (loaded.size > MAX_LOADED) loaded.delete(loaded.keys().next().value!);
  return entry;
}
