import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { mkdtempSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { build } from '../../../main/hosts/start/build.mjs';
import { findChromium } from '../../helpers/chromium.mjs';
import { row, timingOf, type Bench } from '../harness.ts';

const root = path.resolve(import.meta.dirname, '../../..');

export const start: Bench = {
  name: 'start',
  description: 'Engine process until it is ready, and npm start until the first page can be used',
  async run({ nRuns, tempDir, log }) {
    await build(log);
    const engine: number[] = [];
    for (let i = 0; i <= nRuns; i++) engine.push(await engineReady(tempDir));
    const rows = [row('engine ready', 's', timingOf(engine.slice(1)), null)];
    const executablePath = findChromium();
    if (executablePath === null) return rows;
    const page: number[] = [];
    for (let i = 0; i <= nRuns; i++) page.push(await pageReady(tempDir, executablePath));
    return [...rows, row('npm start to the first page, in a browser', 's', timingOf(page.slice(1)), null)];
  },
};

async function engineReady(folder: string): Promise<number> {
  const from = performance.now();
  const child = fork(path.join(root, 'main/hosts/child/main.ts'), [], {
    env: { ...process.env, PITH_HOME: mkdtempSync(path.join(folder, 'home-')) },
    stdio: 'ignore',
  });
  await once(child, 'message');
  const seconds = (performance.now() - from) / 1000;
  child.disconnect();
  await once(child, 'exit');
  return seconds;
}

/** A browser that is open already, as a person's is; the sample project is made on the first start. */
async function pageReady(folder: string, executablePath: string): Promise<number> {
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const page = await browser.newPage();
  const from = performance.now();
  const child = spawn(process.execPath, [path.join(root, 'main/hosts/start/start.mjs'), '--browser'], {
    env: { ...process.env, PITH_HOME: mkdtempSync(path.join(folder, 'home-')) },
  });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    const look = (text: Buffer) => {
      said += text.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.on('exit', () => reject(new Error(`npm start ended: ${said}`)));
  });
  await page.goto(url);
  await page.getByRole('button', { name: 'Choose file' }).click({ trial: true });
  const seconds = (performance.now() - from) / 1000;
  await browser.close();
  child.kill('SIGTERM');
  await once(child, 'exit');
  return seconds;
}
