import { randomUUID } from 'node:crypto';
import type { CoresetInfo } from '../../contract/coreset.ts';
import { AppError } from '../../contract/errors.ts';
import type { CoresetTree } from '../../coreset/tree/coresetTree.ts';
import type { CallHandlers, EngineContext } from '../handlers.ts';
import type { PlannedEdit } from '../kinds/coreset/trees.ts';
import { infoFor, placeOf, planOf, requests, sources, trees, type OfCoreset } from './coresetPlace.ts';
import { versionFile } from './data.ts';
import { filterWords } from './filterWords.ts';

const edits = () => import('../../coreset/tree/edits.ts');

/** Calls that change a coreset's tree; each is in the log before it is answered, and can be taken back. */
export const coresetEditCalls = {
  'coreset.update': async ({ targets, features, recalc, ...of }, engine) => {
    const { applyEdit } = await edits();
    const { targetChanges, featureChanges } = await requests();
    const { place, plan, placed, lookup } = await editing(engine, of);
    if (targets === undefined && features === undefined) throw nothingAsked();
    return edit(engine, of, async (tree) => {
      const done: PlannedEdit[] = [];
      if (targets) {
        const changes = targetChanges(targets, plan);
        await applyEdit(tree, 'updateTargets', changes, lookup, recalc);
        done.push({
          kind: 'updateTargets',
          nRows: changes.length,
          description: `${plan.target} of ${rowsOf(changes)}`,
          edit: { targets, recalc },
        });
      }
      if (features) {
        const former = place.store.coresets.edits(of.coresetId, 'updateFeatures');
        const changes = await featureChanges(features, plan, placed, former);
        await applyEdit(tree, 'updateFeatures', changes, lookup, recalc);
        const columns = [...new Set(Object.values(features).flatMap((cells) => Object.keys(cells)))].join(', ');
        done.push({
          kind: 'updateFeatures',
          nRows: changes.length,
          description: `${columns} of ${rowsOf(changes)}`,
          edit: { features, recalc },
        });
      }
      return done;
    });
  },
  'coreset.removeSamples': async ({ rowIds, filters, recalc, ...of }, engine) => {
    const { applyEdit } = await edits();
    const { placed, lookup } = await editing(engine, of);
    if (rowIds === undefined && filters === undefined) throw nothingAsked();
    return edit(engine, of, async (tree) => {
      if (filters === undefined) {
        const changes = rowIds!.map((rowId) => ({ rowId, isRemoved: true }));
        await applyEdit(tree, 'removeSamples', changes, lookup, recalc);
        const log = { rowIds, recalc };
        return [{ kind: 'removeSamples', nRows: changes.length, description: rowsOf(changes), edit: log }];
      }
      const { matchingRows } = await import('../../data/page.ts');
      const asked = rowIds && new Set(rowIds);
      const matching: number[] = [];
      for (const { file, offset } of placed) {
        for (const row of await matchingRows(file, filters)) {
          const id = row + offset;
          if ((!asked || asked.has(id)) && !tree.overrides.get(id)?.isRemoved) matching.push(id);
        }
      }
      const found = matching.length === 0 ? [] : [...(await lookup(Uint32Array.from(matching))).rowIds];
      const { leafOfRow } = await import('../../coreset/tree/rowIndex.ts');
      // Rows that a window dropped match too, but are no longer there.
      const known = found.filter((id) => leafOfRow(tree, id));
      const changes = known.map((rowId) => ({ rowId, isRemoved: true }));
      await applyEdit(tree, 'filterOut', changes, lookup, recalc);
      const description = `rows where ${filters.map(filterWords).join(' and ')}`;
      return [{ kind: 'filterOut', nRows: changes.length, description, edit: { rowIds: known, recalc } }];
    });
  },
  'coreset.append': async ({ versionId, ...of }, engine) => {
    engine.writableProject(of.projectId);
    const place = placeOf(engine, of);
    const { compactNow, sourcesAt } = await trees();
    const { store } = place;
    const { TREE } = await import('../kinds/coreset/input.ts');
    const last = sourcesAt(place).at(-1)!;
    const file = versionFile(engine, of.projectId, versionId);
    await compactNow(place);
    const title =
      store.datasets.list().find(({ versions }) => versions.some(({ id }) => id === versionId))?.name ?? 'rows';
    const job = engine.submit({
      projectId: of.projectId,
      kind: 'coreset',
      title: `Append ${title} to ${store.coresets.get(of.coresetId).name}`,
      input: {
        what: 'append',
        coresetId: of.coresetId,
        versionId,
        file,
        plan: planOf(place),
        treeFile: store.artefacts.path(of.coresetId, TREE),
        title,
        offset: last.offset + last.nRows,
        jobKey: randomUUID().slice(0, 8),
      },
    });
    return { jobId: job.id };
  },
  'coreset.window': async ({ from, keep, ...of }, engine) => {
    engine.writableProject(of.projectId);
    const { dropOldest } = await import('../../coreset/tree/window.ts');
    const plan = planOf(placeOf(engine, of));
    const { time } = plan;
    if (!time) {
      throw new AppError({
        code: 'WINDOW_NEEDS_TIME',
        message: 'This coreset does not follow time, so it has no oldest rows.',
        fix: { kind: 'buildCoreset', label: 'Build it with a time column' },
      });
    }
    return edit(engine, of, (tree) => {
      const newest = tree.leaves.reduce((latest, { lastTime }) => Math.max(latest, lastTime ?? -Infinity), -Infinity);
      const start = from === undefined ? newest - (keep ?? 0) : secondsOf(from);
      const dropped = dropOldest(tree, ({ lastTime }) => lastTime !== null && lastTime < start);
      if (dropped === 0) throw nothingOlder();
      const shown = time.isTime ? new Date(start * 1000).toISOString().slice(0, 19).replace('T', ' ') : String(start);
      const ordinal = tree.range[0];
      return [
        { kind: 'window', nRows: dropped, description: `rows before ${shown} dropped`, edit: { window: { ordinal } } },
      ];
    });
  },
  'coreset.grow': async ({ nRows, ...of }, engine) => {
    const { growRoot } = await import('../../coreset/tree/grow.ts');
    return edit(engine, of, (tree) => {
      growRoot(tree, nRows);
      return [{ kind: 'grow', nRows, description: 'drawn where the model is unsure', edit: { grow: { nRows } } }];
    });
  },
  'coreset.undo': async (of, engine) => {
    engine.writableProject(of.projectId);
    const { undoLast } = await trees();
    return changed(engine, of, await undoLast(placeOf(engine, of)));
  },
} satisfies CallHandlers;

async function editing(engine: EngineContext, of: OfCoreset) {
  engine.writableProject(of.projectId);
  const place = placeOf(engine, of);
  const { sourcesAt } = await trees();
  const { lookupOf } = await sources();
  const plan = planOf(place);
  const placed = sourcesAt(place);
  return { place, plan, placed, lookup: lookupOf(placed, plan) };
}

/** Applies edits to the tree and keeps them, all or nothing. */
async function edit(
  engine: EngineContext,
  of: OfCoreset,
  apply: (tree: CoresetTree) => Promise<PlannedEdit[]> | PlannedEdit[],
): Promise<CoresetInfo> {
  engine.writableProject(of.projectId);
  const { changeTree } = await trees();
  return changed(engine, of, await changeTree(placeOf(engine, of), apply));
}

function changed(engine: EngineContext, of: OfCoreset, tree: CoresetTree): Promise<CoresetInfo> {
  engine.emit({ type: 'changed', projectId: of.projectId, what: 'coresets' });
  return infoFor(engine, of, tree);
}

/** A number as it is, a date or time as seconds since 1970 UTC. Throws AppError TIME_INVALID. */
function secondsOf(from: number | string): number {
  if (typeof from === 'number') return from;
  const text = from.trim();
  const value = Number(text);
  if (text !== '' && Number.isFinite(value)) return value;
  const at = Date.parse(
    `${text.replace(' ', 'T')}${/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? '' : text.length > 10 ? 'Z' : ''}`,
  );
  if (Number.isFinite(at)) return at / 1000;
  throw new AppError({
    code: 'TIME_INVALID',
    message: `"${from}" is not a date, a time or a number.`,
    fix: { kind: 'setParam', label: 'Write it as 2024-01-31 or 2024-01-31 12:00:00', args: { name: 'from' } },
  });
}

const rowsOf = (changes: readonly { readonly rowId: number }[]): string =>
  changes.length === 1 ? `row ${changes[0]!.rowId}` : `${changes.length} rows`;

const nothingAsked = () =>
  new AppError({
    code: 'EDIT_EMPTY',
    message: 'The edit names no rows.',
    fix: { kind: 'chooseRows', label: 'Choose the rows to change' },
  });

const nothingOlder = () =>
  new AppError({
    code: 'WINDOW_KEEPS_ALL',
    message: 'Nothing was dropped: rows are dropped a leaf at a time, and no leaf ends before that time.',
    fix: { kind: 'setParam', label: 'Choose a later start', args: { name: 'from' } },
  });
