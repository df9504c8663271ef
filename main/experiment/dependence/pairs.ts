import { identifier, withConnection } from '../../data/duck.ts';
import { evenKeys, MAX_UNEVENNESS, MIN_LEVELS, type GroupCandidate, type Key } from './levels.ts';
import type { NamedColumn } from './sample.ts';

/** Columns whose pairs are tried: those of the most levels. */
const MAX_PAIRED = 10;
/** Rows in which pairs are counted first. */
const MAX_ROWS = 5000;
/** Levels of a column of a pair, and how many more the pair has than either: else one of the two is the key. */
const LEAST_LEVELS = 3;
const MORE_LEVELS = 1.2;
/** Pairs whose levels are counted in the whole table. */
const MAX_COUNTED = 3;

/** Two columns of whole numbers or texts that name groups only together, as first and last names do; the most even first. */
export async function pairCandidates(
  from: string,
  columns: readonly NamedColumn[],
  nRows: number,
): Promise<GroupCandidate[]> {
  const keyed = columns.filter(({ type }) => type === 'integer' || type === 'text').slice(0, 4 * MAX_PAIRED);
  if (keyed.length < 2) return [];
  const every = Math.max(1, Math.floor(nRows / MAX_ROWS));
  const sql = `SELECT ${keyed.map(({ name }, i) => `hash(${identifier(name)}) % 4503599627370449 AS c${i}`).join(', ')}
    FROM ${from} ${every === 1 ? '' : `WHERE hash(file_row_number) % ${every} = 0`} ORDER BY file_row_number`;
  const read = await withConnection(async (connection) => (await connection.runAndReadAll(sql)).getColumnsJS());
  const coded = keyed
    .map(({ name }, j) => ({ name, ...codesOf(read[j] ?? []) }))
    .filter(({ codes, nLevels }) => nLevels >= LEAST_LEVELS && nLevels <= codes.length / 4)
    .toSorted((a, b) => b.nLevels - a.nLevels)
    .slice(0, MAX_PAIRED);
  const even = coded
    .flatMap((a, i) => coded.slice(i + 1).map((b) => ({ a, b, ...sizesOf(a, b) })))
    .filter(
      ({ a, b, nLevels, unevenness }) =>
        nLevels >= MIN_LEVELS &&
        nLevels >= MORE_LEVELS * Math.max(a.nLevels, b.nLevels) &&
        unevenness <= MAX_UNEVENNESS,
    )
    .toSorted((p, q) => p.unevenness - q.unevenness)
    .slice(0, MAX_COUNTED);
  const keys = even.map(({ a, b }): Key => ({
    columns: [a.name, b.name],
    key: `(CAST(${identifier(a.name)} AS VARCHAR) || chr(31) || CAST(${identifier(b.name)} AS VARCHAR))`,
    form: 'pair',
  }));
  return evenKeys(from, keys, nRows);
}

interface Coded {
  readonly codes: Int32Array;
  readonly nLevels: number;
}

function codesOf(cells: readonly unknown[]): Coded {
  const place = new Map<unknown, number>();
  const codes = Int32Array.from(cells, (v) => place.get(v) ?? (place.set(v, place.size), place.size - 1));
  return { codes, nLevels: place.size };
}

/** Levels of a pair in the sample; deviation / mean of their sizes, less what chance alone makes of a thinned sample. */
function sizesOf(a: Coded, b: Coded): { nLevels: number; unevenness: number } {
  const sizes = new Map<number, number>();
  a.codes.forEach((code, i) => {
    const key = code * b.nLevels + b.codes[i]!;
    sizes.set(key, (sizes.get(key) ?? 0) + 1);
  });
  const mean = a.codes.length / sizes.size;
  const variance = [...sizes.values()].reduce((sum, n) => sum + (n - mean) ** 2, 0) / sizes.size;
  return { nLevels: sizes.size, unevenness: Math.sqrt(Math.max(0, variance - mean)) / mean };
}
