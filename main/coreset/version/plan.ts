import { AppError } from '../../contract/errors.ts';
import { PreprocessConfig } from '../../contract/config.ts';
import { identifier, literal, withConnection } from '../../data/duck.ts';
import { analyseTarget } from '../../data/targets.ts';
import { countRows, streamTable } from '../../data/readTable.ts';
import { joinTables } from '../../data/tableBuilder.ts';
import { versionColumns } from '../../data/versionFile.ts';
import type { Table } from '../../kernels/table.ts';
import type { TargetInfo } from '../../models/estimator.ts';
import { planColumns, type InputColumn } from '../../models/preprocess/columnPlan.ts';
import type { PreprocessorState } from '../../models/preprocess/plans.ts';
import { fitPreprocessor } from '../../models/preprocess/preprocessor.ts';
import { availableServices } from '../services/registry.ts';
import type { ServiceName } from '../services/service.ts';

/** How rows of a data version become rows of a tree; JSON, kept with the coreset. */
export interface VersionPlan {
  readonly service: ServiceName;
  readonly target: string | null;
  readonly targetInfo: TargetInfo | null;
  /** In class order; empty for regression or no target. */
  readonly classes: readonly string[];
  readonly inputs: readonly InputColumn[];
  readonly preprocessor: PreprocessorState;
  /** Rows of the version that have a target, and all of them. */
  readonly nRows: number;
  readonly nRowsOfFile: number;
  /** Time by which the stream runs, and whether the file lies in that order already; null where rows have none. */
  readonly time: { readonly column: string; readonly order: 'file' | 'sort'; readonly isTime: boolean } | null;
  readonly warnings: readonly string[];
}

export interface PlanRequest {
  readonly service: string;
  readonly target?: string | undefined;
  readonly drop: readonly string[];
  readonly timeColumn?: string | undefined;
}

/** Preprocessing is learned on at most this many rows, spread over the whole version. */
const PLAN_ROWS = 200_000;
const CHUNK_ROWS = 1 << 16;

const needsNoTarget: ReadonlySet<string> = new Set(['kmeans', 'pca']);

/**
 * Decides service, target and preprocessing for a version's Parquet file. Throws AppError SERVICE_UNKNOWN,
 * SERVICE_NEEDS_TARGET, SERVICE_NOT_FOR_TARGET and what targets and preprocessing throw.
 */
export async function planVersion(file: string, request: PlanRequest, signal?: AbortSignal): Promise<VersionPlan> {
  const asked = nameOf(request);
  const target = needsNoTarget.has(asked) ? null : (request.target ?? null);
  if (target === null && !needsNoTarget.has(asked)) {
    throw new AppError({
      code: 'SERVICE_NEEDS_TARGET',
      message: `A coreset for ${asked} models needs a target column.`,
      fix: { kind: 'chooseTarget', label: 'Choose a target, or build a coreset for k-means or PCA' },
    });
  }
  const analysis = target === null ? null : await analyseTarget(file, target, 'auto');
  const service = asked === 'auto' ? (analysis?.task === 'regression' ? 'linear' : 'logistic') : asked;
  const isRegression = analysis?.task === 'regression';
  if (analysis && (service === 'linear') !== isRegression && ['linear', 'logistic', 'svm'].includes(service)) {
    throw new AppError({
      code: 'SERVICE_NOT_FOR_TARGET',
      message: `"${request.target}" is a ${isRegression ? 'number' : 'class'}, and coresets for ${service} are for ${isRegression ? 'classes' : 'numbers'}.`,
      fix: { kind: 'setParam', label: `Use the ${isRegression ? 'linear' : 'logistic'} service` },
    });
  }
  const columns = await versionColumns(file);
  const config = PreprocessConfig.parse({});
  const leaveOut = [...request.drop, ...(request.target === undefined ? [] : [request.target])];
  const inputs = planColumns(columns, config, leaveOut);
  const nRows = await countRows(file);
  const sample = await spreadRows(file, inputs, nRows, signal);
  const preprocessor = fitPreprocessor(sample, inputs, config, { isNative: service === 'tree' }).state;
  const classes = analysis?.classes ?? [];
  return {
    service,
    target,
    targetInfo: targetInfoOf(analysis?.task, classes),
    classes,
    inputs: preprocessor.inputs,
    preprocessor,
    nRows: nRows - (analysis?.nMissing ?? 0),
    nRowsOfFile: nRows,
    time: request.timeColumn === undefined ? null : await timeOrder(file, request.timeColumn, columns),
    warnings: [...(analysis?.warnings ?? []), ...preprocessor.warnings],
  };
}

/** Throws AppError TIME_COLUMN_UNKNOWN. */
export async function timeOrder(
  file: string,
  column: string,
  columns: readonly { readonly name: string; readonly type: string }[],
): Promise<NonNullable<VersionPlan['time']>> {
  const usable = columns.filter(({ type }) => ['time', 'integer', 'number'].includes(type));
  if (!usable.some(({ name }) => name === column)) {
    throw new AppError({
      code: 'TIME_COLUMN_UNKNOWN',
      message: `"${column}" is not a column of times or numbers in these data.`,
      fix: {
        kind: 'setParam',
        label: `Choose one of: ${
          usable
            .map(({ name }) => name)
            .slice(0, 20)
            .join(', ') || 'there is none'
        }`,
      },
    });
  }
  const isTime = columns.some(({ name, type }) => name === column && type === 'time');
  const name = identifier(column);
  return withConnection(async (connection) => {
    const reader = await connection.runAndReadAll(
      `SELECT count(*) FROM (SELECT ${name} AS t, lag(${name}) OVER () AS before FROM read_parquet(${literal(file)}))
       WHERE t < before OR (t IS NULL AND before IS NOT NULL)`,
    );
    const isSorted = Number(reader.getRowsJS()[0]?.[0]) === 0;
    return { column, order: isSorted ? 'file' : 'sort', isTime };
  });
}

function nameOf({ service, target }: PlanRequest): ServiceName | 'auto' {
  if (service === 'auto') return target === undefined ? 'kmeans' : 'auto';
  const found = availableServices().find((name) => name === (service === 'svd' ? 'pca' : service));
  if (found) return found;
  throw new AppError({
    code: 'SERVICE_UNKNOWN',
    message: `There is no coreset service "${service}".`,
    fix: { kind: 'setParam', label: `Choose one of: ${availableServices().join(', ')}` },
  });
}

function targetInfoOf(task: 'binary' | 'multiclass' | 'regression' | undefined, classes: readonly string[]) {
  if (task === undefined) return null;
  if (task === 'regression') return { task } satisfies TargetInfo;
  return { task, nClasses: classes.length, classNames: classes } satisfies TargetInfo;
}

/** Every k-th row, so that at most `PLAN_ROWS` are held. */
async function spreadRows(
  file: string,
  inputs: readonly InputColumn[],
  nRows: number,
  signal?: AbortSignal,
): Promise<Table> {
  const step = Math.ceil(nRows / PLAN_ROWS);
  const options = step > 1 ? { where: `file_row_number % ${step} = 0` } : {};
  const parts: Table[] = [];
  for await (const table of streamTable(file, inputs, CHUNK_ROWS, signal, options)) parts.push(table);
  return joinTables(parts, inputs);
}
