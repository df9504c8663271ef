import type { PreprocessConfig, RunConfig } from '../../contract/config.ts';
import { AppError } from '../../contract/errors.ts';
import { readTable, type ColumnRequest } from '../../data/readTable.ts';
import { splitRows, type Split } from '../../data/split.ts';
import { analyseTarget, type TargetAnalysis } from '../../data/targets.ts';
import { dependenceOf } from './dependence.ts';
import { refuseNoTime } from './timeColumn.ts';
import { nearestName } from '../../data/nearestName.ts';
import { versionColumns } from '../../data/versionFile.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { columnOf, takeTableRows, type Column, type Table } from '../../kernels/table.ts';
import type { EstimatorEntry } from '../../models/entry.ts';
import type { TargetInfo } from '../../models/estimator.ts';
import { planColumns, type InputColumn } from '../../models/preprocess/columnPlan.ts';
import { fitPreprocessor, type Preprocessor } from '../../models/preprocess/preprocessor.ts';
import { takesRawColumns } from '../../models/registry.ts';
import type { SplitRule } from '../folds/rule.ts';

/** Rows of one part, ready to fit or to score. */
export interface Part {
  readonly rowIds: Uint32Array;
  readonly X: Matrix;
  readonly y: Float64Array;
}

export interface Prepared {
  readonly analysis: TargetAnalysis;
  readonly target: TargetInfo;
  readonly split: Split;
  readonly preprocessor: Preprocessor;
  readonly train: Part;
  readonly validation: Part;
  /** Codes of validation rows that depend on each other (`dependenceOf`); undefined where they were dealt at random. */
  readonly validationGroups: ArrayLike<number> | undefined;
  /** Raw input columns of all rows, by row id: folds learn their features from them anew. */
  readonly table: Table;
  /** How features are learned from raw columns. */
  readonly recipe: {
    readonly inputs: readonly InputColumn[];
    readonly config: PreprocessConfig;
    readonly isNative: boolean;
  };
  /** What folds and hold-outs of the training rows keep apart. */
  readonly rule: SplitRule;
  /** Raw columns of the validation rows, for slices. */
  readonly validationTable: Table;
  readonly nRows: number;
  readonly warnings: string[];
}

/** The rows of a run: what is predicted from what, and which row is in which part. */
export interface SplitRows {
  readonly analysis: TargetAnalysis;
  readonly target: TargetInfo;
  readonly inputs: readonly InputColumn[];
  /** Raw input columns of all rows. */
  readonly features: Table;
  /** Class index or value of each row; NaN where missing. */
  readonly y: Float64Array;
  readonly split: Split;
  /** Time of each row (its place for `rowOrder`) where the split is by time, group of each row where it is by group. */
  readonly times: ArrayLike<number> | null;
  readonly groups: ArrayLike<number> | null;
}

/** Reads the columns a run uses and splits its rows; the same configuration gives the same parts. */
export async function readRows(file: string, config: RunConfig): Promise<SplitRows> {
  const analysis = await analyseTarget(file, config.data.target, config.data.task);
  const isRegression = analysis.task === 'regression';
  const { inputs, table, features } = await readColumns(file, config, [
    { name: config.data.target, as: isRegression ? 'number' : 'category' },
  ]);
  const y = targetValues(columnOf(table, config.data.target), analysis.classes);
  const rows = Uint32Array.from(y.keys()).filter((i) => !Number.isNaN(y[i]!));
  const split = splitTable(table, rows, config, isRegression ? undefined : { of: y, names: analysis.classes });
  const target: TargetInfo =
    analysis.task === 'regression'
      ? { task: 'regression' }
      : { task: analysis.task, nClasses: analysis.classes.length, classNames: analysis.classes };
  return { analysis, target, inputs, features, y, split, ...keptApart(table, config) };
}

/** What the split goes by, of each row of the table. */
export function keptApart(table: Table, { split: { group, time } }: RunConfig): Pick<SplitRows, 'times' | 'groups'> {
  const inOrder = () => Float64Array.from({ length: table.nRows }, (_, i) => i);
  return {
    times: time === undefined ? null : time === 'rowOrder' ? inOrder() : timesOf(table, time),
    groups: group === undefined ? null : codesOf(columnOf(table, group)),
  };
}

/** The columns a run learns from, and those its split needs; throws AppError COLUMN_UNKNOWN. */
export async function readColumns(
  file: string,
  config: RunConfig,
  more: readonly ColumnRequest[],
): Promise<{ inputs: InputColumn[]; table: Table; features: Table }> {
  const columns = await versionColumns(file);
  refuseUnknownColumns(
    config,
    columns.map(({ name }) => name),
  );
  const { group, time } = config.split;
  if (time !== undefined && time !== 'rowOrder') refuseNoTime(time, columns);
  const leaveOut = [config.data.target, ...config.data.drop, ...(group === undefined ? [] : [group])];
  const inputs = planColumns(columns, config.preprocess, leaveOut);
  const table = await readTable(file, [
    ...inputs,
    ...more,
    ...extra(group, 'category', inputs),
    ...extra(time === 'rowOrder' ? undefined : time, 'number', inputs),
  ]);
  return { inputs, table, features: { nRows: table.nRows, columns: inputs.map(({ name }) => columnOf(table, name)) } };
}

/** Parts of `rows`; `classes`, by row of the table, for a stratified split and to see that no part lacks one. */
export function splitTable(
  table: Table,
  rows: Uint32Array,
  { split }: RunConfig,
  classes: { readonly of: ArrayLike<number>; readonly names: readonly string[] } | undefined,
): Split {
  const { group, time } = split;
  const pick = (values: ArrayLike<number>) => Float64Array.from(rows, (i) => values[i]!);
  return splitRows(
    {
      rows,
      ...(classes && { classes: pick(classes.of), classNames: classes.names }),
      ...(group !== undefined && { groups: pick(codesOf(columnOf(table, group))) }),
      ...(time !== undefined && time !== 'rowOrder' && { times: pick(timesOf(table, time)) }),
    },
    split,
  );
}

/** Rows split and made into features; everything is learned on training rows only. */
export async function prepare(file: string, config: RunConfig, entry: EstimatorEntry): Promise<Prepared> {
  return prepareRows(await readRows(file, config), config, entry);
}

/** The same for rows that were read. */
export function prepareRows(rows: SplitRows, config: RunConfig, entry: EstimatorEntry): Prepared {
  const { analysis, target, inputs, features, y, split } = rows;
  refuseTask(config, entry, analysis);
  const trainTable = takeTableRows(features, split.train);
  const valuesOf = (rowIds: Uint32Array) => Float64Array.from(rowIds, (i) => y[i]!);
  const trainY = valuesOf(split.train);
  const training = { info: target, y: trainY };
  const recipe = { inputs, config: config.preprocess, isNative: takesRawColumns(entry.spec) };
  const preprocessor = fitPreprocessor(trainTable, inputs, config.preprocess, {
    isNative: recipe.isNative,
    target: training,
  });
  const validationTable = takeTableRows(features, split.validation);
  return {
    analysis,
    target,
    split,
    preprocessor,
    train: { rowIds: split.train, X: preprocessor.transformTraining(trainTable, training), y: trainY },
    table: features,
    recipe,
    rule: ruleOf(rows, config),
    validation: { rowIds: split.validation, X: preprocessor.transform(validationTable), y: valuesOf(split.validation) },
    validationGroups: dependenceOf(rows, split.validation),
    validationTable,
    nRows: features.nRows,
    warnings: [...analysis.warnings, ...split.warnings, ...preprocessor.state.warnings],
  };
}

/** The rule of the split for the training rows; time goes before groups, as in the split. */
export function ruleOf(
  { split, times, groups }: Pick<SplitRows, 'split' | 'times' | 'groups'>,
  { split: { time, group } }: RunConfig,
): SplitRule {
  const pick = (values: ArrayLike<number>) => Float64Array.from(split.train, (row) => values[row]!);
  if (times && time !== undefined) return { kind: 'time', times: pick(times), column: time };
  if (groups && group !== undefined) return { kind: 'group', groups: pick(groups), column: group };
  return { kind: 'random' };
}

function refuseTask(config: RunConfig, entry: EstimatorEntry, analysis: TargetAnalysis): void {
  if ((entry.spec.tasks as readonly string[]).includes(analysis.task)) return;
  throw new AppError({
    code: 'MODEL_TASK',
    message: `${entry.spec.title} is not for ${analysis.task} targets; "${config.data.target}" is one.`,
    fix: {
      kind: 'setOption',
      label: analysis.task === 'regression' ? 'Use ridge' : 'Use logisticRegression',
      args: { 'model.type': analysis.task === 'regression' ? 'ridge' : 'logisticRegression' },
    },
  });
}

function extra(name: string | undefined, as: 'number' | 'category', inputs: readonly { name: string; as: string }[]) {
  if (name === undefined || inputs.some((input) => input.name === name && input.as === as)) return [];
  return [{ name, as }];
}

function refuseUnknownColumns(config: RunConfig, names: readonly string[]): void {
  const { group, time } = config.split;
  const used: [string, string | undefined][] = [
    ...config.data.drop.map((name): [string, string] => ['data.drop', name]),
    ['split.group', group],
    ['split.time', time === 'rowOrder' ? undefined : time],
  ];
  for (const [key, name] of used) {
    if (name === undefined || names.includes(name)) continue;
    const nearest = nearestName(name, names);
    throw new AppError({
      code: 'COLUMN_UNKNOWN',
      message: `${key}: the data has no column "${name}"${nearest ? `; did you mean "${nearest}"?` : '.'}`,
    });
  }
}

/** Class index (in the order of `classes`) or value of each row; NaN where missing. */
function targetValues(column: Column, classes: readonly string[]): Float64Array {
  if (column.kind === 'number') return column.values;
  const index = new Map(classes.map((name, k) => [name, k]));
  const classOf = Float64Array.from(column.levels, (level) => index.get(level) ?? NaN);
  return Float64Array.from(column.codes, (code) => (code < 0 ? NaN : classOf[code]!));
}

const codesOf = (column: Column): ArrayLike<number> => (column.kind === 'category' ? column.codes : column.values);

/** The column read as numbers, even where the model reads it as a category: codes have no order in time. */
function timesOf(table: Table, name: string): ArrayLike<number> {
  const column = table.columns.find((c) => c.name === name && c.kind === 'number');
  if (column?.kind !== 'number') throw new RangeError(`"${name}" was not read as numbers`);
  return column.values;
}
