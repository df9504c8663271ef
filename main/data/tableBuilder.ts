import type { Column, Table } from '../kernels/table.ts';

/** A column to read and how: as numbers (times are seconds since 1970 UTC), or as codes into its distinct texts. */
export interface ColumnRequest {
  readonly name: string;
  readonly as: 'number' | 'category';
}

/** Levels of every category column asked for, sorted; empty text counts as missing. */
export type Levels = ReadonlyMap<string, readonly string[]>;

/** What is used of DuckDB's vectors: doubles or dictionary codes as a typed array, texts one by one, and validity. */
export interface Vector {
  getItem(index: number): unknown;
  readonly items?: Float64Array | Int32Array | Uint8Array | Uint16Array;
  /** A bit a row, 0 where it is missing; no `data` where none is. */
  readonly validity?: { readonly data: BigUint64Array | null; readonly offset: number };
}

/** Fills one table of at most `capacity` rows from DuckDB's vectors. */
export class TableBuilder {
  nRows = 0;
  private readonly capacity: number;
  private readonly columns: readonly ColumnRequest[];
  private readonly levels: Levels;
  private readonly dictionaries: ReadonlyMap<string, ReadonlyMap<string, number>>;
  private readonly numbers: (Float64Array | null)[];
  private readonly codes: (Int32Array | null)[];

  constructor(
    columns: readonly ColumnRequest[],
    levels: Levels,
    dictionaries: ReadonlyMap<string, ReadonlyMap<string, number>>,
    capacity: number,
  ) {
    this.columns = columns;
    this.levels = levels;
    this.dictionaries = dictionaries;
    this.capacity = capacity;
    this.numbers = columns.map(({ as }) => (as === 'number' ? new Float64Array(capacity) : null));
    this.codes = columns.map(({ as }) => (as === 'category' ? new Int32Array(capacity) : null));
  }

  get isFull(): boolean {
    return this.nRows === this.capacity;
  }

  /** Copies rows [from, rowCount) as far as there is room; returns how many. */
  take(vectorOf: (i: number) => Vector, from: number, rowCount: number): number {
    const n = Math.min(rowCount - from, this.capacity - this.nRows);
    for (let c = 0; c < this.columns.length; c++) {
      const vector = vectorOf(c);
      const numbers = this.numbers[c];
      if (numbers) copyNumbers(vector, from, n, numbers, this.nRows);
      else copyCodes(vector, from, n, this.codes[c]!, this.nRows, this.dictionaries.get(this.columns[c]!.name)!);
    }
    this.nRows += n;
    return n;
  }

  finish(): Table {
    const n = this.nRows;
    const columns = this.columns.map(({ name, as }, c): Column => {
      if (as === 'number') return { kind: 'number', name, values: this.numbers[c]!.subarray(0, n) };
      return { kind: 'category', name, codes: this.codes[c]!.subarray(0, n), levels: this.levels.get(name)! };
    });
    return { nRows: n, columns };
  }
}

/** Doubles as they are, NaN for what is missing or not finite. */
function copyNumbers(vector: Vector, from: number, n: number, out: Float64Array, at: number): void {
  const { items, validity } = vector;
  if (items instanceof Float64Array) copyDoubles(items, from, n, out, at);
  else for (let k = 0; k < n; k++) out[at + k] = (vector.getItem(from + k) as number | null) ?? NaN;
  if (validity?.data) blankMissing(validity.data, validity.offset + from, n, out, at);
}

function copyDoubles(items: Float64Array, from: number, n: number, out: Float64Array, at: number): void {
  for (let k = 0; k < n; k++) {
    const v = items[from + k]!;
    // A finite number minus itself is 0, else NaN. A choice between v and NaN would box both.
    out[at + k] = v * (1 + (v - v));
  }
}

/** @param valid a bit a row, from `bit` on; what DuckDB leaves in the place of a missing value may be anything */
function blankMissing(valid: BigUint64Array, bit: number, n: number, out: Float64Array, at: number): void {
  const bits = new Uint32Array(valid.buffer, valid.byteOffset, 2 * valid.length);
  for (let k = 0, b = bit; k < n; k++, b++) {
    if (((bits[b >>> 5]! >>> (b & 31)) & 1) === 0) out[at + k] = NaN;
  }
}

function copyCodes(
  vector: Vector,
  from: number,
  n: number,
  out: Int32Array,
  at: number,
  dictionary: ReadonlyMap<string, number>,
): void {
  const { items } = vector;
  if (items instanceof Uint8Array || items instanceof Uint16Array) {
    for (let k = 0; k < n; k++) out[at + k] = items[from + k]! - 1;
    return;
  }
  for (let k = 0; k < n; k++) {
    const text = vector.getItem(from + k) as string | null;
    out[at + k] = text === null ? -1 : (dictionary.get(text) ?? -1);
  }
}

/** The rows of all parts, one after the other; parts of one stream. */
export function joinTables(parts: readonly Table[], requests: readonly ColumnRequest[]): Table {
  const nRows = parts.reduce((s, part) => s + part.nRows, 0);
  const columns = requests.map(({ name, as }, c): Column => {
    if (as === 'number') {
      const values = new Float64Array(nRows);
      let at = 0;
      for (const part of parts) {
        const column = part.columns[c]!;
        if (column.kind === 'number') values.set(column.values, at);
        at += part.nRows;
      }
      return { kind: 'number', name, values };
    }
    const codes = new Int32Array(nRows);
    let levels: readonly string[] = [];
    let at = 0;
    for (const part of parts) {
      const column = part.columns[c]!;
      if (column.kind === 'category') {
        codes.set(column.codes, at);
        levels = column.levels;
      }
      at += part.nRows;
    }
    return { kind: 'category', name, codes, levels };
  });
  return { nRows, columns };
}
