import { AppError } from '../../contract/errors.ts';
import type { Chunk } from '../rows.ts';
import { partOf } from './chunking.ts';
import { serviceOf } from '../services/registry.ts';
import type { CoresetTree } from './coresetTree.ts';
import { leafOfRow, placeOfKept } from './rowIndex.ts';

/** What shall become of a row: a new target, new features, or nothing (removed). */
export interface RowChange {
  readonly rowId: number;
  /** Class index or value. */
  readonly y?: number;
  /** Shape (nFeatures,). */
  readonly x?: Float64Array;
  readonly isRemoved?: boolean;
}

/** Reads rows as the data version has them; rows that are not among the tree's are left out of the answer. */
export type RowLookup = (rowIds: Uint32Array) => Promise<Chunk> | Chunk;

export interface Located extends RowChange {
  readonly leaf: number;
  /** Row within the leaf, or -1 when the leaf did not keep it. */
  readonly row: number;
  readonly part: number;
  readonly weight: number;
  readonly oldX: Float64Array;
  readonly oldY: number;
}

/** One change a row: the last one wins. */
export function checkChanges(tree: CoresetTree, changes: readonly RowChange[]): RowChange[] {
  const byRow = new Map<number, RowChange>();
  for (const change of changes) byRow.set(change.rowId, { ...byRow.get(change.rowId), ...change });
  if (byRow.size === 0) {
    throw new AppError({
      code: 'EDIT_EMPTY',
      message: 'The edit names no rows.',
      fix: { kind: 'chooseRows', label: 'Choose the rows to change' },
    });
  }
  const { target, nFeatures } = tree;
  const nClasses = target !== null && target.task !== 'regression' ? target.nClasses : null;
  const isValid = (y: number) =>
    nClasses === null ? Number.isFinite(y) : Number.isInteger(y) && y >= 0 && y < nClasses;
  const badLabels = [...byRow.values()].filter(({ y }) => y !== undefined && !isValid(y));
  if (badLabels.length > 0) {
    throw new AppError({
      code: 'EDIT_LABELS_UNKNOWN',
      message: `Nothing was changed: the new target of ${list(badLabels.map(({ rowId }) => rowId))} is not one the data has.`,
      fix: { kind: 'chooseLabel', label: 'Use a label of the data' },
    });
  }
  const { takesMissing } = serviceOf(tree.settings.service);
  const badRows = [...byRow.values()].filter(
    ({ x }) =>
      x !== undefined && (x.length !== nFeatures || x.some((v) => !Number.isFinite(v) && !(takesMissing && v !== v))),
  );
  if (badRows.length === 0) return [...byRow.values()];
  throw new AppError({
    code: 'EDIT_VALUES_INVALID',
    message: `Nothing was changed: the new features of ${list(badRows.map(({ rowId }) => rowId))} are missing or infinite.`,
    fix: { kind: 'chooseRows', label: 'Give each feature a number' },
  });
}

/**
 * Where each changed row is and what it is now: from the leaf that keeps it, else from the data version with what
 * edits made of it. Throws AppError EDIT_ROWS_UNKNOWN.
 */
export async function locate(tree: CoresetTree, changes: readonly RowChange[], lookup: RowLookup): Promise<Located[]> {
  const d = tree.nFeatures;
  const isRemoved = (rowId: number) => tree.overrides.get(rowId)?.isRemoved === true;
  const others = changes.filter(({ rowId }) => !placeOfKept(tree, rowId)).map(({ rowId }) => rowId);
  const raw = others.length > 0 ? await lookup(Uint32Array.from(others)) : null;
  const at = new Map([...(raw?.rowIds ?? [])].map((id, i) => [id, i]));
  const unknown: number[] = [];
  const out: Located[] = [];
  for (const change of changes) {
    const { rowId } = change;
    const part = partOf(rowId, tree.settings.nParts);
    const place = placeOfKept(tree, rowId);
    if (isRemoved(rowId)) unknown.push(rowId);
    else if (place) {
      const { X, y, rowWeight } = tree.leafAt(place.leaf);
      // What an edit set is kept as it was given; the leaf may hold it in single precision.
      const oldX = tree.overrides.get(rowId)?.x ?? Float64Array.from(X.data.subarray(place.row * d, place.row * d + d));
      out.push({ ...change, ...place, part, weight: rowWeight[place.row]!, oldX, oldY: y[place.row]! });
    } else {
      const i = at.get(rowId);
      const leaf = i === undefined ? undefined : leafOfRow(tree, rowId, raw!.time?.[i]);
      if (!leaf) {
        unknown.push(rowId);
        continue;
      }
      const override = tree.overrides.get(rowId);
      out.push({
        ...change,
        leaf: leaf.ordinal,
        row: -1,
        part,
        weight: raw!.sampleWeight?.[i!] ?? 1,
        oldX: override?.x ?? Float64Array.from(raw!.X.data.subarray(i! * d, i! * d + d)),
        oldY: override?.y ?? raw!.y[i!]!,
      });
    }
  }
  if (unknown.length === 0) return out;
  throw new AppError({
    code: 'EDIT_ROWS_UNKNOWN',
    message: `Nothing was changed: ${list(unknown)} ${unknown.length === 1 ? 'is' : 'are'} not among the rows of this coreset.`,
    fix: { kind: 'chooseRows', label: 'Choose rows the coreset was built from', args: { rowIds: unknown } },
  });
}

const list = (rowIds: readonly number[]): string => {
  const shown = rowIds.slice(0, 10).join(', ');
  const more = rowIds.length > 10 ? ` and ${rowIds.length - 10} more` : '';
  return `row${rowIds.length === 1 ? '' : 's'} ${shown}${more}`;
};
