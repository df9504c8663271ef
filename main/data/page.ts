import type { DataPage, Filter, Sort } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import { toCell } from './cells.ts';
import { identifier, literal, withConnection } from './duck.ts';
import { versionColumns } from './versionFile.ts';

export interface PageRequest {
  readonly offset: number;
  readonly limit: number;
  readonly sort: readonly Sort[];
  readonly filters: readonly Filter[];
}

/** Row numbers in the order asked for; sorting 3,000,000 rows once serves every page of that order. */
const orders = new Map<string, Uint32Array>();
const MAX_ORDERS = 8;

/** Rows [offset, offset + limit) of a version, sorted and filtered; ties keep file order. */
export async function readPage(file: string, request: PageRequest): Promise<DataPage> {
  const columns = await versionColumns(file);
  await checkColumns(file, [...request.sort, ...request.filters]);
  const from = `read_parquet(${literal(file)}, file_row_number=true)`;
  const select = `SELECT file_row_number AS row_id, ${columns.map(({ name }) => identifier(name)).join(', ')} FROM ${from}`;
  return withConnection(async (connection) => {
    const order = request.sort.length + request.filters.length > 0 ? await orderOf(file, from, request) : null;
    const ids = order?.subarray(request.offset, request.offset + request.limit);
    const wanted = ids
      ? `file_row_number IN (${ids.length > 0 ? ids.join(', ') : 'NULL'})`
      : `file_row_number >= ${request.offset} AND file_row_number < ${request.offset + request.limit}`;
    const rows = (await connection.runAndReadAll(`${select} WHERE ${wanted} ORDER BY file_row_number`)).getRowsJS();
    const nRows = order ? order.length : await countAll(connection, file);
    if (!ids) return toPage(rows, nRows);
    const byId = new Map(rows.map((row) => [Number(row[0]), row]));
    return toPage(
      Array.from(ids, (id) => byId.get(id) ?? []),
      nRows,
    );
  });
}

function toPage(rows: readonly (readonly unknown[])[], nRows: number): DataPage {
  return { rowIds: rows.map((row) => Number(row[0])), rows: rows.map((row) => row.slice(1).map(toCell)), nRows };
}

const counts = new Map<string, number>();

async function countAll(
  connection: Parameters<Parameters<typeof withConnection>[0]>[0],
  file: string,
): Promise<number> {
  const kept = counts.get(file);
  if (kept !== undefined) return kept;
  const n = Number(
    (await connection.runAndReadAll(`SELECT count(*) FROM read_parquet(${literal(file)})`)).getRowsJS()[0]?.[0],
  );
  counts.set(file, n);
  return n;
}

/** Row numbers that pass all filters, ascending. */
export async function matchingRows(file: string, filters: readonly Filter[]): Promise<Uint32Array> {
  await checkColumns(file, filters);
  const from = `read_parquet(${literal(file)}, file_row_number=true)`;
  return orderOf(file, from, { offset: 0, limit: 0, sort: [], filters });
}

async function checkColumns(file: string, named: readonly { readonly column: string }[]): Promise<void> {
  const known = new Set((await versionColumns(file)).map(({ name }) => name));
  for (const { column } of named) {
    if (!known.has(column))
      throw new AppError({ code: 'COLUMN_UNKNOWN', message: `This table has no column "${column}".` });
  }
}

async function orderOf(file: string, from: string, { sort, filters }: PageRequest): Promise<Uint32Array> {
  const key = JSON.stringify([file, sort, filters]);
  const kept = orders.get(key);
  if (kept) return kept;
  const where = filters.length > 0 ? `WHERE ${filters.map(condition).join(' AND ')}` : '';
  const by = [
    ...sort.map(({ column, isDescending }) => `${identifier(column)} ${isDescending ? 'DESC' : 'ASC'} NULLS LAST`),
    'file_row_number',
  ];
  const order = await withConnection(async (connection) => {
    const result = await connection.stream(
      `SELECT CAST(file_row_number AS INTEGER) AS r FROM ${from} ${where} ORDER BY ${by.join(', ')}`,
    );
    const parts: Int32Array[] = [];
    let n = 0;
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      const { items } = chunk.getColumnVector(0) as unknown as { items: Int32Array };
      parts.push(items.slice(0, chunk.rowCount));
      n += chunk.rowCount;
    }
    const all = new Uint32Array(n);
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  });
  if (orders.size >= MAX_ORDERS) orders.delete(orders.keys().next().value!);
  orders.set(key, order);
  return order;
}

const COMPARISONS = {
  equals: '=',
  notEquals: '<>',
  less: '<',
  lessOrEqual: '<=',
  greater: '>',
  greaterOrEqual: '>=',
} as const;

/** A filter as SQL; texts compare without case in contains, startsWith and endsWith. */
function condition(filter: Filter): string {
  const column = identifier(filter.column);
  const text = `CAST(${column} AS VARCHAR)`;
  switch (filter.op) {
    case 'isMissing':
      return `${column} IS NULL`;
    case 'isPresent':
      return `${column} IS NOT NULL`;
    case 'contains':
      return `contains(lower(${text}), lower(${literal(filter.value)}))`;
    case 'startsWith':
      return `starts_with(lower(${text}), lower(${literal(filter.value)}))`;
    case 'endsWith':
      return `ends_with(lower(${text}), lower(${literal(filter.value)}))`;
    case 'between':
      return `${column} BETWEEN ${filter.from} AND ${filter.to}`;
    case 'in':
      return filter.values.length > 0
        ? `${text} IN (${filter.values.map((v) => literal(String(v))).join(', ')})`
        : 'false';
    default:
      return comparison(column, text, filter.op, filter.value);
  }
}

function comparison(
  column: string,
  text: string,
  op: keyof typeof COMPARISONS,
  value: string | number | boolean | null,
): string {
  if (value === null) return op === 'notEquals' ? `${column} IS NOT NULL` : `${column} IS NULL`;
  if (typeof value === 'string') return `${text} ${COMPARISONS[op]} ${literal(value)}`;
  return `${column} ${COMPARISONS[op]} ${value}`;
}
