import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType } from '../contract/data.ts';
import { sqlTypeOf } from './columnTypes.ts';
import type { Dialect } from './detect/dialect.ts';
import { identifier, literal } from './duck.ts';
import type { FileColumn, Reading } from './reading.ts';

type ChosenTypes = Readonly<Record<string, ColumnType>>;

/** DuckDB's reader for one delimited text whose dialect is known. */
export class CsvReader {
  private readonly file: string;
  private readonly dialect: Dialect;
  private readonly names: readonly string[];
  private readonly types: readonly string[];
  private maxLine = 1 << 21;

  /** @param names of the columns, all different  @param chosen types by name that are not detected */
  constructor(file: string, dialect: Dialect, names: readonly string[], chosen: ChosenTypes) {
    this.file = file;
    this.dialect = dialect;
    this.names = names;
    this.types = Object.entries({ ...yesAndNo(dialect, names), ...chosen })
      .filter(([name]) => names.includes(name))
      .map(([name, type]) => `${identifier(name)}: ${literal(sqlTypeOf(type))}`);
  }

  /** Lines of up to 16 MB from now on. */
  allowLongLines(): void {
    this.maxLine = 1 << 24;
  }

  /** Finds types and date formats, from the first 20,480 rows or from all. */
  async detect(connection: DuckDBConnection, nullWords: readonly string[], sampleAll: boolean): Promise<Reading> {
    const common = this.settings(nullWords);
    const sniffed = await connection.runAndReadAll(
      `SELECT Columns, DateFormat, TimestampFormat FROM sniff_csv(${[
        ...common,
        `names=${list(this.names)}`,
        `sample_size=${sampleAll ? -1 : 20480}`,
        ...(this.types.length > 0 ? [`types={${this.types.join(', ')}}`] : []),
      ].join(', ')})`,
    );
    const found = sniffed.getRowObjectsJson()[0] as unknown as Sniffed;
    const columns: FileColumn[] = found.Columns.map(({ name, type }) => ({ name, sql: type }));
    const declared = columns.map(({ name, sql }) => `${identifier(name)}: ${literal(sql)}`);
    const from = `read_csv(${[
      ...common,
      'auto_detect=false',
      `columns={${declared.join(', ')}}`,
      ...(found.DateFormat ? [`dateformat=${literal(found.DateFormat)}`] : []),
      ...(found.TimestampFormat ? [`timestampformat=${literal(found.TimestampFormat)}`] : []),
      // Its own 32 MB would read most files on one thread.
      `buffer_size=${2 * this.maxLine}`,
    ].join(', ')})`;
    return { from, columns };
  }

  private settings(nullWords: readonly string[]): string[] {
    const { delimiter, quote, hasHeader, skipLines, decimal } = this.dialect;
    return [
      literal(this.file),
      `delim=${literal(delimiter)}`,
      `quote=${literal(quote)}`,
      `escape=${literal(quote)}`,
      `header=${hasHeader}`,
      `skip=${skipLines}`,
      `nullstr=${list(nullWords)}`,
      `decimal_separator=${literal(decimal)}`,
      `max_line_size=${this.maxLine}`,
      'strict_mode=true',
    ];
  }
}

interface Sniffed {
  readonly Columns: readonly { readonly name: string; readonly type: string }[];
  readonly DateFormat: string | null;
  readonly TimestampFormat: string | null;
}

const list = (words: readonly string[]): string => `[${words.map(literal).join(', ')}]`;

/**
 * Columns of "yes" and "no", "y" and "n" … DuckDB would make truth values of them, and the person would find "true" where
 * their table says "yes". Written out as true and false they are truth values.
 */
function yesAndNo({ records }: Dialect, names: readonly string[]): ChosenTypes {
  const isWord = (cell: string) => /^(yes|no|y|n|t|f|on|off)$/i.test(cell);
  const columns = names.filter((_, k) => {
    const cells = records.map((record) => (record[k] ?? '').trim()).filter((cell) => cell !== '');
    return cells.length > 0 && cells.every(isWord);
  });
  return Object.fromEntries(columns.map((name) => [name, 'text' as const]));
}
