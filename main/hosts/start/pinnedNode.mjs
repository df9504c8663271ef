// Plain JavaScript for any Node ≥ 20: finds the Node that Pith is pinned to and runs the rest under it.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const neededMajor = 24;

/** Path of the Node of the npm package `node` (or `PITH_NODE`), null when it is not installed. */
export function findPinnedNode() {
  const executable = process.platform === 'win32' ? 'node.exe' : 'node';
  const candidates = [process.env.PITH_NODE, path.join(root, 'node_modules', 'node', 'bin', executable)];
  return candidates.find((file) => file && existsSync(file)) ?? null;
}

/** True when this very process already runs under the pinned Node, or one that is as good. */
function isPinned(pinned) {
  if (Number(process.versions.node.split('.')[0]) !== neededMajor) return false;
  return pinned === null || realpathSync(pinned) === realpathSync(process.execPath);
}

/**
 * Goes on with `run` when this is the pinned Node; else starts `script` anew under it with the same arguments and
 * takes over its exit code. Says so, and exits with 1, when there is none.
 */
export async function underPinnedNode(script, run) {
  const pinned = findPinnedNode();
  if (isPinned(pinned)) {
    if (pinned === null) say(`The Node that Pith is pinned to is not installed; going on with ${process.execPath}.`);
    return run();
  }
  if (pinned === null || process.env.PITH_REEXEC === '1') {
    say(
      pinned === null
        ? `Pith needs Node ${neededMajor}; this is ${process.versions.node}, and the npm package "node" that carries the right one is not installed.`
        : `Pith needs Node ${neededMajor}; ${pinned} is ${process.versions.node}.`,
    );
    say('Run `npm ci` (without --ignore-scripts) in the folder of Pith, or install Node 24.');
    process.exitCode = 1;
    return undefined;
  }
  const child = spawn(pinned, [script, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, PITH_REEXEC: '1' },
  });
  // Ctrl+C reaches both; the child decides, this process only waits for it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.on('error', (cause) => {
      say(`${pinned} does not start: ${cause.message}`);
      process.exitCode = 1;
      resolve(undefined);
    });
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
      resolve(undefined);
    });
  });
}

function say(text) {
  process.stderr.write(`pith: ${text}\n`);
}
