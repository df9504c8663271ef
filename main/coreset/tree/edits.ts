import { AppError } from '../../contract/errors.ts';
import type { Chunk, RowSource } from '../rows.ts';
import { partOf } from './chunking.ts';
import type { CoresetTree } from './coresetTree.ts';
import type { AppliedEdit, EditKind, FormerRow, FormerTotals, Recalc } from './editLog.ts';
import { splitPoint } from './nodes.ts';

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

interface Located extends RowChange {
  readonly leaf: number;
  /** Row within the leaf, or -1 when the leaf did not keep it. */
  readonly row: number;
  readonly part: number;
  readonly weight: number;
  readonly oldX: Float64Array;
  readonly oldY: number;
}

/**
 * Applies an edit to one row or thousands: totals change by the difference of each row's statistics, kept rows change in
 * their leaf (all nodes see them), and weights follow as `recalc` says. Nothing is applied when any change is not
 * possible. Throws AppError EDIT_EMPTY, EDIT_ROWS_UNKNOWN, EDIT_LABELS_UNKNOWN, EDIT_VALUES_INVALID.
 */
export async function applyEdit(
  tree: CoresetTree,
  kind: EditKind,
  changes: readonly RowChange[],
  lookup: RowLookup,
  recalc: Recalc = 'path',
): Promise<void> {
  const located = await locate(tree, check(tree, changes), lookup);
  const edit = record(tree, kind, located, recalc);
  const sums = statisticsBeforeAndAfter(tree, located);
  const width = tree.pilot.nStatistics;
  located.forEach((change, i) => {
    const leaf = tree.leafAt(change.leaf);
    const from = change.part * width;
    for (let j = 0; j < width; j++) {
      const added = change.isRemoved ? 0 : sums.after[i * width + j]!;
      leaf.totals[from + j]! += change.weight * (added - sums.before[i * width + j]!);
    }
    if (change.isRemoved) leaf.nRowsCovered--;
    tree.overrides.set(change.rowId, {
      ...tree.overrides.get(change.rowId),
      ...(change.y !== undefined && { y: change.y }),
      ...(change.x !== undefined && { x: change.x }),
      ...(change.isRemoved && { isRemoved: true }),
    });
    if (change.row < 0) return;
    leaf.y[change.row] = change.y ?? change.oldY;
    if (change.x) leaf.X.data.set(change.x, change.row * tree.nFeatures);
    if (change.isRemoved) leaf.rowWeight[change.row] = 0;
    leaf.score[change.row] = sums.score[i]!;
    leaf.key[change.row] = sums.key[i]!;
  });
  tree.edits.push(edit);
  settle(tree, located, recalc);
}

/** Takes the last edit back: the tree is what it was, to the last bit. Throws AppError NOTHING_TO_UNDO. */
export function undoEdit(tree: CoresetTree): AppliedEdit {
  const edit = tree.edits.pop();
  if (!edit) {
    throw new AppError({
      code: 'NOTHING_TO_UNDO',
      message: 'This coreset has no edit to take back.',
      fix: { kind: 'none', label: 'Nothing needs to be done' },
    });
  }
  const width = tree.pilot.nStatistics;
  const d = tree.nFeatures;
  for (const { leaf, part, values } of edit.totals) tree.leafAt(leaf).totals.set(values, part * width);
  for (const [ordinal, nRows] of edit.covered) tree.leafAt(ordinal).nRowsCovered = nRows;
  for (const { leaf: ordinal, row, y, x, rowWeight, score, key } of edit.rows) {
    const leaf = tree.leafAt(ordinal);
    leaf.y[row] = y;
    if (x) leaf.X.data.set(x, row * d);
    leaf.rowWeight[row] = rowWeight;
    leaf.score[row] = score;
    leaf.key[row] = key;
  }
  for (const [rowId, override] of edit.overrides) {
    if (override) tree.overrides.set(rowId, override);
    else tree.overrides.delete(rowId);
  }
  if (edit.nodes) tree.nodes = new Map(edit.nodes);
  tree.dirty = new Set(edit.dirty);
  tree.weights = new Map(edit.weights ?? []);
  return edit;
}

/** Removes every row that `predicate` picks in one pass over the source (rows as edited). */
export async function filterOut(
  tree: CoresetTree,
  source: RowSource,
  predicate: (row: { readonly x: ArrayLike<number>; readonly y: number; readonly rowId: number }) => boolean,
  recalc: Recalc = 'path',
): Promise<number> {
  const found: { rowId: number; x: Float64Array; y: number; weight: number }[] = [];
  const d = tree.nFeatures;
  for await (const { X, y, rowIds, sampleWeight } of source.chunks()) {
    for (let i = 0; i < y.length; i++) {
      const rowId = rowIds[i]!;
      const override = tree.overrides.get(rowId);
      if (override?.isRemoved) continue;
      const x = override?.x ?? X.data.subarray(i * d, i * d + d);
      if (!predicate({ x, y: override?.y ?? y[i]!, rowId })) continue;
      const weight = sampleWeight?.[i] ?? 1;
      found.push({ rowId, x: Float64Array.from(X.data.subarray(i * d, i * d + d)), y: y[i]!, weight });
    }
  }
  if (found.length === 0) return 0;
  const data = new Float64Array(found.length * d);
  found.forEach(({ x }, i) => data.set(x, i * d));
  const chunk: Chunk = {
    X: { data, nRows: found.length, nCols: d },
    y: Float64Array.from(found, ({ y }) => y),
    rowIds: Uint32Array.from(found, ({ rowId }) => rowId),
    sampleWeight: Float64Array.from(found, ({ weight }) => weight),
  };
  const changes = found.map(({ rowId }) => ({ rowId, isRemoved: true }));
  await applyEdit(tree, 'filterOut', changes, () => chunk, recalc);
  return found.length;
}

/** One change a row: the last one wins. */
function check(tree: CoresetTree, changes: readonly RowChange[]): RowChange[] {
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
  const badRows = [...byRow.values()].filter(
    ({ x }) => x !== undefined && (x.length !== nFeatures || x.some((v) => !Number.isFinite(v))),
  );
  if (badRows.length === 0) return [...byRow.values()];
  throw new AppError({
    code: 'EDIT_VALUES_INVALID',
    message: `Nothing was changed: the new features of ${list(badRows.map(({ rowId }) => rowId))} are missing or infinite.`,
    fix: { kind: 'chooseRows', label: 'Give each feature a number' },
  });
}

async function locate(tree: CoresetTree, changes: readonly RowChange[], lookup: RowLookup): Promise<Located[]> {
  const d = tree.nFeatures;
  const index = keptRows(tree);
  const raw = await lookup(Uint32Array.from(changes, ({ rowId }) => rowId));
  const at = new Map([...raw.rowIds].map((id, i) => [id, i]));
  const unknown: number[] = [];
  const out: Located[] = [];
  for (const change of changes) {
    const override = tree.overrides.get(change.rowId);
    const i = at.get(change.rowId);
    const place = index.get(change.rowId) ?? leafOf(tree, change.rowId);
    if (i === undefined || place === undefined || override?.isRemoved) {
      unknown.push(change.rowId);
      continue;
    }
    const oldX = override?.x ?? Float64Array.from(raw.X.data.subarray(i * d, i * d + d));
    out.push({
      ...change,
      ...place,
      part: partOf(change.rowId, tree.settings.nParts),
      weight: raw.sampleWeight?.[i] ?? 1,
      oldX,
      oldY: override?.y ?? raw.y[i]!,
    });
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

function keptRows(tree: CoresetTree): Map<number, { leaf: number; row: number }> {
  const index = new Map<number, { leaf: number; row: number }>();
  for (const { ordinal, rowIds } of tree.leaves) rowIds.forEach((id, row) => index.set(id, { leaf: ordinal, row }));
  return index;
}

function leafOf(tree: CoresetTree, rowId: number): { leaf: number; row: number } | undefined {
  const leaf = tree.leaves.find(({ firstRowId, lastRowId }) => rowId >= firstRowId && rowId <= lastRowId);
  return leaf && { leaf: leaf.ordinal, row: -1 };
}

function statisticsBeforeAndAfter(tree: CoresetTree, rows: readonly Located[]) {
  const d = tree.nFeatures;
  const n = rows.length;
  const width = tree.pilot.nStatistics;
  const matrixOf = (pick: (row: Located) => Float64Array) => {
    const data = new Float64Array(n * d);
    rows.forEach((row, i) => data.set(pick(row), i * d));
    return { data, nRows: n, nCols: d };
  };
  const before = new Float64Array(n * width);
  const after = new Float64Array(n * width);
  const score = new Float64Array(n);
  const key = new Float64Array(n);
  tree.pilot.visit({ X: matrixOf((r) => r.oldX), y: Float64Array.from(rows, (r) => r.oldY) }, { statistics: before });
  const edited = { X: matrixOf((r) => r.x ?? r.oldX), y: Float64Array.from(rows, (r) => r.y ?? r.oldY) };
  tree.pilot.visit(edited, { statistics: after });
  tree.drawPilot.visit(edited, { score, key });
  return { before, after, score, key };
}

/** What undo will need, taken before anything changes. */
function record(tree: CoresetTree, kind: EditKind, rows: readonly Located[], recalc: Recalc): AppliedEdit {
  const width = tree.pilot.nStatistics;
  const d = tree.nFeatures;
  const totals = new Map<string, FormerTotals>();
  const covered = new Map<number, number>();
  const former: FormerRow[] = [];
  for (const { leaf: ordinal, row, part, x } of rows) {
    const leaf = tree.leafAt(ordinal);
    covered.set(ordinal, leaf.nRowsCovered);
    const key = `${ordinal}.${part}`;
    if (!totals.has(key)) {
      totals.set(key, { leaf: ordinal, part, values: leaf.totals.slice(part * width, (part + 1) * width) });
    }
    if (row < 0) continue;
    former.push({
      leaf: ordinal,
      row,
      y: leaf.y[row]!,
      x: x ? Float64Array.from(leaf.X.data.subarray(row * d, row * d + d)) : null,
      rowWeight: leaf.rowWeight[row]!,
      score: leaf.score[row]!,
      key: leaf.key[row]!,
    });
  }
  return {
    kind,
    rowIds: rows.map(({ rowId }) => rowId),
    recalc,
    rows: former,
    totals: [...totals.values()],
    covered: [...covered],
    overrides: rows.map(({ rowId }) => [rowId, tree.overrides.get(rowId)] as const),
    nodes: recalc === 'all' ? new Map(tree.nodes) : null,
    dirty: [...tree.dirty],
    weights: tree.dirty.size > 0 ? new Map(tree.weights) : null,
  };
}

/** Marks or refreshes what lies above the edited rows; paths of many rows are walked once. */
function settle(tree: CoresetTree, rows: readonly Located[], recalc: Recalc): void {
  const paths = pathsOf(tree, new Set(rows.map(({ leaf }) => leaf)));
  if (recalc === 'none') {
    for (const key of paths) tree.dirty.add(key);
    return;
  }
  tree.weights = new Map();
  if (recalc === 'all') {
    tree.nodes = new Map();
    tree.dirty = new Set();
  } else for (const key of paths) tree.dirty.delete(key);
  tree.coreset(0);
}

/** Keys of the nodes from these leaves up to the root. */
function pathsOf(tree: CoresetTree, leaves: ReadonlySet<number>): Set<string> {
  const keys = new Set<string>();
  for (const leaf of leaves) {
    let [from, to] = tree.range;
    for (;;) {
      keys.add(`${from}-${to}`);
      if (to - from === 1) break;
      const mid = splitPoint(from, to);
      if (leaf < mid) to = mid;
      else from = mid;
    }
  }
  return keys;
}
