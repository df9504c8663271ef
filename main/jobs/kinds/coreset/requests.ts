import { AppError } from '../../../contract/errors.ts';
import type { Cell } from '../../../contract/json.ts';
import type { RowChange } from '../../../coreset/tree/locate.ts';
import { categoryOf } from '../../../coreset/version/lookup.ts';
import type { VersionPlan } from '../../../coreset/version/plan.ts';
import type { Column, Table } from '../../../kernels/table.ts';
import { Preprocessor } from '../../../models/preprocess/preprocessor.ts';
import type { EditRecord } from '../../../store/coresets.ts';
import type { EditRequest } from './editRequest.ts';
import { readRows, type PlacedSource } from './sources.ts';

/** New targets as changes. Throws AppError EDIT_NEEDS_TARGET, EDIT_ROWS_UNKNOWN, EDIT_LABELS_UNKNOWN. */
export function targetChanges(targets: NonNullable<EditRequest['targets']>, plan: VersionPlan): RowChange[] {
  if (plan.target === null) {
    throw new AppError({
      code: 'EDIT_NEEDS_TARGET',
      message: 'This coreset has no target to change.',
      fix: { kind: 'buildCoreset', label: 'Build a coreset with a target' },
    });
  }
  const place = new Map(plan.classes.map((label, k) => [label, k]));
  const isRegression = plan.targetInfo?.task === 'regression';
  const unknown: string[] = [];
  const changes = Object.entries(targets).map(([id, cell]) => {
    const y = isRegression ? Number(cell === null || cell === '' ? NaN : cell) : (place.get(String(cell)) ?? NaN);
    if (!Number.isFinite(y)) unknown.push(`${JSON.stringify(cell)} (row ${id})`);
    return { rowId: rowIdOf(id), y };
  });
  if (unknown.length === 0) return changes;
  throw new AppError({
    code: 'EDIT_LABELS_UNKNOWN',
    message: `Nothing was changed: the target "${plan.target}" has no value ${unknown.slice(0, 10).join(', ')}${unknown.length > 10 ? ` and ${unknown.length - 10} more` : ''}.`,
    fix: {
      kind: 'chooseLabel',
      label: isRegression ? 'Give numbers' : `Use one of: ${plan.classes.slice(0, 20).join(', ')}`,
    },
  });
}

/**
 * New cells as changes: rows are read, `former` cells of earlier edits and the new ones are put in, and preprocessing is
 * done again. Throws AppError EDIT_COLUMNS_UNKNOWN, EDIT_ROWS_UNKNOWN.
 */
export async function featureChanges(
  features: NonNullable<EditRequest['features']>,
  plan: VersionPlan,
  sources: readonly PlacedSource[],
  former: readonly EditRecord[],
): Promise<RowChange[]> {
  const known = new Set(plan.inputs.map(({ name }) => name));
  const strange = [...new Set(Object.values(features).flatMap((cells) => Object.keys(cells)))].filter(
    (c) => !known.has(c),
  );
  if (strange.length > 0) {
    throw new AppError({
      code: 'EDIT_COLUMNS_UNKNOWN',
      message: `Nothing was changed: ${strange.map((c) => `"${c}"`).join(', ')} ${strange.length === 1 ? 'is' : 'are'} not among the columns of this coreset.`,
      fix: { kind: 'chooseColumns', label: `Use columns of the coreset: ${[...known].slice(0, 20).join(', ')}` },
    });
  }
  const ids = Object.keys(features).map(rowIdOf);
  const { table, rowIds } = await readRows(sources, plan.inputs, ids);
  const cells = cellsAfter([...former.map(({ edit }) => edit as EditRequest), { features }]);
  const edited = withCells(table, rowIds, (id) => cells.get(id)?.features ?? {});
  const X = new Preprocessor(plan.preprocessor).transform(edited);
  const at = new Map([...rowIds].map((id, i) => [id, i]));
  return ids.map((rowId) => {
    const i = at.get(rowId);
    // A row the version does not have is named by the tree.
    const x =
      i === undefined ? new Float64Array(X.nCols) : Float64Array.from(X.data.subarray(i * X.nCols, (i + 1) * X.nCols));
    return { rowId, x };
  });
}

/** What edits have made of cells, by row. */
export function cellsAfter(
  edits: readonly EditRequest[],
): Map<number, { target?: Cell; features: Readonly<Record<string, Cell>> }> {
  const out = new Map<number, { target?: Cell; features: Record<string, Cell> }>();
  const entry = (id: string) => {
    const rowId = rowIdOf(id);
    const found = out.get(rowId) ?? { features: {} };
    out.set(rowId, found);
    return found;
  };
  for (const { targets, features } of edits) {
    for (const [id, cell] of Object.entries(targets ?? {})) entry(id).target = cell;
    for (const [id, cells] of Object.entries(features ?? {})) Object.assign(entry(id).features, cells);
  }
  return out;
}

function withCells(table: Table, rowIds: Uint32Array, cellsOf: (id: number) => Readonly<Record<string, Cell>>): Table {
  const columns = table.columns.map((column): Column => {
    const isTouched = rowIds.some((id) => column.name in cellsOf(id));
    if (!isTouched) return column;
    if (column.kind === 'number') {
      const values = column.values.map((value, i) => {
        const cell = cellsOf(rowIds[i]!)[column.name];
        return cell === undefined ? value : numberOf(cell);
      });
      return { ...column, values };
    }
    const texts = [...column.codes].map((code, i) => {
      const cell = cellsOf(rowIds[i]!)[column.name];
      if (cell === undefined) return code < 0 ? null : column.levels[code]!;
      return cell === null || cell === '' ? null : String(cell);
    });
    return categoryOf(column.name, texts);
  });
  return { ...table, columns };
}

/** Numbers as they are, times as seconds since 1970; anything else counts as missing. */
function numberOf(cell: Cell): number {
  if (cell === null || cell === '') return NaN;
  const value = Number(cell);
  if (!Number.isNaN(value) || typeof cell !== 'string') return value;
  const time = Date.parse(`${cell.replace(' ', 'T')}${cell.includes('Z') ? '' : cell.length > 10 ? 'Z' : ''}`);
  return time / 1000;
}

/** Throws AppError EDIT_ROWS_UNKNOWN. */
export function rowIdOf(text: string): number {
  const id = Number(text);
  if (Number.isInteger(id) && id >= 0 && id < 2 ** 32) return id;
  throw new AppError({
    code: 'EDIT_ROWS_UNKNOWN',
    message: `Nothing was changed: "${text}" is not a row number.`,
    fix: { kind: 'chooseRows', label: 'Name rows by their number' },
  });
}
