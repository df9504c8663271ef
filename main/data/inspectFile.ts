import path from 'node:path';
import type { ColumnType, ImportOptions, ImportPreview } from '../contract/data.ts';
import { toCell } from './cells.ts';
import { storedExpression, typeOfSql } from './columnTypes.ts';
import { identifier, withConnection } from './duck.ts';
import { asReadError } from './readErrors.ts';
import type { FileColumn } from './reading.ts';
import { openSource, type Source } from './source.ts';
import { paddedNumber, paddedNumbers } from './textNumbers.ts';

const PREVIEW_ROWS = 100;
const MAX_COLUMNS_SHOWN = 200;

/** How `file` would be read: every detection with its evidence, the columns and the first rows. */
export async function inspectFile(file: string, options: ImportOptions): Promise<ImportPreview> {
  const source = await openSource(file, options);
  try {
    return await withConnection(async (connection) => {
      const reading = await source.reading(connection, false);
      const { from, columns } = reading;
      const decimal = source.dialect?.decimal ?? '.';
      const open = columns.filter(({ name }) => options.types?.[name] === undefined);
      const padded = source.dialect
        ? await paddedNumbers(connection, reading, source.dialect, source.nullWords, open, false)
        : new Map<string, never>();
      const typeOf = ({ name, sql }: FileColumn): ColumnType =>
        options.types?.[name] ?? padded.get(name) ?? typeOfSql(sql);
      const select = columns.slice(0, MAX_COLUMNS_SHOWN).map(({ name, sql }) => {
        const type = padded.get(name);
        const value = type ? paddedNumber(name, type, decimal) : storedExpression(name, sql, options.types?.[name]);
        return `${value} AS ${identifier(name)}`;
      });
      const rows = await connection.runAndReadAll(`SELECT ${select.join(', ')} FROM ${from} LIMIT ${PREVIEW_ROWS}`);
      const preview: ImportPreview = {
        fileName: path.basename(file),
        bytes: source.bytes,
        options: {
          format: source.format,
          nullWords: [...source.nullWords],
          types: Object.fromEntries(columns.map((column) => [column.name, typeOf(column)])),
          ...(source.encoding && { encoding: source.encoding.encoding }),
          ...(source.dialect && {
            delimiter: source.dialect.delimiter,
            quote: source.dialect.quote,
            decimal: source.dialect.decimal,
            hasHeader: source.dialect.hasHeader,
            skipLines: source.dialect.skipLines,
          }),
        },
        detected: detections(source, options),
        columns: columns.map((column, i) => ({
          name: column.name,
          type: typeOf(column),
          originalName: source.names?.original[i] ?? column.name,
        })),
        rows: rows.getRowsJS().map((row) => row.map(toCell)),
        nRowsEstimate: estimateRows(source),
        warnings: [...source.warnings],
      };
      return preview;
    });
  } catch (cause) {
    throw asReadError(cause);
  } finally {
    await source.close();
  }
}

function detections(
  { format, encoding, dialect, nullWords }: Source,
  options: ImportOptions,
): ImportPreview['detected'] {
  const found: ImportPreview['detected'] = [];
  const add = (option: keyof ImportOptions, value: string, evidence: string, isSure: boolean) => {
    if (options[option] === undefined) found.push({ option, value, evidence, isSure });
  };
  add('format', format, format === 'parquet' ? 'starts with the Parquet mark' : "from the file's name", true);
  if (encoding) add('encoding', encoding.encoding, encoding.evidence, encoding.isSure);
  if (dialect) {
    add('delimiter', dialect.delimiter, dialect.evidence.delimiter.text, dialect.evidence.delimiter.isSure);
    const { skipLines } = dialect.evidence;
    if (skipLines) add('skipLines', String(dialect.skipLines), skipLines.text, skipLines.isSure);
    add('hasHeader', String(dialect.hasHeader), dialect.evidence.hasHeader.text, dialect.evidence.hasHeader.isSure);
    add('decimal', dialect.decimal, dialect.evidence.decimal.text, dialect.evidence.decimal.isSure);
    const words = nullWords.filter((word) => word !== '').map((word) => `"${word}"`);
    add(
      'nullWords',
      nullWords.join(' '),
      words.length > 0 ? `found in the first lines: ${words.join(', ')}` : 'only empty cells in the first lines',
      true,
    );
  }
  return found;
}

function estimateRows({ dialect, bytes, file }: Source): number | null {
  if (!dialect || dialect.records.length === 0 || /\.gz$/i.test(file)) return null;
  const width =
    dialect.records.reduce((s, r) => s + r.reduce((t, cell) => t + cell.length + 1, 0), 0) / dialect.records.length;
  return Math.max(dialect.records.length, Math.round(bytes / width));
}
