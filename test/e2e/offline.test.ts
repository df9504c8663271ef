import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openInBrowser } from './driver.ts';
import { writeLoans } from './loanTable.ts';
import { importTable, runToTheEnd } from './steps.ts';

const watcher = path.resolve(import.meta.dirname, '../helpers/watchSockets.cjs');

/** Remote addresses of the open sockets of `pids`, from the kernel's own tables (Linux): native code is seen too. */
function remoteAddresses(pids: readonly number[]): string[] {
  const inodes = new Set<string>();
  for (const pid of pids) {
    try {
      for (const fd of readdirSync(`/proc/${pid}/fd`)) {
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
        if (inode !== undefined) inodes.add(inode);
      }
    } catch {
      // The process, or the file, has gone since it was listed.
    }
  }
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => inodes.has(fields[9] ?? ''))
      .map((fields) => fields[2]!.split(':')[0]!)
      .filter((address) => !/^0+$/.test(address) && !address.endsWith('7F') && !/^0{24}01000000$/.test(address)),
  );
}

test('no socket leaves the machine while a table is imported, trained on and explained', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pith-offline-'));
  const log = path.join(folder, 'sockets');
  const studio = await openInBrowser({
    env: { NODE_OPTIONS: `--require ${JSON.stringify(watcher)}`, PITH_WATCH_SOCKETS: log },
  });
  const processes = () =>
    readFileSync(`${log}.processes`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => Number(line.split(' ')[0]));
  const seen = new Set<string>();
  const timer = setInterval(() => {
    if (process.platform === 'linux') for (const address of remoteAddresses(processes())) seen.add(address);
  }, 50);
  onTestFinished(async () => {
    clearInterval(timer);
    await studio.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { page } = studio;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('websocket', (socket) => asked.push(socket.url()));
  await page.reload();
  await importTable(studio, writeLoans(folder));
  // The editor and the charts are large: they come when a page with one is opened.
  const large = () => asked.map((url) => /monacoSetup|plotly/.exec(url)?.[0]).filter(Boolean);
  expect(large()).toEqual([]);
  await page.getByRole('button', { name: 'Train on this' }).click();
  await page.locator('.monaco-editor .view-line').first().waitFor();
  await runToTheEnd(studio, 'Run 1');
  await page.locator('.run-parts label', { hasText: 'Understand' }).click();
  await page.getByText('Coefficients').first().waitFor();

  expect(new Set(large())).toEqual(new Set(['monacoSetup', 'plotly']));
  const { host } = new URL(page.url());
  const isOwn = (url: string) => /^(data|blob):/.test(url) || new URL(url).host === host;
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((url) => !isOwn(url))).toEqual([]);
  // The engine, the import and the run: all of them were watched.
  expect(new Set(processes()).size).toBeGreaterThanOrEqual(3);
  expect(existsSync(log) ? readFileSync(log, 'utf8') : '').toBe('');
  expect([...seen]).toEqual([]);
  expect(studio.complaints).toEqual([]);
});
