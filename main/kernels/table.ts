/** Columns in memory: what readers hand to preprocessing. Missing: NaN in numbers, -1 in codes. */
export type Column = NumberColumn | CategoryColumn;

export interface NumberColumn {
  readonly kind: 'number';
  readonly name: string;
  /** Shape (nRows,); NaN where missing. Booleans are 0/1, dates and times are seconds since 1970 UTC. */
  readonly values: Float64Array;
}

export interface CategoryColumn {
  readonly kind: 'category';
  readonly name: string;
  /** Shape (nRows,), index into `levels`; -1 where missing. */
  readonly codes: Int32Array;
  /** Distinct texts; the same array object for every chunk of one column of one version. */
  readonly levels: readonly string[];
}

export interface Table {
  readonly nRows: number;
  readonly columns: readonly Column[];
}

/** The column called `name`; throws RangeError that lists the names there are. */
export function columnOf(table: Table, name: string): Column {
  const found = table.columns.find((c) => c.name === name);
  if (!found) throw new RangeError(`no column "${name}"; there are: ${table.columns.map((c) => c.name).join(', ')}`);
  return found;
}

/** Copy of the rows named by `rows`. */
export function takeTableRows(table: Table, rows: ArrayLike<number>): Table {
  return { nRows: rows.length, columns: table.columns.map((c) => takeColumnRows(c, rows)) };
}

function takeColumnRows(column: Column, rows: ArrayLike<number>): Column {
  if (column.kind === 'number') {
    const values = new Float64Array(rows.length);
    for (let k = 0; k < rows.length; k++) values[k] = column.values[rows[k]!]!;
    return { ...column, values };
  }
  const codes = new Int32Array(rows.length);
  for (let k = 0; k < rows.length; k++) codes[k] = column.codes[rows[k]!]!;
  return { ...column, codes };
}
