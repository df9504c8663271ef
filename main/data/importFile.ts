import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
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
  try {
    const copied = await copyWithRetry(source, options, temporary, task);
    task.report({ fraction: 0.95, step: 'Naming the version by its content' });
    const { hash, bytes } = await hashFile(temporary, task.signal);
    const target = path.join(outDir, `${hash}.parquet`);
    await rename(temporary, target);
    return { hash, bytes, file: target, options, ...copied, warnings: [...source.warnings, ...copied.warnings] };
  } catch (cause) {
    await rm(temporary, { force: true });
    throw asReadError(cause);
  } finally {
    await source.close();
  }
}

interface Copied {
  readonly nRows: number;
  readonly columns: { name: string; type: ColumnType }[];
  readonly warnings: string[];
}

/** Types are guessed from the first rows; where a later row contradicts them, all rows are looked at. */
async function copyWithRetry(
  source: Source,
  options: ImportOptions,
  to: string,
  task: TaskContext,
  isLong = false,
): Promise<Copied> {
  try {
    return await copy(source, source.from(false), options, to, task);
  } catch (cause) {
    task.signal.throwIfAborted();
    if (cause instanceof Error && /maximum line size|line size of/i.test(cause.message) && !isLong) {
      source.allowLongLines();
      return copyWithRetry(source, options, to, task, true);
    }
    const isConversion = cause instanceof Error && /convert|cast|conversion/i.test(cause.message);
    if (!isConversion || source.format === 'parquet') throw cause;
    task.log('A later row does not fit the types of the first rows: looking at all rows.');
    const words = options.nullWords ?? (source.dialect ? allNullWords() : undefined);
    return copy(source, source.from(true, words), options, to, task);
  }
}

async function copy(
  source: Source,
  from: string,
  options: ImportOptions,
  to: string,
  task: TaskContext,
): Promise<Copied> {
  return withConnection(async (connection) => {
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`);
    const inFile = described
      .getRowObjectsJS()
      .map((row) => ({ name: String(row['column_name']), sql: String(row['column_type']) }));
    const decimal = source.dialect?.decimal ?? '.';
    const open = inFile.filter(({ name }) => options.types?.[name] === undefined);
    const padded = source.dialect
      ? await paddedNumbers(connection, from, open, decimal, true)
      : new Map<string, never>();
    const select = inFile.map(({ name, sql }) => {
      const type = padded.get(name);
      const value = type ? paddedNumber(name, type, decimal) : storedExpression(name, sql, options.types?.[name]);
      return `${value} AS ${identifier(name)}`;
    });
    const done = connection.run(`COPY (SELECT ${select.join(', ')} FROM ${from}) TO ${literal(to)} (${PARQUET})`);
    const ticker = setInterval(() => {
      const { percentage } = connection.progress;
      task.report({ fraction: percentage < 0 ? null : Math.min(0.95, percentage / 100), step: 'Reading the rows' });
    }, 250);
    try {
      await done;
    } finally {
      clearInterval(ticker);
    }
    const counted = await connection.runAndReadAll(`SELECT count(*) AS n FROM read_parquet(${literal(to)})`);
    const nRows = Number(counted.getRowObjectsJS()[0]?.['n']);
    if (nRows === 0) throw new AppError({ code: 'FILE_NO_ROWS', message: 'This file has columns but no rows.' });
    const columns = inFile.map(({ name, sql }) => ({
      name,
      type: options.types?.[name] ?? padded.get(name) ?? typeOfSql(sql),
    }));
    const warnings = await lostInCasts(connection, source, inFile, options, from, to);
    return { nRows, columns, warnings };
  }, task.signal);
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
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20, signal })) hash.update(chunk as Buffer);
  return { hash: hash.digest('hex'), bytes: (await stat(file)).size };
}
