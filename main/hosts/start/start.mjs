// `npm start`: builds what is out of date and opens the studio, in a window where it can, else in a browser.
// Plain JavaScript, so that whatever Node the machine has can say what is wrong. Options: --browser, --port N.
import { spawn } from 'node:child_process';
import module from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { underPinnedNode } from './pinnedNode.mjs';

const here = fileURLToPath(import.meta.url);
const root = path.resolve(path.dirname(here), '..', '..', '..');
const say = (text) => process.stderr.write(`${text}\n`);

await underPinnedNode(here, async () => {
  delete process.env.PITH_REEXEC;
  module.enableCompileCache();
  const { build } = await import('./build.mjs');
  await build(say);
  const isBrowserAsked = process.argv.includes('--browser');
  const { findElectron } = await import('./electronRuntime.mjs');
  const electron = isBrowserAsked ? null : await findElectron(root, say);
  if (electron !== null && (await openWindow(electron))) return;
  const { main } = await import('../cli/main.ts');
  const port = process.argv.indexOf('--port');
  process.exitCode = await main(['serve', ...(port > 0 ? ['--port', process.argv[port + 1] ?? ''] : [])]);
});

/** Resolves to false when the window did not open at all, so that the browser can take over. */
function openWindow(electron) {
  const startedAt = Date.now();
  return new Promise((resolve) => {
    // Chromium's sandbox refuses to run as root; a page without sandbox is worse than a browser.
    if (process.getuid?.() === 0 && process.env.ELECTRON_DISABLE_SANDBOX !== '1') {
      say('Electron does not run as root; the studio is served to a browser.');
      resolve(false);
      return;
    }
    const child = spawn(electron, [root], { stdio: 'inherit', env: { ...process.env, PITH_NODE: process.execPath } });
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('error', () => resolve(false));
    child.on('exit', (code) => {
      const isFailure = code !== 0 && Date.now() - startedAt < 5000;
      if (isFailure) say('The window could not be opened; the studio is served to a browser.');
      else process.exitCode = code ?? 0;
      resolve(!isFailure);
    });
  });
}
