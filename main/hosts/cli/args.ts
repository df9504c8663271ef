import { parseArgs, type ParseArgsConfig } from 'node:util';
import { AppError } from '../../contract/errors.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Wrong usage: exit status 2, with the command's help as the way out. */
export function usageError(command: string, message: string): AppError {
  const help = command === '' ? 'pith --help' : `pith ${command} --help`;
  return new AppError({ code: 'USAGE', message, fix: { kind: 'help', label: `See ${help}` } });
}

/**
 * Reads a command's arguments; throws AppError USAGE for unknown options and a wrong number of positionals.
 * @param names of the positionals; the command takes exactly these
 */
export function readArgs<T extends Options>(command: string, argv: string[], names: readonly string[], options: T) {
  const parsed = parse(command, argv, options);
  const { positionals } = parsed;
  const missing = names[positionals.length];
  if (missing !== undefined) throw usageError(command, `${missing} is missing.`);
  if (positionals.length > names.length) {
    throw usageError(command, `"${positionals[names.length]}" is one argument too many.`);
  }
  return { values: parsed.values, positionals };
}

function parse<T extends Options>(command: string, argv: string[], options: T) {
  try {
    return parseArgs({ args: argv, options, allowPositionals: true, strict: true });
  } catch (cause) {
    const text = (cause as Error).message.split(/\n|\. /)[0]!;
    throw usageError(command, `${text.replace(/\.$/, '')}.`);
  }
}

/** A whole number ≥ `min` given as text; throws AppError USAGE. */
export function wholeNumber(command: string, option: string, text: string, min: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= min) return value;
  throw usageError(command, `--${option} takes a whole number from ${min}, not "${text}".`);
}

/** One of `choices`; throws AppError USAGE. */
export function choice<T extends string>(command: string, option: string, text: string, choices: readonly T[]): T {
  const found = choices.find((name) => name === text);
  if (found !== undefined) return found;
  throw usageError(command, `--${option} takes ${choices.join(', ')}, not "${text}".`);
}

/** A number from 0 to 1 as a field of that name, none when it was not given; throws AppError USAGE. */
export function share<K extends string>(command: string, option: K, text: string | undefined): { [key in K]?: number } {
  if (text === undefined) return {};
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return { [option]: value } as { [key in K]: number };
  throw usageError(command, `--${option} takes a number from 0 to 1, not "${text}".`);
}
