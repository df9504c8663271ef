import { columnOf, type Table } from '../../kernels/table.ts';

/**
 * Number columns of the training rows sorted once for all folds: the rows that each fold scores are sorted apart, and what a
 * fold trains on is merged from them. Sorting takes most of the time of learning a column.
 */
export class Ascending {
  private readonly table: Table;
  private readonly rowIds: Uint32Array;
  private readonly side: Uint8Array;
  private readonly nSides: number;
  private readonly sorted = new Map<string, readonly Float64Array[]>();

  /**
   * @param rowIds rows of `table` that folds are made of
   * @param side which of the sets of rows that are in a fold together each of them belongs to
   */
  constructor(table: Table, rowIds: Uint32Array, side: Uint8Array, nSides: number) {
    this.table = table;
    this.rowIds = rowIds;
    this.side = side;
    this.nSides = nSides;
  }

  /** Values of a number column in some of the sides that are not missing, ascending. */
  of(isIn: (side: number) => boolean): (name: string) => Float64Array {
    return (name) => mergeAll(this.sortedSides(name).filter((_, side) => isIn(side)));
  }

  private sortedSides(name: string): readonly Float64Array[] {
    const known = this.sorted.get(name);
    if (known) return known;
    const column = columnOf(this.table, name);
    if (column.kind !== 'number') throw new RangeError(`column "${name}" must be read as numbers`);
    const { values } = column;
    const { rowIds, side, nSides } = this;
    const sizes = new Uint32Array(nSides);
    for (const s of side) sizes[s]!++;
    const sides = Array.from(sizes, (size) => new Float64Array(size));
    const filled = new Uint32Array(nSides);
    for (let i = 0; i < rowIds.length; i++) {
      const v = values[rowIds[i]!]!;
      const s = side[i]!;
      if (Number.isFinite(v)) sides[s]![filled[s]!++] = v;
    }
    const sorted = sides.map((own, s) => own.subarray(0, filled[s]).sort());
    this.sorted.set(name, sorted);
    return sorted;
  }
}

/** Neighbours are merged until one is left, so that every value is moved as often as there are doublings. */
function mergeAll(sorted: readonly Float64Array[]): Float64Array {
  if (sorted.length === 0) return new Float64Array(0);
  let runs = sorted;
  while (runs.length > 1) {
    const next: Float64Array[] = [];
    for (let r = 0; r < runs.length; r += 2) next.push(r + 1 < runs.length ? merge(runs[r]!, runs[r + 1]!) : runs[r]!);
    runs = next;
  }
  return runs[0]!;
}

function merge(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length + b.length);
  let [i, j, to] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    if (a[i]! <= b[j]!) out[to++] = a[i++]!;
    else out[to++] = b[j++]!;
  }
  out.set(i < a.length ? a.subarray(i) : b.subarray(j), to);
  return out;
}
