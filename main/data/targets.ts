import { AppError } from '../contract/errors.ts';
import type { ColumnType } from '../contract/data.ts';
import { identifier, literal, withConnection } from './duck.ts';
import { nearestName } from './nearestName.ts';
import { versionColumns } from './versionFile.ts';

type TaskName = 'binary' | 'multiclass' | 'regression';
/** As a configuration may say it; tasks without a target are refused here. */
type WantedTask = TaskName | 'auto' | 'clustering' | 'decomposition';

export interface TargetAnalysis {
  readonly task: TaskName;
  readonly type: ColumnType;
  /** Class names in class order: sorted as numbers where they are numbers, else as texts. Empty for regression. */
  readonly classes: readonly string[];
  /** Rows of each class. */
  readonly counts: readonly number[];
  readonly nMissing: number;
  readonly nRows: number;
  readonly nDistinct: number;
  readonly warnings: readonly string[];
}

/** Whole numbers with at most this many values, each often, are classes unless the person says otherwise. */
const MAX_INTEGER_CLASSES = 20;
const MAX_CLASSES = 1000;

/** What kind of target a column is. Throws AppError with a way out when nothing can be learned from it. */
export async function analyseTarget(file: string, target: string, wanted: WantedTask): Promise<TargetAnalysis> {
  if (wanted === 'clustering' || wanted === 'decomposition')
    throw unusable('TASK_WITHOUT_TARGET', `The task ${wanted} predicts nothing, so "${target}" cannot be its target.`);
  const columns = await versionColumns(file);
  const column = columns.find(({ name }) => name === target);
  if (!column) {
    const nearest = nearestName(
      target,
      columns.map(({ name }) => name),
    );
    throw new AppError({
      code: 'TARGET_UNKNOWN',
      message: `The data has no column "${target}"${nearest ? `; did you mean "${nearest}"?` : '.'}`,
      fix: {
        kind: 'chooseTarget',
        label: nearest ? `Use "${nearest}"` : 'Choose another target',
        ...(nearest && { args: { target: nearest } }),
      },
    });
  }
  const { nRows, nPresent, nDistinct, values } = await countValues(file, target);
  if (nPresent === 0) throw unusable('TARGET_ALL_MISSING', `All rows of the target "${target}" are empty.`);
  if (nDistinct === 1)
    throw unusable('TARGET_CONSTANT', `The target "${target}" has one value only, so there is nothing to predict.`);
  const task = wanted === 'auto' ? guessTask(column.type, nDistinct, nPresent) : wanted;
  const isNumeric = column.type === 'integer' || column.type === 'number';
  const base = { task, type: column.type, nMissing: nRows - nPresent, nRows, nDistinct };
  const warnings: string[] = [];
  if (base.nMissing > 0) warnings.push(`${base.nMissing} rows have no ${target} and are left out.`);
  if (task === 'regression') {
    if (!isNumeric)
      throw unusable(
        'TARGET_NOT_NUMERIC',
        `The target "${target}" is ${column.type}, so its values cannot be predicted as numbers.`,
      );
    return { ...base, classes: [], counts: [], warnings };
  }
  if (!isNumeric && nDistinct === nPresent && nPresent > 2) {
    throw unusable(
      'TARGET_ALL_DISTINCT',
      `Every row of the target "${target}" has a value of its own, so no class repeats.`,
    );
  }
  if (nDistinct > MAX_CLASSES)
    throw unusable(
      'TARGET_TOO_MANY_CLASSES',
      `The target "${target}" has ${nDistinct} classes; at most ${MAX_CLASSES} can be told apart.`,
    );
  if (task === 'binary' && nDistinct > 2)
    throw unusable(
      'TARGET_NOT_BINARY',
      `The target "${target}" has ${nDistinct} classes, not two; set the task to multiclass.`,
    );
  const sorted = values.toSorted((a, b) =>
    isNumeric ? Number(a.value) - Number(b.value) : a.value < b.value ? -1 : 1,
  );
  for (const { value, count } of sorted) {
    if (count === 1) warnings.push(`Class "${value}" has one row only: it cannot be both learned and checked.`);
  }
  return {
    ...base,
    task: nDistinct === 2 ? 'binary' : 'multiclass',
    classes: sorted.map((v) => v.value),
    counts: sorted.map((v) => v.count),
    warnings,
  };
}

function guessTask(type: ColumnType, nDistinct: number, nPresent: number): TaskName {
  const classes = nDistinct === 2 ? 'binary' : 'multiclass';
  if (type === 'text' || type === 'boolean') return classes;
  if (nDistinct === 2) return 'binary';
  if (type === 'integer' && nDistinct <= MAX_INTEGER_CLASSES && nPresent / nDistinct >= 5) return 'multiclass';
  return 'regression';
}

function unusable(code: string, message: string): AppError {
  return new AppError({ code, message, fix: { kind: 'chooseTarget', label: 'Choose another target' } });
}

async function countValues(file: string, target: string) {
  return withConnection(async (connection) => {
    const from = `read_parquet(${literal(file)})`;
    const column = identifier(target);
    const figures =
      (
        await connection.runAndReadAll(
          `SELECT count(*) AS n, count(${column}) AS present, count(DISTINCT ${column}) AS d FROM ${from}`,
        )
      ).getRowObjectsJS()[0] ?? {};
    const rows = (
      await connection.runAndReadAll(
        `SELECT CAST(${column} AS VARCHAR) AS value, count(*) AS n FROM ${from} WHERE ${column} IS NOT NULL GROUP BY ${column} LIMIT ${MAX_CLASSES + 1}`,
      )
    ).getRowObjectsJS();
    return {
      nRows: Number(figures['n']),
      nPresent: Number(figures['present']),
      nDistinct: Number(figures['d']),
      values: rows.map((row) => ({ value: String(row['value']), count: Number(row['n']) })),
    };
  });
}
