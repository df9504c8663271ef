import { AppError, type AppErrorData, toAppErrorData } from '../../contract/errors.ts';
import { usageError } from './args.ts';
import { usage } from './usage.ts';

/** Runs a command with the arguments after its name; resolves to the exit status. */
export type Command = (argv: string[]) => Promise<number>;

/** Loaded on demand: `pith --help` should not wait for the engine. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./commands/run.ts')).run,
  import: async () => (await import('./commands/import.ts')).importFile,
  profile: async () => (await import('./commands/profile.ts')).profile,
  propose: async () => (await import('./commands/propose.ts')).propose,
  test: async () => (await import('./commands/test.ts')).test,
  show: async () => (await import('./commands/show.ts')).show,
  predict: async () => (await import('./commands/predict.ts')).predict,
  export: async () => (await import('./commands/export.ts')).exportModel,
  coreset: async () => (await import('./commands/coreset.ts')).coreset,
  serve: async () => (await import('./commands/serve.ts')).serve,
  bench: async () => (await import('./commands/bench.ts')).bench,
};

/** The command line. Resolves to the exit status: 0 done, 1 failed, 2 wrong usage or bad input; never throws. */
export async function main(argv: string[]): Promise<number> {
  try {
    return await dispatch(argv);
  } catch (cause) {
    const error = toAppErrorData(cause);
    printError(error);
    if (!(cause instanceof AppError) && process.env['PITH_DEBUG']) console.error(cause);
    return error.isInput ? 2 : 1;
  }
}

async function dispatch([name = '', ...rest]: string[]): Promise<number> {
  if (name === '--version' || name === '-v') {
    const { default: manifest } = await import('../../../package.json', { with: { type: 'json' } });
    console.log(manifest.version);
    return 0;
  }
  const isHelp = ['--help', '-h', 'help'].includes(name);
  if (isHelp || (rest.some((arg) => arg === '--help' || arg === '-h') && name in commands)) {
    console.log(usage[isHelp ? (rest[0] ?? '') : name] ?? usage['']);
    return 0;
  }
  if (name === '') {
    console.error(usage['']);
    return 2;
  }
  const load = commands[name];
  if (!load) throw usageError('', `There is no command "${name}".`);
  return (await load())(rest);
}

function printError(error: AppErrorData): void {
  const place = error.span ? ` (line ${error.span.line}, column ${error.span.column})` : '';
  process.stderr.write(`pith: ${error.message}${place}\n`);
  if (error.fix) process.stderr.write(`      ${error.fix.label}.\n`);
}
