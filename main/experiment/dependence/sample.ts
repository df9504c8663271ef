import type { ColumnType } from '../../contract/data.ts';
import { identifier, literal, withConnection } from '../../data/duck.ts';
import type { Column } from '../../kernels/table.ts';

/** Which column is predicted, and as what. */
export interface SampleTarget {
  readonly name: string;
  readonly isRegression: boolean;
}

export interface NamedColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** Rows of a version, in file order: what a quick model reads, and what it is asked. */
export interface Sample {
  readonly nRows: number;
  /** Texts and truth values as codes, numbers and times as numbers. */
  readonly columns: readonly Column[];
  /** Value of each row, or its class as a code. */
  readonly y: Float64Array;
  /** Code of each row's key where one was asked for, and the key as a number (NaN where it is none). */
  readonly keys: { readonly codes: Int32Array; readonly values: Float64Array };
}

/** Texts longer than this are told apart by their hash. */
const MAX_TEXT = 200;

/**
 * Reads the rows with a target that `from` names.
 * @param key SQL of the column that may name groups, over the file's columns
 * @param from SQL of a relation with the file's columns and `file_row_number`
 */
export async function readSample(
  from: string,
  columns: readonly NamedColumn[],
  target: SampleTarget,
  key: string | null,
): Promise<Sample> {
  const asText = (sql: string) =>
    `CASE WHEN length(CAST(${sql} AS VARCHAR)) > ${MAX_TEXT} THEN md5(CAST(${sql} AS VARCHAR)) ELSE CAST(${sql} AS VARCHAR) END`;
  const value = ({ name, type }: NamedColumn) => {
    const column = identifier(name);
    if (type === 'time') return `epoch(CAST(${column} AS TIMESTAMP))`;
    return isCoded(type) ? asText(column) : `CAST(${column} AS DOUBLE)`;
  };
  const y = identifier(target.name);
  const select = [
    target.isRegression ? `CAST(${y} AS DOUBLE)` : asText(y),
    key === null ? 'NULL' : asText(key),
    ...columns.map(value),
  ];
  const sql = `SELECT ${select.map((s, i) => `${s} AS c${i}`).join(', ')} FROM ${from} ORDER BY file_row_number`;
  const read = await withConnection(async (connection) => (await connection.runAndReadAll(sql)).getColumnsJS());
  const [cells = [], keyCells = [], ...features] = read;
  const codes = coded(keyCells);
  return {
    nRows: cells.length,
    columns: columns.map(({ name, type }, j): Column => {
      const column = features[j] ?? [];
      return isCoded(type)
        ? { kind: 'category', name, ...coded(column) }
        : { kind: 'number', name, values: Float64Array.from(column, asNumber) };
    }),
    y: target.isRegression ? Float64Array.from(cells, asNumber) : Float64Array.from(coded(cells).codes),
    keys: { codes: codes.codes, values: Float64Array.from(keyCells, asKeyNumber) },
  };
}

const isCoded = (type: ColumnType): boolean => type === 'text' || type === 'boolean';
const asNumber = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : NaN);
const asKeyNumber = (value: unknown): number =>
  typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;

/** Texts as indices into their sorted list, -1 where missing. */
function coded(cells: readonly unknown[]): { codes: Int32Array; levels: string[] } {
  const levels = [...new Set(cells.filter((v) => v !== null && v !== ''))].map(String).toSorted();
  const place = new Map(levels.map((level, code) => [level, code]));
  return { levels, codes: Int32Array.from(cells, (v) => (v === null ? -1 : (place.get(String(v)) ?? -1))) };
}

/**
 * The file as a relation with `file_row_number`, rows without a target left out.
 * @param locked Parquet file whose `row` names rows that nothing may look at
 */
export const rowsWithTarget = (file: string, target: SampleTarget, locked: string | null): string =>
  `(SELECT * FROM read_parquet(${literal(file)}, file_row_number=true) WHERE ${identifier(target.name)} IS NOT NULL${
    locked === null ? '' : ` AND file_row_number NOT IN (SELECT "row" FROM read_parquet(${literal(locked)}))`
  })`;
