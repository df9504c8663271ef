// Finds an Electron runtime: the one of ELECTRON_OVERRIDE_DIST_PATH, or the npm package's, fetched at the first start.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const fetchTimeoutMs = 60_000;
const retryAfterMs = 24 * 3600 * 1000;

/** Path of the Electron executable, or null with the reason said. */
export async function findElectron(root, say) {
  if (!hasDisplay()) {
    say('There is no display, so the studio is served to a browser.');
    return null;
  }
  const executable =
    { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron';
  const own = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (own) {
    const file = path.join(own, executable);
    if (existsSync(file)) return file;
    say(`ELECTRON_OVERRIDE_DIST_PATH has no ${executable}; the studio is served to a browser.`);
    return null;
  }
  const folder = path.join(root, 'node_modules', 'electron');
  const file = path.join(folder, 'dist', executable);
  if (existsSync(file)) return file;
  if (!existsSync(path.join(folder, 'install.js'))) return null;
  if (await fetchRuntime(root, folder, say)) return existsSync(file) ? file : null;
  say('The Electron runtime could not be fetched; the studio is served to a browser.');
  return null;
}

function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** One try a day, so that a machine behind a wall does not wait at every start. */
async function fetchRuntime(root, folder, say) {
  const failedPath = path.join(root, 'node_modules', '.cache', 'pith', 'electron-failed');
  const isRecent = existsSync(failedPath) && Date.now() - statSync(failedPath).mtimeMs < retryAfterMs;
  if (isRecent && readFileSync(failedPath, 'utf8') === versionOf(folder)) return false;
  say('Fetching the Electron runtime, once …');
  const isDone = await new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(folder, 'install.js')], { cwd: folder, stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), fetchTimeoutMs);
    child.on('error', () => resolve(false));
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
  if (!isDone) {
    mkdirSync(path.dirname(failedPath), { recursive: true });
    writeFileSync(failedPath, versionOf(folder));
  }
  return isDone;
}

function versionOf(folder) {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).version;
}
