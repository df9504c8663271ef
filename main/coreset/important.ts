import type { CoresetTree } from './tree/coresetTree.ts';

export interface ImportantRequest {
  readonly size: number;
  /** Rows by class index: that many of the class, or all it has among the kept rows. */
  readonly classSize?: ReadonlyMap<number, number | 'all'> | undefined;
  /** Only these rows. */
  readonly from?: readonly number[] | undefined;
  readonly ignore?: readonly number[] | undefined;
  readonly isUnseenOnly?: boolean;
}

export interface ImportantRow {
  readonly rowId: number;
  readonly y: number;
  /** Weight in the root; 0 where only a lower level keeps the row. */
  readonly weight: number;
  /** How much the row does to the model, in units of the average row of the data. */
  readonly importance: number;
  readonly isSeen: boolean;
}

/** The rows among all that leaves keep which do most to the model, most important first. */
export function importantSamples(tree: CoresetTree, request: ImportantRequest): ImportantRow[] {
  const from = request.from && new Set(request.from);
  const ignore = new Set(request.ignore);
  const root = tree.coreset(0);
  const weightOf = new Map([...root.rowIds].map((id, i) => [id, root.weight[i]!]));
  const mass = tree.nRowsCovered;
  const rows: ImportantRow[] = [];
  for (const leaf of tree.leaves) {
    leaf.rowIds.forEach((rowId, i) => {
      const isSeen = tree.seen.has(rowId);
      if (leaf.rowWeight[i]! <= 0 || ignore.has(rowId) || (from && !from.has(rowId))) return;
      if (request.isUnseenOnly && isSeen) return;
      const importance = leaf.score[i]! * leaf.rowWeight[i]! * mass;
      rows.push({ rowId, y: leaf.y[i]!, weight: weightOf.get(rowId) ?? 0, importance, isSeen });
    });
  }
  rows.sort((a, b) => b.importance - a.importance || a.rowId - b.rowId);
  return request.classSize ? byClass(rows, request.size, request.classSize) : rows.slice(0, request.size);
}

/** Classes with a size of their own get it; the others share `size`. */
function byClass(
  rows: readonly ImportantRow[],
  size: number,
  sizes: ReadonlyMap<number, number | 'all'>,
): ImportantRow[] {
  const taken = new Map<number, number>();
  let shared = 0;
  return rows.filter(({ y }) => {
    const asked = sizes.get(y);
    if (asked === 'all') return true;
    if (asked === undefined) return shared++ < size;
    const count = (taken.get(y) ?? 0) + 1;
    taken.set(y, count);
    return count <= asked;
  });
}
