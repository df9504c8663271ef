import type { CoresetInfo } from '../../contract/coreset.ts';
import { AppError } from '../../contract/errors.ts';
import type { Cell } from '../../contract/json.ts';
import type { CoresetTree } from '../../coreset/tree/coresetTree.ts';
import type { EngineContext } from '../handlers.ts';
import { recipeOf } from '../kinds/coreset/summary.ts';
import type { EditRequest } from '../kinds/coreset/editRequest.ts';
import type { CoresetPlace } from '../kinds/coreset/trees.ts';
import { versionFile } from './data.ts';

/** Trees and DuckDB are loaded with the first call that needs them, not when the engine starts. */
export const trees = () => import('../kinds/coreset/trees.ts');
export const requests = () => import('../kinds/coreset/requests.ts');
export const sources = () => import('../kinds/coreset/sources.ts');

export interface OfCoreset {
  readonly projectId: string;
  readonly coresetId: string;
}

/** Throws AppError PROJECT_NOT_OPEN, CORESET_NOT_FOUND. */
export function placeOf(engine: EngineContext, { projectId, coresetId }: OfCoreset): CoresetPlace {
  const { store, isReadOnly } = engine.project(projectId);
  store.coresets.get(coresetId);
  const fileOf = (versionId: string) => versionFile(engine, projectId, versionId);
  return { store, isReadOnly, coresetId, fileOf };
}

export function planOf({ store, coresetId }: CoresetPlace) {
  return recipeOf(store.coresets.get(coresetId)).plan;
}

export async function infoFor(engine: EngineContext, of: OfCoreset, tree: CoresetTree): Promise<CoresetInfo> {
  const { infoOf } = await import('../kinds/coreset/info.ts');
  const { sourcesOf } = await sources();
  const { store } = engine.project(of.projectId);
  const record = store.coresets.get(of.coresetId);
  const edits = store.coresets.edits(of.coresetId, 'append');
  return infoOf(record, of.projectId, tree, sourcesOf(record, edits));
}

/** Cells of rows as edited, columns of the version the coreset was built from. */
export async function cellsOf(
  place: CoresetPlace,
  rowIds: readonly number[],
): Promise<{ columns: string[]; rows: Cell[][] }> {
  const { sourcesAt } = await trees();
  const { readSourceCells } = await sources();
  const { cellsAfter } = await requests();
  const plan = planOf(place);
  const { columns, rows } = await readSourceCells(sourcesAt(place), rowIds);
  const edits = place.store.coresets.edits(place.coresetId);
  const after = cellsAfter(edits.map(({ edit }) => edit as EditRequest));
  rowIds.forEach((id, i) => {
    const edited = after.get(id);
    columns.forEach((name, c) => {
      if (edited && name in edited.features) rows[i]![c] = edited.features[name]!;
      if (edited?.target !== undefined && name === plan.target) rows[i]![c] = edited.target;
    });
  });
  return { columns, rows };
}

/** Throws AppError CLASS_UNKNOWN. */
export function classIndex(label: string, classes: readonly string[]): number {
  const index = classes.indexOf(label);
  if (index >= 0) return index;
  throw new AppError({
    code: 'CLASS_UNKNOWN',
    message: `The target has no class "${label}". There are: ${classes.join(', ') || 'none'}.`,
    fix: { kind: 'setParam', label: 'Name classes of the target', args: { name: 'classSize' } },
  });
}
