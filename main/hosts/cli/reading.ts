import { dirname, resolve } from 'node:path';
import { accessSync, constants, statSync } from 'node:fs';
import type { ImportOptions } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import { choice, wholeNumber } from './args.ts';

/** Options of `import` and `profile` that override what is detected about a file. */
export const readingOptions = {
  format: { type: 'string' },
  delimiter: { type: 'string' },
  decimal: { type: 'string' },
  encoding: { type: 'string' },
  header: { type: 'string' },
  null: { type: 'string', multiple: true },
  skip: { type: 'string' },
} as const;

interface Values {
  format?: string;
  delimiter?: string;
  decimal?: string;
  encoding?: string;
  header?: string;
  null?: string[];
  skip?: string;
}

export function importOptionsOf(command: string, values: Values): ImportOptions {
  const { format, delimiter, decimal, encoding, header, skip } = values;
  const formats = ['csv', 'tsv', 'json', 'jsonl', 'parquet'] as const;
  return {
    ...(format !== undefined && { format: choice(command, 'format', format, formats) }),
    ...(delimiter !== undefined && { delimiter: delimiter === '\\t' ? '\t' : delimiter }),
    ...(decimal !== undefined && { decimal: choice(command, 'decimal', decimal, ['.', ','] as const) }),
    ...(encoding !== undefined && {
      encoding: choice(command, 'encoding', encoding, ['utf-8', 'utf-16', 'latin-1'] as const),
    }),
    ...(header !== undefined && { hasHeader: choice(command, 'header', header, ['yes', 'no']) === 'yes' }),
    ...(values.null !== undefined && { nullWords: values.null }),
    ...(skip !== undefined && { skipLines: wholeNumber(command, 'skip', skip, 0) }),
  };
}

/** Absolute path of a file there must be; throws AppError FILE_NOT_FOUND. */
export function existingFile(path: string): string {
  const full = resolve(path);
  if (statSync(full, { throwIfNoEntry: false })?.isFile()) return full;
  throw new AppError({
    code: 'FILE_NOT_FOUND',
    message: `There is no file "${path}".`,
    fix: { kind: 'chooseFile', label: 'Check the name' },
  });
}

/** Absolute path of a file to be written; throws AppError FOLDER_NOT_FOUND or READ_ONLY_FOLDER before any work is done. */
export function newFile(path: string): string {
  const full = resolve(path);
  const folder = dirname(full);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new AppError({
      code: 'FOLDER_NOT_FOUND',
      message: `There is no folder "${folder}" to write into.`,
      fix: { kind: 'chooseFolder', label: 'Make it, or write to another' },
    });
  }
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new AppError({
      code: 'READ_ONLY_FOLDER',
      message: `"${folder}" cannot be written to.`,
      fix: { kind: 'chooseFolder', label: 'Write to another folder' },
      cause,
    });
  }
  return full;
}
