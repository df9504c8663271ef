import { AppError } from '../contract/errors.ts';

/** DuckDB's refusal of a file as one sentence with a way out. */
export function asReadError(cause: unknown): unknown {
  if (cause instanceof AppError || !(cause instanceof Error)) return cause;
  const { message } = cause;
  const line = /CSV Error on Line:? (\d+)/i.exec(message)?.[1];
  const where = line === undefined ? '' : ` in line ${line}`;
  const input = (code: string, text: string, label: string, args?: Record<string, unknown>) =>
    new AppError({ code, message: text, fix: { kind: 'useOption', label, ...(args && { args }) }, cause });
  if (/ENOSPC|No space left/i.test(message)) {
    return new AppError({
      code: 'DISK_FULL',
      message: 'The disk is full. Nothing was imported and nothing was lost.',
      fix: { kind: 'freeSpace', label: 'Free some space and import again' },
      cause,
    });
  }
  if (/EROFS|EACCES|Permission denied|Read-only file system/i.test(message)) {
    return new AppError({
      code: 'FOLDER_READ_ONLY',
      message: 'The project folder cannot be written.',
      fix: { kind: 'chooseFolder', label: 'Use a project in another folder' },
      cause,
    });
  }
  if (/unterminated quote|quote should be followed/i.test(message)) {
    return input(
      'QUOTE_UNTERMINATED',
      `A quoted cell is never closed${where}.`,
      'Mend the line, or read the file without a quote sign',
      { quote: '' },
    );
  }
  if (/Expected Number of Columns|Too many columns|missing columns|too few/i.test(message)) {
    const expected = /Expected Number of Columns: (\d+) Found: (\d+)/i.exec(message);
    const counts = expected ? ` (${expected[2]} fields where ${expected[1]} were expected)` : '';
    return input(
      'ROWS_RAGGED',
      `Not all lines have the same number of fields${where}${counts}.`,
      'Mend the line, or choose another delimiter',
    );
  }
  if (/maximum line size|line size of/i.test(message)) {
    return input(
      'LINE_TOO_LONG',
      `A line is longer than 16 MB${where}.`,
      'Check how the lines end and which quote sign the file uses',
    );
  }
  if (/Malformed JSON|unexpected character|Invalid Input Error.*JSON/i.test(message)) {
    return input('JSON_MALFORMED', 'This is not valid JSON.', 'Choose JSON lines if each line is one object', {
      format: 'jsonl',
    });
  }
  if (/Could not convert|Conversion Error|cast/i.test(message)) {
    const column = /column "?([^"\n]+?)"?(?: at|\.|\n|$)/i.exec(message)?.[1];
    return input(
      'CELL_TYPE',
      `A cell does not fit the type of its column${column ? ` "${column}"` : ''}${where}.`,
      'Read that column as text',
    );
  }
  return new AppError({
    code: 'FILE_UNREADABLE',
    message: `This file cannot be read as a table: ${message.split('\n')[0]}`,
    fix: { kind: 'useOption', label: 'Check format, delimiter and encoding' },
    cause,
  });
}
