import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openInElectron, whyNoElectron, type DesktopStudio } from './driver.ts';

const why = whyNoElectron();

/** What ARCHITECTURE.md promises of the shell, asked of the running window. */
describe.skipIf(why !== null)(`the desktop shell${why === null ? '' : `: ${why}`}`, () => {
  let studio: DesktopStudio;
  beforeAll(async () => {
    studio = await openInElectron();
    await studio.page.getByText('Sample projects').waitFor();
  });
  afterAll(() => studio.close());

  test('the page is app://studio, with our content security policy, and nothing outside its folder', async () => {
    expect(studio.page.url()).toMatch(/^app:\/\/studio\//);
    const answers = await studio.page.evaluate(async () => {
      const ask = async (url: string) => {
        const answer = await fetch(url);
        return { status: answer.status, csp: answer.headers.get('content-security-policy') };
      };
      return {
        page: await ask('app://studio/index.html'),
        outside: await ask('app://studio/..%2f..%2fpackage.json'),
        other: await fetch('app://elsewhere/index.html').then(
          (answer) => answer.status,
          () => 404,
        ),
      };
    });
    expect(answers.page.status).toBe(200);
    expect(answers.page.csp).toContain("script-src 'self'");
    expect(answers.page.csp).toContain("default-src 'none'");
    expect(answers.outside.status).toBe(404);
    expect(answers.other).toBe(404);
  });

  test('the page has no Node, no Electron, and only our verbs', async () => {
    const found = await studio.page.evaluate(() => ({
      globals: ['require', 'process', 'module', 'Buffer', 'ipcRenderer'].filter((name) => name in globalThis),
      verbs: Object.keys((globalThis as unknown as { studio: object }).studio).sort(),
    }));
    expect(found.globals).toEqual([]);
    const inWorker = await studio.page.evaluate(
      () =>
        new Promise((resolve) => {
          const source = new Blob(['postMessage([typeof require, typeof process])'], { type: 'text/javascript' });
          const worker = new Worker(URL.createObjectURL(source));
          worker.addEventListener('message', ({ data }) => resolve(data));
        }),
    );
    expect(inWorker).toEqual(['undefined', 'undefined']);
    expect(found.verbs).toEqual(
      ['call', 'onCommand', 'onEvent', 'onOpenFile', 'openDialog', 'pathOf', 'platform', 'saveDialog'].sort(),
    );
  });

  test('isolation, sandbox and web security are on, all else is off', async () => {
    const preferences = await studio.app.evaluate(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!;
      return (webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
    });
    expect(preferences).toMatchObject({
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      sandbox: true,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
    });
    expect(preferences['enableBlinkFeatures'] ?? '').toBe('');
  });

  test('it does not navigate away, opens no window, is given no permission and reaches no network', async () => {
    const { page, app } = studio;
    const opened = await page.evaluate(() => window.open('https://example.com') === null);
    expect(opened).toBe(true);
    await page.evaluate(() => {
      location.href = 'https://example.com/';
    });
    await page.waitForTimeout(300);
    expect(page.url()).toMatch(/^app:\/\/studio\//);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    const asked = await page.evaluate(async () => ({
      notifications: await Notification.requestPermission(),
      geolocation: (await navigator.permissions.query({ name: 'geolocation' })).state,
      camera: await navigator.mediaDevices?.getUserMedia({ video: true }).then(
        () => 'granted',
        () => 'denied',
      ),
    }));
    expect(asked).toEqual({ notifications: 'denied', geolocation: 'denied', camera: 'denied' });
    // The policy of the page forbids it first; the session's own guard would, had the page none.
    const reached = await app.evaluate(async ({ BrowserWindow, session }) => {
      const hidden = new BrowserWindow({ show: false, webPreferences: { session: session.defaultSession } });
      const failure = await hidden.loadURL('https://127.0.0.1:9/').then(
        () => 'loaded',
        (cause: Error) => cause.message,
      );
      hidden.destroy();
      return failure;
    });
    expect(reached).toMatch(/ERR_BLOCKED_BY_CLIENT/);
  });

  test('a train file that the system opens joins the open project', async () => {
    const { page, app, home } = studio;
    const file = path.join(home, 'from-elsewhere.pith.yaml');
    writeFileSync(file, 'data: {dataset: Flights, target: late}\nmodel: {type: logisticRegression}\n');
    await app.evaluate(({ app: shell }, argument) => {
      shell.emit('second-instance', {}, ['pith', argument], '/');
    }, file);
    await page.getByRole('tab', { name: 'from-elsewhere.pith.yaml' }).waitFor();
    await page.locator('.monaco-editor .view-line').first().waitFor();
    expect(await page.locator('.monaco-editor').first().innerText()).toContain('logisticRegression');
  });

  test('the native menu reaches the commands of the page', async () => {
    const { page, app } = studio;
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await app.evaluate(({ Menu, BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows()[0]!;
      const find = (label: RegExp) =>
        Menu.getApplicationMenu()!
          .items.flatMap((item) => item.submenu?.items ?? [])
          .find((item) => label.test(item.label))!;
      find(/Keyboard shortcuts/).click(undefined, window, undefined);
    });
    const card = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await card.waitFor();
    expect(await card.innerText()).toContain('Command palette');
    await page.keyboard.press('Escape');
    await app.evaluate(({ Menu, BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows()[0]!;
      Menu.getApplicationMenu()!
        .items.flatMap((item) => item.submenu?.items ?? [])
        .find((item) => /Command palette/.test(item.label))!
        .click(undefined, window, undefined);
    });
    await page.getByPlaceholder('Search or run a command').waitFor();
    await page.keyboard.press('Escape');
  });
});
