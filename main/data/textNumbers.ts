import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType } from '../contract/data.ts';
import type { Dialect } from './detect/dialect.ts';
import { nothingAmongNumbers } from './detect/nullWords.ts';
import { identifier, literal } from './duck.ts';
import type { FileColumn, Reading } from './reading.ts';

const SAMPLE_ROWS = 20_000;

/** What stands for a missing number, whether the first lines have it or not. */
const NOTHING = ['', ...nothingAmongNumbers].map(literal).join(', ');

type Found = ReadonlyMap<string, 'integer' | 'number'>;

/**
 * Text columns that hold numbers with blanks around them, or blanks alone where nothing was known ("79.99 ", " "):
 * DuckDB takes one such cell for a sign that the column is text. The first lines and then a sample rule out most
 * columns, all rows decide.
 * @param open columns whose type nobody chose  @param isWhole false looks at the sample only, for a preview
 */
export async function paddedNumbers(
  connection: DuckDBConnection,
  { from, columns }: Reading,
  dialect: Dialect,
  nullWords: readonly string[],
  open: readonly FileColumn[],
  isWhole: boolean,
): Promise<Found> {
  const { decimal, records } = dialect;
  const isKnown = new Set(nullWords);
  const places = new Map(columns.map(({ name }, k) => [name, k]));
  const isNumberOrNothing = (name: string) =>
    records.every((record) => {
      const cell = record[places.get(name)!] ?? '';
      return isKnown.has(cell) || /^\s*([-+]?[\d.,]+(e[-+]?\d+)?|[-+]?(inf|infinity|nan))?\s*$/i.test(cell);
    });
  const candidates = open.filter(({ name, sql }) => sql === 'VARCHAR' && isNumberOrNothing(name));
  const sample = await count(connection, `(SELECT * FROM ${from} LIMIT ${SAMPLE_ROWS})`, candidates, decimal);
  if (!isWhole) return typesOf(sample);
  const kept = candidates.filter((_, i) => sample[i]!.nNumbers === sample[i]!.nTexts);
  return typesOf(await count(connection, from, kept, decimal));
}

/** The expression that reads such a column. */
export function paddedNumber(name: string, type: ColumnType, decimal: string): string {
  return `TRY_CAST(${trimmed(name, decimal)} AS ${type === 'integer' ? 'BIGINT' : 'DOUBLE'})`;
}

function trimmed(name: string, decimal: string): string {
  const cell = `trim(${identifier(name)})`;
  const text = `CASE WHEN ${cell} NOT IN (${NOTHING}) THEN ${cell} END`;
  return decimal === ',' ? `replace(${text}, ',', '.')` : `(${text})`;
}

interface Counts {
  readonly name: string;
  readonly nTexts: number;
  readonly nNumbers: number;
  readonly nIntegers: number;
}

async function count(
  connection: DuckDBConnection,
  from: string,
  columns: readonly FileColumn[],
  decimal: string,
): Promise<Counts[]> {
  if (columns.length === 0) return [];
  const counts = columns.flatMap(({ name }) => {
    const text = trimmed(name, decimal);
    return [
      `count(${text})`,
      `count(TRY_CAST(${text} AS DOUBLE))`,
      `count(CASE WHEN regexp_full_match(${text}, '[-+]?[0-9]+') THEN TRY_CAST(${text} AS BIGINT) END)`,
    ];
  });
  const row = (await connection.runAndReadAll(`SELECT ${counts.join(', ')} FROM ${from}`)).getRowsJS()[0] ?? [];
  return columns.map(({ name }, i) => {
    const [nTexts, nNumbers, nIntegers] = row.slice(3 * i, 3 * i + 3).map(Number);
    return { name, nTexts: nTexts!, nNumbers: nNumbers!, nIntegers: nIntegers! };
  });
}

function typesOf(counts: readonly Counts[]): Found {
  const numbers = counts.filter(({ nTexts, nNumbers }) => nTexts > 0 && nNumbers === nTexts);
  return new Map(
    numbers.map(({ name, nIntegers, nTexts }) => [name, nIntegers === nTexts ? 'integer' : ('number' as const)]),
  );
}
