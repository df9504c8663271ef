import type { PredictionAnswer, ShapAnswer } from '../../../../contract/explain.ts';
import { AppError } from '../../../../contract/errors.ts';
import { columnOf, takeTableRows, type Column, type Table } from '../../../../kernels/table.ts';
import type { TaskContext } from '../../../../kernels/task.ts';
import type { AskedModel } from '../input.ts';
import { cellOf, subjectOf, type Subject } from '../subject.ts';
import { contributions, hasEnsemble, rowsToExplain } from './contributions.ts';

const N_ROWS = 500;

/** SHAP values of validation rows. */
export async function shap(input: AskedModel, task: TaskContext): Promise<ShapAnswer> {
  const { nRows, class: className } = input.args as { nRows?: number; class?: string };
  const subject = await subjectOf(input, ({ fitted }) => nRows ?? rowsToExplain(fitted, N_ROWS));
  const found = await contributions(subject, className, task);
  const columns = found.features.map((name) => columnOf(subject.table, name));
  return {
    rowsKind: 'validation',
    nRows: subject.y.length,
    unit: found.unit,
    base: found.base,
    features: found.features,
    rowIds: [...subject.rowIds],
    values: found.values,
    cells: found.values.map((_, i) => columns.map((column) => cellOf(column, i))),
    predictions: found.predictions,
  };
}

/** One row explained: a row of the data by its number, or a row that is given. */
export async function prediction(input: AskedModel, task: TaskContext): Promise<PredictionAnswer> {
  const { rowId, row } = input.args as { rowId?: number; row?: Record<string, unknown> };
  // Linear models take the mean of these rows as their base; trees know theirs.
  const subject = await subjectOf(input, ({ fitted }) => (hasEnsemble(fitted) ? 0 : N_ROWS));
  const table = row === undefined ? rowOf(subject, rowId) : tableOf(subject, row);
  // The rows the base is a mean of stay in; the one asked for comes first.
  const together: Subject = { ...subject, table: joined(table, subject.table) };
  const found = await contributions(together, undefined, task);
  const columns = found.features.map((name) => columnOf(together.table, name));
  const { classes } = subject.rows.analysis;
  const index = (await subject.pipeline.predict(table))[0]!;
  return {
    unit: found.unit,
    base: found.base,
    prediction: found.predictions[0]!,
    label: classes.length > 0 ? (classes[index] ?? null) : null,
    contributions: found.features
      .map((feature, k) => ({ feature, cell: cellOf(columns[k], 0), value: found.values[0]![k]! }))
      .toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value)),
  };
}

function rowOf({ rows }: Subject, rowId: number | undefined): Table {
  if (rowId !== undefined && rowId >= 0 && rowId < rows.features.nRows) return takeTableRows(rows.features, [rowId]);
  throw new AppError({
    code: 'ROW_UNKNOWN',
    message: `The data has no row ${rowId ?? ''}.`,
    fix: { kind: 'chooseRow', label: `Choose a row from 0 to ${rows.features.nRows - 1}` },
  });
}

function tableOf({ rows }: Subject, row: Readonly<Record<string, unknown>>): Table {
  const columns = rows.features.columns.map((column): Column => {
    const value = row[column.name];
    if (column.kind === 'category')
      return { ...column, codes: Int32Array.of(value == null ? -1 : column.levels.indexOf(String(value))) };
    return { ...column, values: Float64Array.of(value == null ? NaN : Number(value)) };
  });
  return { nRows: 1, columns };
}

/** Rows of two tables of the same columns and levels. */
function joined(first: Table, second: Table): Table {
  const columns = first.columns.map((column, k): Column => {
    const other = second.columns[k]!;
    if (column.kind === 'number' && other.kind === 'number')
      return { ...column, values: Float64Array.of(...column.values, ...other.values) };
    if (column.kind === 'category' && other.kind === 'category')
      return { ...column, codes: Int32Array.of(...column.codes, ...other.codes) };
    throw new RangeError(`column "${column.name}" is of two kinds`);
  });
  return { nRows: first.nRows + second.nRows, columns };
}
