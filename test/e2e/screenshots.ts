/** `node test/e2e/screenshots.ts` takes the pictures in docs/screenshots: each page, both themes, two sizes. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { openInBrowser } from './driver.ts';
import { writeLoans } from './loanTable.ts';

const out = path.resolve(import.meta.dirname, '../../docs/screenshots');
const SIZES = [
  [1280, 800],
  [1920, 1080],
] as const;

async function shoot(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      await page.mouse.move(0, 0);
      // Charts draw themselves anew for theme and size.
      await page.waitForTimeout(900);
      await page.screenshot({ path: path.join(out, `${name}-${theme}-${width}.png`) });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
}

const open = (page: Page, section: string) => page.getByRole('button', { name: section, exact: true }).click();

mkdirSync(out, { recursive: true });
const folder = mkdtempSync(path.join(tmpdir(), 'pith-table-'));
const studio = await openInBrowser();
const { page } = studio;
try {
  await page.getByText('Sample projects').waitFor();
  await shoot(page, 'start');
  await studio.chooseFile(() => page.getByRole('button', { name: 'Choose file' }).click(), writeLoans(folder));
  await page.getByRole('combobox', { name: 'Delimiter' }).waitFor();
  await page.waitForTimeout(800);
  await shoot(page, 'import');
  await page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('6,000 rows × 5 columns').waitFor();
  await page.waitForTimeout(1500);
  await shoot(page, 'data');
  await page.getByRole('button', { name: 'Train on this' }).click();
  await page.locator('.monaco-editor .view-line').first().waitFor();
  await page.getByRole('button', { name: /Start run/ }).click();
  await page.getByRole('button', { name: 'Open Run 1' }).waitFor({ timeout: 60_000 });
  await page.waitForTimeout(500);
  await shoot(page, 'train');
  await page.getByRole('button', { name: 'Open Run 1' }).click();
  await page.getByText('Fidelity: gap to all rows').waitFor();
  await shoot(page, 'run');
  await open(page, 'Runs');
  await page.getByRole('row', { name: /Run 1/ }).waitFor();
  await shoot(page, 'runs');
  await open(page, 'Coresets');
  await page.getByRole('button', { name: 'Build a coreset' }).click();
  await page.waitForTimeout(800);
  await shoot(page, 'coreset-new');
  await page.getByRole('combobox', { name: 'Target' }).click();
  await page.getByRole('option', { name: 'defaulted' }).click();
  await page.getByRole('button', { name: 'Build', exact: true }).click();
  await page
    .getByText(/stand for|Levels|Important/)
    .first()
    .waitFor({ timeout: 30_000 });
  await page.waitForTimeout(2500);
  await shoot(page, 'coreset');
} finally {
  console.log(studio.complaints.join('\n'));
  await studio.close();
  rmSync(folder, { recursive: true, force: true });
}
