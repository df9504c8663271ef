import type { CoresetInfo } from '../../contract/coreset.ts';
import { AppError } from '../../contract/errors.ts';
import type { CoresetTree } from '../../coreset/tree/coresetTree.ts';
import type { EditRecord } from '../../store/coresets.ts';
import type { CallHandlers, EngineContext, OpenProject } from '../handlers.ts';
import { CURVE } from '../kinds/fidelity/input.ts';
import { recipeOf, summaryOf } from '../kinds/coreset/summary.ts';
import type { EditRequest } from '../kinds/coreset/requests.ts';
import { versionFile } from './data.ts';

/** Trees and DuckDB are loaded with the first call that needs them, not when the engine starts. */
const trees = () => import('../kinds/coreset/trees.ts');
const requests = () => import('../kinds/coreset/requests.ts');
const edits = () => import('../../coreset/tree/edits.ts');

export const coresetCalls = {
  'coreset.list': ({ projectId }, engine) => {
    const { store } = engine.project(projectId);
    return store.coresets.list().map((record) => summaryOf(record, projectId));
  },
  'coreset.build': ({ projectId, versionId, name, ...rest }, engine) => {
    const { store } = engine.writableProject(projectId);
    const file = versionFile(engine, projectId, versionId);
    const dataset = store.datasets.list().find(({ versions }) => versions.some(({ id }) => id === versionId));
    const size = rest.size < 1 ? `${Math.round(rest.size * 100)} %` : `${rest.size} rows`;
    const title = name ?? `${dataset?.name ?? 'coreset'} · ${rest.target ?? rest.service} · ${size}`;
    const job = engine.submit({
      projectId,
      kind: 'coreset',
      title: `Coreset ${title}`,
      input: { versionId, file, name: title, ...rest },
      isResumable: true,
    });
    return { jobId: job.id };
  },
  'coreset.info': async ({ projectId, coresetId }, engine) => {
    const { readTree } = await trees();
    const { store } = engine.project(projectId);
    return info(engine, projectId, coresetId, readTree(store, coresetId));
  },
  'coreset.get': async ({ projectId, coresetId, level, offset, limit }, engine) => {
    const { readTree } = await trees();
    const { store } = engine.project(projectId);
    const coreset = readTree(store, coresetId).coreset(level);
    const kept = [...coreset.weight.keys()].filter((i) => coreset.weight[i]! > 0);
    const shown = kept.slice(offset, offset + limit);
    const rowIds = shown.map((i) => coreset.rowIds[i]!);
    const { columns, rows } = await cells(engine, projectId, coresetId, rowIds);
    return { columns, rowIds, weights: shown.map((i) => coreset.weight[i]!), rows, nRows: kept.length };
  },
  'coreset.fidelity': async ({ projectId, coresetId }, engine) => {
    const { store } = engine.project(projectId);
    store.coresets.get(coresetId);
    if (!store.artefacts.find(coresetId, CURVE)) return null;
    const { readCurve } = await import('../kinds/fidelity/curveFile.ts');
    return readCurve(store.artefacts.path(coresetId, CURVE));
  },
  'coreset.measureFidelity': ({ projectId, coresetId, sizes, nDraws }, engine) => {
    const { store } = engine.writableProject(projectId);
    const record = store.coresets.get(coresetId);
    const file = versionFile(engine, projectId, record.versionId);
    const job = engine.submit({
      projectId,
      kind: 'fidelity',
      title: `Fidelity of ${record.name}`,
      input: {
        coresetId,
        file,
        plan: recipeOf(record).plan,
        size: record.meta.size,
        seed: record.meta.seed,
        sizes,
        nDraws,
      },
      isResumable: true,
    });
    return { jobId: job.id };
  },
  'coreset.important': async ({ projectId, coresetId, classSize, ...request }, engine) => {
    const { importantSamples } = await import('../../coreset/important.ts');
    const { readTree } = await trees();
    const { store } = engine.project(projectId);
    const { plan } = recipeOf(store.coresets.get(coresetId));
    const sizes =
      classSize && new Map(Object.entries(classSize).map(([label, n]) => [classIndex(label, plan.classes), n]));
    const found = importantSamples(readTree(store, coresetId), { ...request, classSize: sizes });
    const { columns, rows } = await cells(
      engine,
      projectId,
      coresetId,
      found.map(({ rowId }) => rowId),
    );
    const labelOf = (y: number) => (plan.target === null ? '' : (plan.classes[y] ?? String(y)));
    const samples = found.map(({ y, ...sample }, i) => ({ ...sample, label: labelOf(y), cells: rows[i]! }));
    return { columns, samples };
  },
  'coreset.markSeen': async ({ projectId, coresetId, rowIds }, engine) => {
    const { changeTree } = await trees();
    const { markSeen } = await import('../../coreset/important.ts');
    const { store } = engine.writableProject(projectId);
    await changeTree(
      store,
      coresetId,
      (tree) => markSeen(tree, rowIds),
      () => {},
    );
    return {};
  },
  'coreset.update': async ({ projectId, coresetId, targets, features, recalc }, engine) => {
    const { applyEdit } = await edits();
    const { lookupOf, targetChanges, featureChanges } = await requests();
    const { store } = engine.writableProject(projectId);
    const { file, plan } = place(engine, projectId, coresetId);
    if (targets === undefined && features === undefined) throw nothingAsked();
    const lookup = lookupOf(file, plan);
    return edit(engine, projectId, coresetId, async (tree) => {
      const done: PlannedEdit[] = [];
      if (targets) {
        const changes = targetChanges(targets, plan);
        await applyEdit(tree, 'updateTargets', changes, lookup, recalc);
        done.push({
          kind: 'updateTargets',
          nRows: changes.length,
          description: `${plan.target} of ${rowsOf(changes)}`,
          edit: { targets },
        });
      }
      if (features) {
        const changes = await featureChanges(features, plan, file, store.coresets.edits(coresetId));
        await applyEdit(tree, 'updateFeatures', changes, lookup, recalc);
        const columns = [...new Set(Object.values(features).flatMap((cells) => Object.keys(cells)))].join(', ');
        done.push({
          kind: 'updateFeatures',
          nRows: changes.length,
          description: `${columns} of ${rowsOf(changes)}`,
          edit: { features },
        });
      }
      return done;
    });
  },
  'coreset.removeSamples': async ({ projectId, coresetId, rowIds, filters, recalc }, engine) => {
    const { applyEdit } = await edits();
    const { lookupOf } = await requests();
    engine.writableProject(projectId);
    const { file, plan } = place(engine, projectId, coresetId);
    if (rowIds === undefined && filters === undefined) throw nothingAsked();
    const lookup = lookupOf(file, plan);
    return edit(engine, projectId, coresetId, async (tree) => {
      if (filters === undefined) {
        const changes = rowIds!.map((rowId) => ({ rowId, isRemoved: true }));
        await applyEdit(tree, 'removeSamples', changes, lookup, recalc);
        return [{ kind: 'removeSamples', nRows: changes.length, description: rowsOf(changes), edit: { rowIds } }];
      }
      const { matchingRows } = await import('../../data/page.ts');
      const asked = rowIds && new Set(rowIds);
      const matching = (await matchingRows(file, filters)).filter((id) => !asked || asked.has(id));
      const known = (await lookup(matching)).rowIds.filter((id) => !tree.overrides.get(id)?.isRemoved);
      const changes = [...known].map((rowId) => ({ rowId, isRemoved: true }));
      await applyEdit(tree, 'filterOut', changes, lookup, recalc);
      const description = `rows where ${filters.map(({ column, op }) => `${column} ${op}`).join(' and ')}`;
      return [{ kind: 'filterOut', nRows: changes.length, description, edit: { rowIds: [...known] } }];
    });
  },
  'coreset.edits': ({ projectId, coresetId }, engine) => {
    const { store } = engine.project(projectId);
    store.coresets.get(coresetId);
    return store.coresets.edits(coresetId).map(({ edit: _edit, ...shown }) => shown);
  },
  'coreset.undo': async ({ projectId, coresetId }, engine) => {
    const { undoEdit } = await edits();
    const { changeTree } = await trees();
    const { store } = engine.writableProject(projectId);
    const tree = await changeTree(store, coresetId, undoEdit, (_, changed, bytes) => {
      store.coresets.removeEdit(store.coresets.edits(coresetId).at(-1)!.id);
      noteChange(store, coresetId, changed, bytes);
    });
    return changed(engine, projectId, coresetId, tree);
  },
  'coreset.erase': ({ projectId, coresetId }, engine) => {
    const { store } = engine.writableProject(projectId);
    store.transaction(() => {
      store.coresets.get(coresetId);
      store.coresets.erase(coresetId);
    });
    engine.emit({ type: 'changed', projectId, what: 'coresets' });
    return {};
  },
} satisfies CallHandlers;

type PlannedEdit = Pick<EditRecord, 'kind' | 'description' | 'nRows'> & { readonly edit: EditRequest };

/** Applies edits to the tree and keeps them, all or nothing. */
async function edit(
  engine: EngineContext,
  projectId: string,
  coresetId: string,
  apply: (tree: CoresetTree) => Promise<PlannedEdit[]>,
): Promise<CoresetInfo> {
  const { changeTree } = await trees();
  const { store } = engine.writableProject(projectId);
  const tree = await changeTree(store, coresetId, apply, (done, after, bytes) => {
    for (const one of done) store.coresets.addEdit(coresetId, one);
    noteChange(store, coresetId, after, bytes);
  });
  return changed(engine, projectId, coresetId, tree);
}

function noteChange(store: OpenProject['store'], coresetId: string, tree: CoresetTree, bytes: number): void {
  const nRows = tree.coreset(0).weight.reduce((sum, w) => sum + Number(w > 0), 0);
  store.coresets.patchMeta(coresetId, { nRows, nRowsCovered: tree.nRowsCovered, bytes });
}

async function changed(
  engine: EngineContext,
  projectId: string,
  coresetId: string,
  tree: CoresetTree,
): Promise<CoresetInfo> {
  engine.emit({ type: 'changed', projectId, what: 'coresets' });
  return info(engine, projectId, coresetId, tree);
}

async function info(
  engine: EngineContext,
  projectId: string,
  coresetId: string,
  tree: CoresetTree,
): Promise<CoresetInfo> {
  const { infoOf } = await import('../kinds/coreset/info.ts');
  return infoOf(engine.project(projectId).store.coresets.get(coresetId), projectId, tree);
}

function place(engine: EngineContext, projectId: string, coresetId: string) {
  const record = engine.project(projectId).store.coresets.get(coresetId);
  return { file: versionFile(engine, projectId, record.versionId), plan: recipeOf(record).plan };
}

/** Cells of rows as edited, columns of the version. */
async function cells(engine: EngineContext, projectId: string, coresetId: string, rowIds: readonly number[]) {
  const { readCells } = await import('../../coreset/version/lookup.ts');
  const { cellsAfter } = await requests();
  const { file, plan } = place(engine, projectId, coresetId);
  const { columns, rows } = await readCells(file, rowIds);
  const after = cellsAfter(
    engine
      .project(projectId)
      .store.coresets.edits(coresetId)
      .map((record) => record.edit as EditRequest),
  );
  rowIds.forEach((id, i) => {
    const edited = after.get(id);
    columns.forEach((name, c) => {
      if (edited && name in edited.features) rows[i]![c] = edited.features[name]!;
      if (edited?.target !== undefined && name === plan.target) rows[i]![c] = edited.target;
    });
  });
  return { columns, rows };
}

function classIndex(label: string, classes: readonly string[]): number {
  const index = classes.indexOf(label);
  if (index >= 0) return index;
  throw new AppError({
    code: 'CLASS_UNKNOWN',
    message: `The target has no class "${label}". There are: ${classes.join(', ') || 'none'}.`,
    fix: { kind: 'setParam', label: 'Name classes of the target', args: { name: 'classSize' } },
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
