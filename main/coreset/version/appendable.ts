import { AppError } from '../../contract/errors.ts';
import { identifier, literal, withConnection } from '../../data/duck.ts';
import { versionColumns } from '../../data/versionFile.ts';
import { timeOrder, type VersionPlan } from './plan.ts';

/**
 * Whether the rows of another file can go behind those of a tree made by `plan`, and how many there are. Throws AppError
 * APPEND_DIFFERS (columns are missing), APPEND_CLASS_UNKNOWN.
 */
export async function appendableRows(
  file: string,
  plan: VersionPlan,
): Promise<{ nRows: number; nRowsOfFile: number; order: 'file' | 'sort' }> {
  const columns = await versionColumns(file);
  const known = new Set(columns.map(({ name }) => name));
  const needed = [
    ...plan.inputs.map(({ name }) => name),
    ...(plan.target === null ? [] : [plan.target]),
    ...(plan.time ? [plan.time.column] : []),
  ];
  const missing = [...new Set(needed)].filter((name) => !known.has(name));
  if (missing.length > 0) {
    throw new AppError({
      code: 'APPEND_DIFFERS',
      message: `The new rows lack ${missing.length === 1 ? 'the column' : 'columns'} ${missing.slice(0, 10).join(', ')}${missing.length > 10 ? ' …' : ''} of this coreset.`,
      fix: { kind: 'chooseFile', label: 'Choose data with the same columns' },
    });
  }
  const from = `read_parquet(${literal(file)})`;
  const target = plan.target === null ? null : `CAST(${identifier(plan.target)} AS VARCHAR)`;
  const { counts, strange } = await withConnection(async (connection) => {
    const present = target === null ? 'count(*)' : `count(*) FILTER (${target} <> '')`;
    const all = (await connection.runAndReadAll(`SELECT count(*), ${present} FROM ${from}`)).getRowsJS()[0]!;
    if (target === null || plan.classes.length === 0) return { counts: all, strange: [] };
    const found = await connection.runAndReadAll(
      `SELECT DISTINCT ${target} FROM ${from} WHERE ${target} <> '' AND ${target} NOT IN (${plan.classes.map(literal).join(', ')}) LIMIT 10`,
    );
    return { counts: all, strange: found.getRowsJS().map(([label]) => String(label)) };
  });
  if (strange.length > 0) {
    throw new AppError({
      code: 'APPEND_CLASS_UNKNOWN',
      message: `The new rows have ${strange.map((label) => `"${label}"`).join(', ')} in "${plan.target}", which the coreset was not built with.`,
      fix: { kind: 'buildCoreset', label: 'Build a new coreset of all rows' },
    });
  }
  const order = plan.time ? (await timeOrder(file, plan.time.column, columns)).order : 'file';
  return { nRowsOfFile: Number(counts[0]), nRows: Number(counts[1]), order };
}
