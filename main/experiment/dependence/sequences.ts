import { identifier, withConnection } from '../../data/duck.ts';
import type { NamedColumn } from './sample.ts';
import { ranks } from './frame.ts';

/** A column of whole numbers that counts the rows. */
export interface Sequence {
  readonly name: string;
  readonly least: number;
  readonly most: number;
}

/** Rows of a sequence have (nearly) all their own number, and at least half of the numbers between are there. */
const MIN_DISTINCT = 0.9;
const MIN_DENSITY = 0.5;
/** Columns tried, and columns tried as an order. */
const MAX_COUNTED = 40;
const MAX_SEQUENCES = 2;

/** Whole numbers that count rows: measured numbers leave gaps or repeat. Names are not looked at. */
export async function sequencesOf(from: string, columns: readonly NamedColumn[], nRows: number): Promise<Sequence[]> {
  const whole = columns.filter(({ type }) => type === 'integer').slice(0, MAX_COUNTED);
  if (whole.length === 0) return [];
  const select = whole.map(({ name }, i) => {
    const c = identifier(name);
    return `CAST(min(${c}) AS DOUBLE) AS a${i}, CAST(max(${c}) AS DOUBLE) AS b${i}, approx_count_distinct(${c}) AS c${i}`;
  });
  const sql = `SELECT ${select.join(', ')} FROM ${from}`;
  const cells = await withConnection(async (connection) =>
    Object.values((await connection.runAndReadAll(sql)).getRowObjectsJS()[0] ?? {}).map(Number),
  );
  return whole
    .map(({ name }, i) => ({ name, least: cells[3 * i]!, most: cells[3 * i + 1]!, nDistinct: cells[3 * i + 2]! }))
    .filter(
      ({ least, most, nDistinct }) =>
        nDistinct >= MIN_DISTINCT * nRows &&
        most - least + 1 <= nRows / MIN_DENSITY &&
        Math.abs(least) + Math.abs(most) < Number.MAX_SAFE_INTEGER,
    )
    .slice(0, MAX_SEQUENCES)
    .map(({ name, least, most }) => ({ name, least, most }));
}

/** Rows in the order of a sequence, stretches of it where they are more than `most`. */
export function inSequence(from: string, { name, least, most: last }: Sequence, nStretches: number, most: number) {
  const column = identifier(name);
  const every = Math.max(1, Math.floor((last - least + 1) / nStretches));
  const length = Math.ceil(most / nStretches);
  const taken = last - least < most ? '' : ` AND (CAST(${column} AS BIGINT) - ${least}) % ${every} < ${length}`;
  return `(SELECT * EXCLUDE (file_row_number), row_number() OVER (ORDER BY ${column}, file_row_number) AS file_row_number
    FROM ${from} WHERE ${column} IS NOT NULL${taken})`;
}

/** How much more alike the answers of one row and the next are than of two at random, 0 to 1. */
export function nextAgrees(y: Float64Array, isRegression: boolean): number {
  const n = y.length;
  if (n < 2) return 0;
  if (!isRegression) {
    const counts = new Map<number, number>();
    for (const k of y) counts.set(k, (counts.get(k) ?? 0) + 1);
    const chance = [...counts.values()].reduce((sum, c) => sum + (c / n) ** 2, 0);
    let same = 0;
    for (let i = 1; i < n; i++) same += Number(y[i] === y[i - 1]);
    return chance === 1 ? 0 : (same / (n - 1) - chance) / (1 - chance);
  }
  const rank = ranks(y);
  let product = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    squares += (rank[i]! - 0.5) ** 2;
    if (i > 0) product += (rank[i]! - 0.5) * (rank[i - 1]! - 0.5);
  }
  return squares > 0 ? product / squares : 0;
}
