import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { usageError } from '../args.ts';

const harness = fileURLToPath(new URL('../../../../test/bench/main.ts', import.meta.url));

/** Benches are part of the checkout, not of the app; their harness is a program of its own. */
export function bench(argv: string[]): Promise<number> {
  if (!existsSync(harness))
    throw usageError('bench', 'The benches are in a checkout of Pith, not in the installed app.');
  if (argv.length === 0) throw usageError('bench', 'NAME is missing.');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [harness, ...argv], { stdio: 'inherit' });
    process.on('SIGINT', () => {});
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
