import { identifier, withConnection } from '../../data/duck.ts';
import type { NamedColumn } from './sample.ts';

/**
 * How a key is read: a column of whole numbers or texts; its text without the last part (`S01_3` belongs to `S01`); a column of
 * numbers with fractions, most of which are measures; two columns together.
 */
export type KeyForm = 'column' | 'prefix' | 'number' | 'pair';

/** A column whose levels are of even size and hold several rows each: it may name what rows belong to. */
export interface GroupCandidate {
  /** Columns it is read from: one, or the two of a pair. */
  readonly columns: readonly [string, ...string[]];
  /** SQL of the key. */
  readonly key: string;
  readonly form: KeyForm;
  readonly nLevels: number;
  /** Mean rows of a level. */
  readonly meanSize: number;
  /** Standard deviation of the level sizes / their mean. */
  readonly unevenness: number;
}

export const MIN_LEVELS = 10;
/** Rows that share their level with another, as a share of all. */
const MIN_REPEATED = 0.5;
/** Real keys have 0–0.42, measured columns mostly more: the filter that tells most (37 independent and 15 grouped sets). */
export const MAX_UNEVENNESS = 0.6;
/** Levels whose sizes are counted; of more, a hash takes its share. */
const COUNTED_LEVELS = 2000;
/** Columns whose levels are counted. */
const MAX_COUNTED = 40;
/** Where a text ends in a part of its own. */
const LAST_PART = '[_./:-][^_./:-]*$';

export type Key = Pick<GroupCandidate, 'columns' | 'key' | 'form'>;

/** Columns of whole numbers and texts that may name groups, the most even first. Names are not looked at. */
export async function groupCandidates(
  from: string,
  columns: readonly NamedColumn[],
  nRows: number,
): Promise<GroupCandidate[]> {
  const keyed = columns.filter(({ type }) => type === 'integer' || type === 'text');
  const keys = keyed.flatMap(({ name, type }): Key[] => {
    const column = identifier(name);
    const own: Key = { columns: [name], key: column, form: 'column' };
    if (type !== 'text') return [own];
    const prefix = `nullif(regexp_replace(${column}, '${LAST_PART}', ''), ${column})`;
    return [own, { columns: [name], key: prefix, form: 'prefix' }];
  });
  const found = await evenKeys(from, keys, nRows);
  const isTwice = (a: GroupCandidate) =>
    a.form === 'prefix' &&
    found.some((b) => b.form === 'column' && b.columns[0] === a.columns[0] && b.nLevels === a.nLevels);
  return found.filter((a) => !isTwice(a));
}

/** Columns of numbers with fractions whose values repeat evenly. */
export const numberCandidates = (
  from: string,
  columns: readonly NamedColumn[],
  nRows: number,
): Promise<GroupCandidate[]> =>
  evenKeys(
    from,
    columns
      .filter(({ type }) => type === 'number')
      .map(({ name }): Key => ({ columns: [name], key: identifier(name), form: 'number' })),
    nRows,
  );

/** Keys whose levels are of even size and hold several rows each, the most even first. */
export async function evenKeys(from: string, keys: readonly Key[], nRows: number): Promise<GroupCandidate[]> {
  if (keys.length === 0) return [];
  return withConnection(async (connection) => {
    const figures = async (sql: string) =>
      Object.values((await connection.runAndReadAll(sql)).getRowObjectsJS()[0] ?? {});
    const about = await figures(
      `SELECT ${keys.map(({ key }, i) => `approx_count_distinct(${key}) AS d${i}`).join(', ')} FROM ${from}`,
    );
    const few = keys
      .map((key, i) => ({ ...key, about: Number(about[i]) }))
      .filter((key) => key.about >= 0.8 * MIN_LEVELS && key.about <= 0.9 * nRows)
      .slice(0, MAX_COUNTED);
    const found: GroupCandidate[] = [];
    for (const { about: nAbout, ...key } of few) {
      const every = Math.max(1, Math.floor(nAbout / COUNTED_LEVELS));
      const share = every === 1 ? '' : ` AND hash(${key.key}) % ${every} = 0`;
      const [levels, rows, spread, repeated] = (
        await figures(
          `SELECT count(*), sum(n), coalesce(stddev_pop(n), 0), coalesce(sum(n) FILTER (n >= 2), 0) FROM
           (SELECT count(*) AS n FROM ${from} WHERE ${key.key} IS NOT NULL${share} GROUP BY ${key.key})`,
        )
      ).map(Number) as [number, number, number, number];
      const nLevels = every === 1 ? levels : nAbout;
      const meanSize = rows / levels;
      const unevenness = spread / meanSize;
      const isKey =
        nLevels >= MIN_LEVELS &&
        repeated * every >= MIN_REPEATED * nRows * (every === 1 ? 1 : 0.8) &&
        unevenness <= MAX_UNEVENNESS;
      if (isKey) found.push({ ...key, nLevels, meanSize, unevenness });
    }
    return found.toSorted((a, b) => a.unevenness - b.unevenness);
  });
}

/** Levels drawn at least: rows of few levels look alike because the levels between them are missing. */
const LEAST_DRAWN = 100;

/** Rows of whole levels drawn by a hash, about `most` of them; of levels too large for that, some of their rows. */
export function wholeLevels(from: string, { key, nLevels, meanSize }: GroupCandidate, most: number): string {
  if (nLevels * meanSize <= most) return `(SELECT * FROM ${from} WHERE ${key} IS NOT NULL)`;
  const nDrawn = Math.min(nLevels, Math.max(LEAST_DRAWN, Math.floor(most / meanSize)));
  const each = Math.max(2, Math.ceil(most / nDrawn));
  return `(SELECT * FROM ${from} WHERE ${key} IN
    (SELECT k FROM (SELECT DISTINCT ${key} AS k FROM ${from} WHERE ${key} IS NOT NULL) ORDER BY hash(k), k LIMIT ${nDrawn})
    QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY hash(file_row_number)) <= ${each})`;
}

/** Stretches of equal levels in file order, and the rows they hold. */
export async function stretchesOf(from: string, key: string): Promise<{ nStretches: number; nRows: number }> {
  return withConnection(async (connection) => {
    const sql = `SELECT count(*) FILTER (k IS DISTINCT FROM before) AS s, count(*) AS n FROM
      (SELECT k, lag(k) OVER (ORDER BY file_row_number) AS before FROM
       (SELECT ${key} AS k, file_row_number FROM ${from} WHERE ${key} IS NOT NULL))`;
    const [nStretches = 0, nRows = 0] = Object.values(
      (await connection.runAndReadAll(sql)).getRowObjectsJS()[0] ?? {},
    ).map(Number);
    return { nStretches, nRows };
  });
}
