import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, chromium, type Browser, type ElectronApplication, type Page } from 'playwright-core';
import { findChromium } from '../helpers/chromium.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const cli = path.join(root, 'main/hosts/cli/pith.mjs');

/** The studio as a person has it before them, in a browser page or in the desktop window. */
export interface Studio {
  readonly page: Page;
  /** Choices that a native or browser dialog for a table gives next. */
  chooseFile(click: () => Promise<void>, file: string): Promise<void>;
  /** Ends everything, window and engine, and begins again on the same home. */
  restart(): Promise<void>;
  close(): Promise<void>;
  /** Folder where this studio keeps its projects. */
  readonly home: string;
  /** What the page complained about: console errors, exceptions, requests that failed. */
  readonly complaints: string[];
  /** Process ids that must be gone after `close`. */
  processes(): number[];
}

export interface StudioOptions {
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** A project to open, as `npx pith serve --project` does. */
  readonly project?: string;
  /** For the studio's own processes, beside what this one has. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Why the desktop window cannot be tested here, or null when it can. */
export function whyNoElectron(): string | null {
  if (!electronPath()) return 'no Electron runtime is installed';
  if (process.platform === 'linux' && !process.env['DISPLAY']) return 'there is no display (run under xvfb-run)';
  return null;
}

function electronPath(): string | null {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? path.join(root, 'node_modules/electron/dist');
  const names = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' } as Record<string, string>;
  const file = path.join(folder, names[process.platform] ?? 'electron');
  return existsSync(file) ? file : null;
}

/** A home folder that goes with the studio. */
function freshHome(): string {
  return mkdtempSync(path.join(tmpdir(), 'pith-e2e-'));
}

export async function openInBrowser({
  theme = 'light',
  width = 1280,
  height = 800,
  env = {},
  project,
}: StudioOptions = {}): Promise<Studio> {
  const home = freshHome();
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium: run npm test, whose set-up gets one');
  let server: ChildProcess;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const begin = async () => {
    const started = await serve(home, env, project);
    server = started.child;
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
    listen(page, complaints);
    await page.goto(started.url);
  };
  const end = async () => {
    await browser.close();
    await stop(server);
  };
  await begin();
  return {
    get page() {
      return page;
    },
    complaints,
    home,
    async chooseFile(click, file) {
      // On a busy machine a key can come before the page listens; a person would press it again.
      for (let tries = 1; ; tries++) {
        const chosen = page.waitForEvent('filechooser', { timeout: tries < 4 ? 6000 : 30_000 });
        const [chooser] = await Promise.allSettled([chosen, click()]);
        if (chooser.status === 'fulfilled') return chooser.value.setFiles(file);
        if (tries === 4) throw chooser.reason;
      }
    },
    async restart() {
      await end();
      await begin();
    },
    async close() {
      await end();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
    processes: () => (server.pid === undefined ? [] : [server.pid]),
  };
}

export interface DesktopStudio extends Studio {
  readonly app: ElectronApplication;
}

export async function openInElectron({ theme = 'light' }: StudioOptions = {}): Promise<DesktopStudio> {
  const home = freshHome();
  let app: ElectronApplication;
  let page: Page;
  const complaints: string[] = [];
  const begin = async () => {
    app = await _electron.launch({
      executablePath: electronPath()!,
      args: ['--no-sandbox', `--user-data-dir=${path.join(home, 'electron')}`, root],
      env: { ...(process.env as Record<string, string>), PITH_HOME: home, ELECTRON_DISABLE_SANDBOX: '1' },
      colorScheme: theme,
    });
    page = await app.firstWindow();
    await app.context().addInitScript(fillOldRuntime);
    await page.reload();
    listen(page, complaints);
  };
  await begin();
  return {
    get page() {
      return page;
    },
    get app() {
      return app;
    },
    complaints,
    home,
    async chooseFile(click, file) {
      // The dialog is the system's own: Playwright cannot see it, so its answer is given in the main process.
      await app.evaluate(({ dialog }, chosen) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
      }, file);
      await click();
    },
    async restart() {
      await app.close();
      await begin();
    },
    async close() {
      await app.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
    processes: () => [app.process().pid!],
  };
}

/** The runtime found may be older than ours: what the language has gained since is put in, so that the rest is tested. */
function fillOldRuntime(): void {
  const fill = (name: string, work: (this: unknown[], ...args: never[]) => unknown) => {
    // oxlint-disable-next-line eslint/no-extend-native -- in the page under test, as a newer runtime has it
    if (!(name in Array.prototype)) Object.defineProperty(Array.prototype, name, { value: work, configurable: true });
  };
  fill('toSorted', function (order?: (a: unknown, b: unknown) => number) {
    return [...this].sort(order);
  });
  fill('toReversed', function () {
    return [...this].reverse();
  });
  fill('toSpliced', function (...args: unknown[]) {
    const copy = [...this];
    copy.splice(...(args as [number, number]));
    return copy;
  });
  fill('with', function (index: number, value: unknown) {
    return this.map((old, i) => (i === (index < 0 ? this.length + index : index) ? value : old));
  });
}

function listen(page: Page, complaints: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
}

/** The web host as `npx pith serve` starts it. */
async function serve(
  home: string,
  env: Readonly<Record<string, string>>,
  project: string | undefined,
): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [cli, 'serve', ...(project === undefined ? [] : ['--project', project])], {
    env: { ...process.env, ...env, PITH_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    const read = (text: Buffer) => {
      said += text.toString();
      const url = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(said)?.[0];
      if (url) resolve({ child, url });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) => reject(new Error(`the studio ended with ${code}: ${said}`)));
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
