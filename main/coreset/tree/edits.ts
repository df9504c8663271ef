import type { Chunk, RowSource } from '../rows.ts';
import type { CoresetTree } from './coresetTree.ts';
import type { AppliedEdit, EditKind, FormerRow, FormerTotals, Recalc } from './editLog.ts';
import { stateOf } from './formerState.ts';
import { checkChanges, locate, type Located, type RowChange, type RowLookup } from './locate.ts';
import { splitPoint } from './nodes.ts';

/**
 * Applies an edit to one row or thousands: totals change by the difference of each row's statistics, kept rows change in
 * their leaf (all nodes see them), and weights follow as `recalc` says. Nothing is applied when any change is not
 * possible.
 * @param solution multipliers of the root's weights, where the same edit was calibrated before
 * Throws AppError EDIT_EMPTY, EDIT_ROWS_UNKNOWN, EDIT_LABELS_UNKNOWN, EDIT_VALUES_INVALID.
 */
export async function applyEdit(
  tree: CoresetTree,
  kind: EditKind,
  changes: readonly RowChange[],
  lookup: RowLookup,
  recalc: Recalc = 'path',
  solution?: Float64Array,
): Promise<void> {
  const located = await locate(tree, checkChanges(tree, changes), lookup);
  tree.edits.push(record(tree, kind, located, recalc));
  for (let from = 0; from < located.length; from += BLOCK) change(tree, located.slice(from, from + BLOCK));
  settle(tree, located, recalc, solution);
}

/** Rows whose statistics are in memory at a time. */
const BLOCK = 2048;

function change(tree: CoresetTree, rows: readonly Located[]): void {
  const sums = statisticsBeforeAndAfter(tree, rows);
  const width = tree.pilot.nStatistics;
  rows.forEach((row, i) => {
    const leaf = tree.leafAt(row.leaf);
    const from = row.part * width;
    for (let j = 0; j < width; j++) {
      const added = row.isRemoved ? 0 : sums.after[i * width + j]!;
      leaf.totals[from + j]! += row.weight * (added - sums.before[i * width + j]!);
    }
    if (row.isRemoved) leaf.nRowsCovered--;
    tree.overrides.set(row.rowId, {
      ...tree.overrides.get(row.rowId),
      ...(row.y !== undefined && { y: row.y }),
      ...(row.x !== undefined && { x: row.x }),
      ...(row.isRemoved && { isRemoved: true }),
    });
    if (row.row < 0) return;
    leaf.y[row.row] = row.y ?? row.oldY;
    if (row.x) leaf.X.data.set(row.x, row.row * tree.nFeatures);
    if (row.isRemoved) leaf.rowWeight[row.row] = 0;
    leaf.score[row.row] = sums.score[i]!;
    leaf.key[row.row] = sums.key[i]!;
  });
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
    id: null,
    nAdded: 0,
    dropped: [],
    ...stateOf(tree),
  };
}

/** Marks or refreshes what lies above the edited rows; paths of many rows are walked once. */
function settle(tree: CoresetTree, rows: readonly Located[], recalc: Recalc, solution?: Float64Array): void {
  if (rows.some(({ row }) => row >= 0)) tree.touch();
  const paths = pathsOf(tree, new Set(rows.map(({ leaf }) => leaf)));
  if (recalc === 'none') {
    for (const key of paths) tree.dirty.add(key);
    return;
  }
  if (recalc === 'all') {
    tree.forget();
    tree.nodes = new Map();
    tree.dirty = new Set();
  } else {
    tree.loosen();
    for (const key of paths) tree.dirty.delete(key);
  }
  // Nodes are drawn now, from the rows as they are now, whether or not their weights are asked for.
  tree.frontier(0);
  if (solution) tree.solutions.set(0, solution);
  else tree.coreset(0);
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
