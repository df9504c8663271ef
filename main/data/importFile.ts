import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ColumnType, ImportOptions } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import type { TaskContext } from '../kernels/task.ts';
import { storedExpression, typeOfSql } from './columnTypes.ts';
import { allNullWords } from './detect/nullWords.ts';
import { identifier, literal, withConnection } from './duck.ts';
import { asReadError } from './readErrors.ts';
import { openSource, type Source } from './source.ts';
import { paddedNumber, paddedNumbers } from './textNumbers.ts';

/** An immutable version on disk. */
export interface ImportedVersion {
  /** SHA-256 of the Parquet file, hex. */
  readonly hash: string;
  readonly file: string;
  readonly nRows: number;
  readonly bytes: number;
  readonly columns: { name: string; type: ColumnType }[];
  readonly options: ImportOptions;
  readonly warnings: string[];
}

/**
 * Reads `file` into `outDir/<hash>.parquet`, rows in file order; the same content gives the same file.
 * Throws AppError with a way out; nothing is left behind when it fails or is cancelled.
 */
export async function importFile(
  file: string,
  options: ImportOptions,
  outDir: string,
  task: TaskContext,
): Promise<ImportedVersion> {
  task.report({ fraction: null, step: 'Looking at the file' });
  const source = await openSource(file, options, task.signal);
  const temporary = path.join(outDir, `import-${process.pid}-${Date.now()}.parquet.tmp`);
  // Later lines may have commas without the blank that the first ones all have.
  const plain = options.delimiter === undefined && source.dialect?.delimiter === ', ';
  try {
    const copied = await copyWithRetry(source, options, temporary, task);
    task.report({ fraction: 0.95, step: 'Naming the version by its content' });
    const { hash, bytes } = await hashFile(temporary, task.signal);
    const target = path.join(outDir, `${hash}.parquet`);
    await rename(temporary, target);
    return { hash, bytes, file: target, options, ...copied, warnings: [...source.warnings, ...copied.warnings] };
  } catch (cause) {
    await rm(temporary, { force: true });
    const error = asReadError(cause);
    if (plain && error instanceof AppError && error.code === 'ROWS_RAGGED')
      return await importFile(file, { ...options, delimiter: ',' }, outDir, task);
    throw error;
  } finally {
    await source.close();
  }
}

interface Copied {
  readonly nRows: number;
  readonly columns: { name: string; type: ColumnType }[];
  readonly warnings: string[];
}

/** Types and null words are found in the first rows; where a later row contradicts them, the file is read again. */
async function copyWithRetry(
  source: Source,
  options: ImportOptions,
  to: string,
  task: TaskContext,
  isLong = false,
): Promise<Copied> {
  try {
    const copied = await copy(source, { sampleAll: false, nullWords: source.nullWords }, options, to, task);
    const isOpen = source.dialect !== null && options.nullWords === undefined;
    const late = isOpen ? await lateNullWords(to, copied.columns, source.nullWords, task.signal) : [];
    if (late.length === 0) return copied;
    const words = late.map((word) => `"${word}"`).join(' and ');
    task.log(`Later rows have ${words} where nothing is known: reading again.`);
    return await copy(source, { sampleAll: false, nullWords: [...source.nullWords, ...late] }, options, to, task);
  } catch (cause) {
    task.signal.throwIfAborted();
    if (cause instanceof Error && /maximum line size|line size of/i.test(cause.message) && !isLong) {
      source.allowLongLines();
      return copyWithRetry(source, options, to, task, true);
    }
    const isConversion = cause instanceof Error && /convert|cast|conversion/i.test(cause.message);
    if (!isConversion || source.format === 'parquet') throw cause;
    task.log('A later row does not fit the types of the first rows: looking at all rows.');
    const nullWords = options.nullWords ?? (source.dialect ? allNullWords() : source.nullWords);
    return copy(source, { sampleAll: true, nullWords }, options, to, task);
  }
}

interface Attempt {
  readonly sampleAll: boolean;
  readonly nullWords: readonly string[];
}

async function copy(
  source: Source,
  { sampleAll, nullWords }: Attempt,
  options: ImportOptions,
  to: string,
  task: TaskContext,
): Promise<Copied> {
  return withConnection(async (connection) => {
    const reading = await source.reading(connection, sampleAll, nullWords);
    const { from, columns: inFile } = reading;
    const decimal = source.dialect?.decimal ?? '.';
    const open = inFile.filter(({ name }) => options.types?.[name] === undefined);
    const padded = source.dialect
      ? await paddedNumbers(connection, reading, source.dialect, nullWords, open, true)
      : new Map<string, never>();
    const select = inFile.map(({ name, sql }) => {
      const type = padded.get(name);
      const value = type ? paddedNumber(name, type, decimal) : storedExpression(name, sql, options.types?.[name]);
      return `${value} AS ${identifier(name)}`;
    });
    const done = connection.runAndReadAll(
      `COPY (SELECT ${select.join(', ')} FROM ${from}) TO ${literal(to)} (${PARQUET})`,
    );
    const ticker = setInterval(() => {
      const { percentage } = connection.progress;
      task.report({ fraction: percentage < 0 ? null : Math.min(0.95, percentage / 100), step: 'Reading the rows' });
    }, 250);
    let nRows: number;
    try {
      nRows = Number((await done).getRowsJS()[0]?.[0]);
    } finally {
      clearInterval(ticker);
    }
    if (nRows === 0) throw new AppError({ code: 'FILE_NO_ROWS', message: 'This file has columns but no rows.' });
    const columns = inFile.map(({ name, sql }) => ({
      name,
      type: options.types?.[name] ?? padded.get(name) ?? typeOfSql(sql),
    }));
    const warnings = await lostInCasts(connection, source, inFile, options, from, to);
    return { nRows, columns, warnings };
  }, task.signal);
}

/** Null words beyond the first lines: a column of texts in the version still has them. */
async function lateNullWords(
  file: string,
  columns: Copied['columns'],
  known: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const texts = columns.filter(({ type }) => type === 'text').map(({ name }) => identifier(name));
  const words = allNullWords().filter((word) => word !== '' && !known.includes(word));
  if (texts.length === 0 || words.length === 0) return [];
  const list = words.map(literal).join(', ');
  const sought = texts.map((text) => `list(DISTINCT ${text}) FILTER (WHERE ${text} IN (${list}))`);
  return withConnection(async (connection) => {
    const sql = `SELECT ${sought.join(', ')} FROM read_parquet(${literal(file)})`;
    const found = (await connection.runAndReadAll(sql)).getRowsJS()[0] as (string[] | null)[];
    const late = new Set(found.flatMap((cells) => cells ?? []));
    return words.filter((word) => late.has(word));
  }, signal);
}

/** Encodings measured: a fifth less time and space than DuckDB's defaults. */
const PARQUET = 'FORMAT parquet, COMPRESSION snappy, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 1000';

/** Cells that a chosen type could not hold became missing: counted and said. */
async function lostInCasts(
  connection: Parameters<Parameters<typeof withConnection>[0]>[0],
  source: Source,
  inFile: readonly { name: string; sql: string }[],
  options: ImportOptions,
  from: string,
  to: string,
): Promise<string[]> {
  const cast = inFile.filter(
    ({ name, sql }) => options.types?.[name] !== undefined && options.types[name] !== typeOfSql(sql),
  );
  if (cast.length === 0 || source.format === 'parquet') return [];
  const count = (columns: readonly { name: string }[]) =>
    columns.map(({ name }) => `count(${identifier(name)})`).join(', ');
  const before = (await connection.runAndReadAll(`SELECT ${count(cast)} FROM ${from}`)).getRowsJS()[0] ?? [];
  const after =
    (await connection.runAndReadAll(`SELECT ${count(cast)} FROM read_parquet(${literal(to)})`)).getRowsJS()[0] ?? [];
  return cast.flatMap(({ name }, i) => {
    const lost = Number(before[i]) - Number(after[i]);
    return lost > 0 ? [`${lost} cells of "${name}" are no ${options.types?.[name]} and became missing.`] : [];
  });
}

async function hashFile(file: string, signal: AbortSignal): Promise<{ hash: string; bytes: number }> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(1 << 21);
  let bytes = 0;
  // Twice as fast as a stream, which makes a new buffer for every piece.
  const handle = await open(file);
  try {
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return { hash: hash.digest('hex'), bytes };
      hash.update(buffer.subarray(0, bytesRead));
      bytes += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
