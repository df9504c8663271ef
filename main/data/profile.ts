import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnProfile, ColumnType } from '../contract/data.ts';
import { toCell } from './cells.ts';
import { identifier, literal, withConnection } from './duck.ts';
import { versionColumns } from './versionFile.ts';

/** Distinct values are counted exactly up to this many rows, estimated (HyperLogLog) above. */
const EXACT_ROWS = 100_000;
const N_BINS = 24;
const N_TOP = 12;
const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

/** The profile of every column of a version: one pass for the figures, one per column for its shape. */
export async function profileVersion(file: string, signal?: AbortSignal): Promise<ColumnProfile[]> {
  const columns = await versionColumns(file);
  return withConnection(async (connection) => {
    const from = `read_parquet(${literal(file)})`;
    const counted = await connection.runAndReadAll(`SELECT count(*) AS n FROM ${from}`);
    const nRows = Number(counted.getRowObjectsJS()[0]?.['n']);
    const isExact = nRows <= EXACT_ROWS;
    const figures: Figures[] = [];
    // A few columns at a time: a query over thousands of columns would hold them all.
    for (let at = 0; at < columns.length; at += 40) {
      figures.push(...(await readFigures(connection, from, columns.slice(at, at + 40), isExact)));
    }
    const profiles: ColumnProfile[] = [];
    for (const [i, { name, type }] of columns.entries()) {
      const f = figures[i]!;
      const isShape = f.min !== null && f.max !== null && (type === 'time' || f.nDistinct > 2);
      profiles.push({
        name,
        type,
        nMissing: nRows - f.nPresent,
        nDistinct: f.nDistinct,
        isDistinctExact: isExact,
        min: f.min,
        max: f.max,
        mean: type === 'time' ? null : f.mean,
        standardDeviation: type === 'time' ? null : f.deviation,
        quantiles: f.quantiles,
        minText: type === 'time' && f.min !== null ? String(toCell(new Date(f.min * 1000))) : null,
        maxText: type === 'time' && f.max !== null ? String(toCell(new Date(f.max * 1000))) : null,
        histogram: isShape ? await readHistogram(connection, from, name, type, f) : null,
        topValues:
          type === 'text' || type === 'boolean' || f.nDistinct <= 50 ? await readTop(connection, from, name) : [],
      });
    }
    return profiles;
  }, signal);
}

interface Figures {
  readonly nPresent: number;
  readonly nDistinct: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly quantiles: number[] | null;
}

interface NamedColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** A column as a double that is missing where it is not finite; times are seconds since 1970. */
const asNumber = ({ name, type }: NamedColumn): string => {
  const column = identifier(name);
  if (type === 'time') return `epoch(CAST(${column} AS TIMESTAMP))`;
  const value = `CAST(${column} AS DOUBLE)`;
  return type === 'number' ? `CASE WHEN isfinite(${value}) THEN ${value} END` : value;
};

async function readFigures(
  connection: DuckDBConnection,
  from: string,
  columns: readonly NamedColumn[],
  isExact: boolean,
): Promise<Figures[]> {
  const select = columns.flatMap((column, i) => {
    const name = identifier(column.name);
    const isText = column.type === 'text';
    const value = isText ? 'NULL::DOUBLE' : asNumber(column);
    const present = column.type === 'number' ? `count(${value})` : `count(${name})`;
    return [
      `${present} AS n${i}`,
      `${isExact ? `count(DISTINCT ${name})` : `approx_count_distinct(${name})`} AS d${i}`,
      `min(${value}) AS lo${i}, max(${value}) AS hi${i}, avg(${value}) AS mean${i}, stddev_samp(${value}) AS sd${i}`,
      `${isText || column.type === 'boolean' ? 'NULL' : `${isExact ? 'quantile_cont' : 'approx_quantile'}(${value}, [${QUANTILES.join(', ')}])`} AS q${i}`,
    ];
  });
  const row = (await connection.runAndReadAll(`SELECT ${select.join(', ')} FROM ${from}`)).getRowObjectsJS()[0] ?? {};
  const number = (value: unknown) => (value === null || value === undefined ? null : finite(Number(value)));
  return columns.map((_, i) => ({
    nPresent: Number(row[`n${i}`]),
    nDistinct: Number(row[`d${i}`]),
    min: number(row[`lo${i}`]),
    max: number(row[`hi${i}`]),
    mean: number(row[`mean${i}`]),
    deviation: number(row[`sd${i}`]),
    quantiles: Array.isArray(row[`q${i}`]) ? (row[`q${i}`] as unknown[]).map(Number) : null,
  }));
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

async function readHistogram(
  connection: DuckDBConnection,
  from: string,
  name: string,
  type: ColumnType,
  { min, max }: Figures,
): Promise<{ edges: number[]; counts: number[] } | null> {
  if (min === null || max === null || max <= min) return null;
  // Integers keep their own bins: a bar must not hold two values where its neighbour holds three.
  const span = max - min;
  const width = type === 'integer' ? Math.max(1, Math.ceil((span + 1) / N_BINS)) : span / N_BINS;
  const low = type === 'integer' ? min - 0.5 : min;
  const nBins = type === 'integer' ? Math.ceil((span + 1) / width) : N_BINS;
  const value = asNumber({ name, type });
  const sql = `SELECT least(${nBins - 1}, greatest(0, CAST(floor((v - ${low}) / ${width}) AS INTEGER))) AS bin, count(*) AS n FROM (SELECT ${value} AS v FROM ${from}) WHERE v IS NOT NULL GROUP BY bin`;
  const counts = Array.from({ length: nBins }, () => 0);
  for (const { bin, n } of (await connection.runAndReadAll(sql)).getRowObjectsJS()) counts[Number(bin)] = Number(n);
  return { edges: Array.from({ length: nBins + 1 }, (_, k) => low + k * width), counts };
}

async function readTop(
  connection: DuckDBConnection,
  from: string,
  name: string,
): Promise<{ value: string; count: number }[]> {
  const column = identifier(name);
  const sql = `SELECT CAST(${column} AS VARCHAR) AS value, count(*) AS n FROM ${from} WHERE ${column} IS NOT NULL GROUP BY ${column} ORDER BY n DESC, value LIMIT ${N_TOP}`;
  const rows = (await connection.runAndReadAll(sql)).getRowObjectsJS();
  return rows.map(({ value, n }) => ({ value: String(value), count: Number(n) }));
}
