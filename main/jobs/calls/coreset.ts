import { randomUUID } from 'node:crypto';
import type { VersionPlan } from '../../coreset/version/plan.ts';
import type { CallHandlers, EngineContext } from '../handlers.ts';
import { CURVE } from '../kinds/fidelity/input.ts';
import { recipeOf, summaryOf } from '../kinds/coreset/summary.ts';
import { coresetEditCalls } from './coresetEdits.ts';
import { cellsOf, classIndex, infoFor, placeOf, planOf, sources, trees } from './coresetPlace.ts';
import { versionFile } from './data.ts';

export const coresetCalls = {
  'coreset.list': ({ projectId }, engine) => {
    const { store } = engine.project(projectId);
    return store.coresets.list().map((record) => summaryOf(record, projectId));
  },
  'coreset.build': ({ projectId, versionId, name, ...rest }, engine) => {
    engine.writableProject(projectId);
    const file = versionFile(engine, projectId, versionId);
    const size = rest.size < 1 ? `${Math.round(rest.size * 100)} %` : `${rest.size} rows`;
    const title = name ?? `${datasetName(engine, projectId, versionId)} · ${rest.target ?? rest.service} · ${size}`;
    const job = engine.submit({
      projectId,
      kind: 'coreset',
      title: `Coreset ${title}`,
      input: { what: 'build', versionId, file, name: title, ...rest },
      isResumable: true,
    });
    return { jobId: job.id };
  },
  'coreset.compare': ({ projectId, versionId, name, ...rest }, engine) => {
    engine.writableProject(projectId);
    const file = versionFile(engine, projectId, versionId);
    const title = name ?? `${datasetName(engine, projectId, versionId)} · ${rest.target ?? rest.service}`;
    const comparisonId = `cmp_${randomUUID().slice(0, 12)}`;
    const job = engine.submit({
      projectId,
      kind: 'coreset',
      title: `Compare ${rest.settings.length} coresets of ${title}`,
      input: { what: 'compare', versionId, file, name: title, comparisonId, ...rest },
      isResumable: true,
    });
    return { jobId: job.id, comparisonId };
  },
  'coreset.comparison': ({ projectId, comparisonId }, engine) =>
    engine
      .project(projectId)
      .store.coresets.list()
      .flatMap((record) => {
        const { compared } = recipeOf(record);
        if (compared?.comparisonId !== comparisonId) return [];
        const { service, size, nRows, seed, excessLoss, bytes } = record.meta;
        const { metric, mean, standardError, fitMs } = compared;
        const score = { metric, mean, standardError, fitMs };
        return [{ coresetId: record.id, name: record.name, service, size, nRows, seed, excessLoss, bytes, ...score }];
      })
      .toSorted((a, b) => a.size - b.size || a.seed - b.seed),
  'coreset.info': async (of, engine) => {
    const { readTree } = await trees();
    return infoFor(engine, of, await readTree(placeOf(engine, of)));
  },
  'coreset.get': async ({ level, offset, limit, ...of }, engine) => {
    const { readTree } = await trees();
    const place = placeOf(engine, of);
    const coreset = (await readTree(place)).coreset(level);
    const kept = [...coreset.weight.keys()].filter((i) => coreset.weight[i]! > 0);
    const shown = kept.slice(offset, offset + limit);
    const rowIds = shown.map((i) => coreset.rowIds[i]!);
    const { columns, rows } = await cellsOf(place, rowIds);
    return { columns, rowIds, weights: shown.map((i) => coreset.weight[i]!), rows, nRows: kept.length };
  },
  'coreset.fidelity': async ({ projectId, coresetId }, engine) => {
    const { store } = engine.project(projectId);
    store.coresets.get(coresetId);
    if (!store.artefacts.find(coresetId, CURVE)) return null;
    const { readCurve } = await import('../kinds/fidelity/curveFile.ts');
    return readCurve(store.artefacts.path(coresetId, CURVE));
  },
  'coreset.measureFidelity': async ({ projectId, coresetId, sizes, nDraws, model }, engine) => {
    const [{ readTree }, { structureSize }] = await Promise.all([
      trees(),
      import('../kinds/fidelity/structureSize.ts'),
    ]);
    const tree = await readTree(placeOf(engine, { projectId, coresetId }));
    const levels = Array.from({ length: tree.nLevels }, (_, level) => tree.rowsOf(level).y.length);
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
        model,
        k: structureSize(tree),
        levels,
      },
      isResumable: true,
    });
    return { jobId: job.id };
  },
  'coreset.important': async ({ classSize, projectId, coresetId, ...request }, engine) => {
    const { importantSamples } = await import('../../coreset/important.ts');
    const { readTree } = await trees();
    const place = placeOf(engine, { projectId, coresetId });
    const plan = planOf(place);
    const sizes =
      classSize && new Map(Object.entries(classSize).map(([label, n]) => [classIndex(label, plan.classes), n]));
    const found = importantSamples(await readTree(place), { ...request, classSize: sizes });
    const { columns, rows } = await cellsOf(
      place,
      found.map(({ rowId }) => rowId),
    );
    const samples = found.map(({ y, ...sample }, i) => ({ ...sample, label: labelOf(y, plan), cells: rows[i]! }));
    return { columns, samples };
  },
  'coreset.represents': async ({ rowId, limit, ...of }, engine) => {
    const { representedRows } = await import('../../coreset/represents.ts');
    const { readTree, sourcesAt } = await trees();
    const { lookupOf, rowsOfLeaf } = await sources();
    const place = placeOf(engine, of);
    const plan = planOf(place);
    const tree = await readTree(place);
    const placed = sourcesAt(place);
    const time = plan.time ? (await lookupOf(placed, plan)(Uint32Array.of(rowId))).time?.[0] : undefined;
    const { keptRowId, nRows, nRowsOfLeaf, rows } = await representedRows(
      tree,
      rowId,
      limit,
      time,
      rowsOfLeaf(placed, plan),
    );
    const root = tree.coreset(0);
    const shown = [{ rowId: keptRowId, distance: 0 }, ...rows];
    const { columns, rows: cells } = await cellsOf(
      place,
      shown.map((row) => row.rowId),
    );
    const target = plan.target === null ? -1 : columns.indexOf(plan.target);
    return {
      rowId,
      keptRowId,
      weight: root.weight[root.rowIds.indexOf(keptRowId)] ?? 0,
      nRows,
      nRowsOfLeaf,
      columns,
      rows: shown.map((row, i) => ({ ...row, label: String(cells[i]![target] ?? ''), cells: cells[i]! })),
    };
  },
  'coreset.markSeen': ({ projectId, coresetId, rowIds }, engine) => {
    const { store } = engine.writableProject(projectId);
    const seen = new Set([...(recipeOf(store.coresets.get(coresetId)).seen ?? []), ...rowIds]);
    store.transaction(() => store.coresets.patchMeta(coresetId, { seen: [...seen] }));
    return {};
  },
  'coreset.edits': ({ projectId, coresetId }, engine) => {
    const { store } = engine.project(projectId);
    store.coresets.get(coresetId);
    return store.coresets.edits(coresetId).map(({ edit: _edit, ...shown }) => shown);
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
  ...coresetEditCalls,
} satisfies CallHandlers;

const labelOf = (y: number, { target, classes }: VersionPlan): string =>
  target === null ? '' : (classes[y] ?? String(y));

const datasetName = (engine: EngineContext, projectId: string, versionId: string): string =>
  engine
    .project(projectId)
    .store.datasets.list()
    .find(({ versions }) => versions.some(({ id }) => id === versionId))?.name ?? 'coreset';
