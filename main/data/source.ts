import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FileFormat, ImportOptions } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import { detectEncoding, readHead, refuseBinary, decoderOf, type EncodingFound } from './detect/bytes.ts';
import { detectDialect, type Dialect } from './detect/dialect.ts';
import { uniqueNames } from './detect/names.ts';
import { parquetFrom } from './parquetNames.ts';
import { asReadError } from './readErrors.ts';
import { detectNullWords } from './detect/nullWords.ts';
import { transcode } from './detect/transcode.ts';
import type { DuckDBConnection } from '@duckdb/node-api';
import { CsvReader } from './csvReader.ts';
import { literal } from './duck.ts';
import { describe, type Reading } from './reading.ts';

const HEAD_BYTES = 1 << 18;

/** A file, understood: what was found in it, and the SQL that reads it. */
export interface Source {
  readonly file: string;
  readonly bytes: number;
  readonly format: FileFormat;
  readonly encoding: EncodingFound | null;
  readonly dialect: Dialect | null;
  readonly nullWords: readonly string[];
  /** Names in the file and names in Pith, for delimited text. */
  readonly names: { readonly original: readonly string[]; readonly unique: readonly string[] } | null;
  readonly warnings: readonly string[];
  /**
   * Finds the types of the columns, by the first 20,480 rows or by all: once, so that the query that reads the file does
   * not look at it again.
   */
  reading(connection: DuckDBConnection, sampleAll: boolean, nullWords?: readonly string[]): Promise<Reading>;
  /** Reads lines up to 16 MB from now on. DuckDB's buffers grow with it, and reading takes twice as long. */
  allowLongLines(): void;
  /** Removes what reading it needed. */
  close(): Promise<void>;
}

/** Opens `file` with the options given and everything else detected. Throws AppError with a way out. */
export async function openSource(file: string, options: ImportOptions, signal?: AbortSignal): Promise<Source> {
  const size = await sizeOf(file);
  const format = options.format ?? formatOf(file, await readHead(file, 4096));
  const base = {
    file,
    bytes: size,
    format,
    warnings: [],
    close: async () => undefined,
    allowLongLines: () => undefined,
  };
  if (format === 'parquet') {
    const { from, warnings } = await parquetFrom(file).catch((cause: unknown) => {
      throw asReadError(cause);
    });
    return {
      ...base,
      warnings,
      encoding: null,
      dialect: null,
      nullWords: [],
      names: null,
      reading: (connection) => describe(connection, from),
    };
  }
  const head = await readHead(file, HEAD_BYTES);
  const encoding =
    options.encoding === undefined
      ? detectEncoding(head)
      : { ...detectEncoding(head), encoding: options.encoding, isSure: true, evidence: 'you chose it' };
  refuseBinary(head, encoding);
  const text = decoderOf(encoding)
    .decode(head)
    .replace(/^\uFEFF/, '');
  if (text.trim() === '')
    throw new AppError({
      code: 'FILE_EMPTY',
      message: 'This file is empty.',
      fix: { kind: 'chooseFile', label: 'Choose another file' },
    });
  refuseLongLine(text, head.length, size);

  const needsCopy = encoding.encoding !== 'utf-8';
  const folder = needsCopy ? await mkdtemp(path.join(tmpdir(), 'pith-text-')) : null;
  const readable = folder ? path.join(folder, 'utf8.txt') : file;
  if (folder) await transcode(file, readable, encoding, signal);
  const close = async () => {
    if (folder) await rm(folder, { recursive: true, force: true });
  };
  if (format === 'json' || format === 'jsonl') {
    const kind = format === 'jsonl' ? 'newline_delimited' : 'auto';
    return {
      ...base,
      encoding,
      dialect: null,
      nullWords: options.nullWords ?? [''],
      names: null,
      close,
      reading: (connection, sampleAll) =>
        describe(
          connection,
          `read_json(${literal(readable)}, format=${literal(kind)}, sample_size=${sampleAll ? -1 : 20480}, maximum_object_size=104857600)`,
        ),
    };
  }
  const dialect = detectDialect(text, head.length >= size, {
    delimiter: options.delimiter ?? (format === 'tsv' ? '\t' : undefined),
    quote: options.quote,
    hasHeader: options.hasHeader,
    skipLines: options.skipLines,
    decimal: options.decimal,
  });
  if (dialect.records.length === 0 && head.length < size && size > 1 << 24) throw lineTooLong('A line');
  if (dialect.hasHeader && dialect.records.length === 0) {
    throw new AppError({
      code: 'FILE_HEADER_ONLY',
      message: 'This file has column names but no rows.',
      fix: { kind: 'useOption', label: 'Read the first line as data', args: { hasHeader: false } },
    });
  }
  if (head.length >= size) refuseOpenQuote(text, dialect);
  const { names, warnings } = uniqueNames(dialect.names);
  const nullWords = options.nullWords ?? detectNullWords(dialect.records);
  const reader = new CsvReader(readable, dialect, names, options.types ?? {});
  return {
    ...base,
    encoding,
    dialect,
    nullWords,
    warnings,
    close,
    names: { original: dialect.names, unique: names },
    reading: (connection, sampleAll, words = nullWords) => reader.detect(connection, words, sampleAll),
    allowLongLines: () => reader.allowLongLines(),
  };
}

async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new AppError({ code: 'FILE_IS_FOLDER', message: 'This is a folder, not a file.' });
    if (found.size === 0)
      throw new AppError({
        code: 'FILE_EMPTY',
        message: 'This file is empty.',
        fix: { kind: 'chooseFile', label: 'Choose another file' },
      });
    return found.size;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError({
      code: 'FILE_NOT_FOUND',
      message: `There is no file "${path.basename(file)}" any more, or it may not be read.`,
      fix: { kind: 'chooseFile', label: 'Choose the file again' },
      cause,
    });
  }
}

function formatOf(file: string, head: Buffer): FileFormat {
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  const name = file.toLowerCase().replace(/\.gz$/, '');
  if (name.endsWith('.parquet'))
    throw new AppError({ code: 'FILE_DAMAGED', message: 'This file is called Parquet but is not one.' });
  if (name.endsWith('.jsonl') || name.endsWith('.ndjson')) return 'jsonl';
  if (name.endsWith('.json')) return 'json';
  if (name.endsWith('.tsv') || name.endsWith('.tab')) return 'tsv';
  return 'csv';
}

/** A quote that is never closed swallows the rest of the file: its line is named. Only for a text that is whole. */
function refuseOpenQuote(text: string, { quote, delimiter }: Dialect): void {
  if (quote === '') return;
  let isOpen = false;
  let isFieldStart = true;
  let line = 1;
  let openedAt = 1;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '\n') line++;
    if (isOpen) {
      if (c !== quote) continue;
      if (text[i + 1] === quote) i++;
      else isOpen = false;
    } else if (c === quote && isFieldStart) {
      isOpen = true;
      openedAt = line;
    }
    isFieldStart = c === '\n' || c === '\r' || text.startsWith(delimiter, i);
  }
  if (!isOpen) return;
  throw new AppError({
    code: 'QUOTE_UNTERMINATED',
    message: `A quoted cell that begins in line ${openedAt} is never closed.`,
    fix: {
      kind: 'useOption',
      label: 'Mend the line, or read the file without a quote sign',
      args: { quote: '' },
    },
  });
}

/** A line that fills the whole sample is no table: DuckDB would buffer it. */
function refuseLongLine(text: string, nRead: number, size: number): void {
  if (nRead < HEAD_BYTES || size <= 1 << 24 || /[\r\n]/.test(text)) return;
  throw lineTooLong('The first line');
}

const lineTooLong = (which: string): AppError =>
  new AppError({
    code: 'LINE_TOO_LONG',
    message: `${which} of this file is longer than 16 MB, so it is not a table in lines.`,
    fix: { kind: 'useOption', label: 'Read it as JSON, or check how its lines end', args: { format: 'json' } },
  });
