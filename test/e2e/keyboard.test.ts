import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openInBrowser, type Studio } from './driver.ts';
import { writeLoans } from './loanTable.ts';

/** Runs what the palette finds first for `words`. */
async function command({ page }: Studio, words: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByPlaceholder('Search or run a command').waitFor();
  await page.keyboard.type(words);
  await page
    .locator('.mantine-Spotlight-action[data-selected]')
    .or(page.locator('.mantine-Spotlight-action'))
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await page.getByPlaceholder('Search or run a command').waitFor({ state: 'hidden' });
}

const focused = ({ page }: Studio) =>
  page.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('aria-label') ?? 'centre');

test('a whole run without a mouse: import, train, read, compare regions, trash, undo', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pith-table-'));
  const studio = await openInBrowser();
  onTestFinished(async () => {
    await studio.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { page } = studio;
  const { keyboard } = page;
  await page.getByText('Sample projects').waitFor();

  await studio.chooseFile(() => keyboard.press('ControlOrMeta+o'), writeLoans(folder));
  const dialog = page.getByRole('dialog', { name: /Import loans.csv/ });
  const go = dialog.getByRole('button', { name: 'Import', exact: true });
  await expect.poll(() => go.isEnabled()).toBe(true);
  // The last control of the dialog is one step back from its first.
  for (let i = 0; i < 4 && !(await go.evaluate((button) => button === document.activeElement)); i++) {
    await keyboard.press('Shift+Tab');
  }
  expect(await go.evaluate((button) => button === document.activeElement)).toBe(true);
  await keyboard.press('Enter');
  await page.getByRole('tab', { name: 'loans', exact: true }).waitFor();
  await page.getByText('6,000 rows × 5 columns').waitFor();

  // The grid: arrows move, and the inspector shows the whole row.
  await page.getByRole('gridcell', { name: 'business' }).first().focus();
  await keyboard.press('ArrowDown');
  await page
    .getByRole('region', { name: /^Row \d+/ })
    .getByText('purpose')
    .waitFor();

  await command(studio, 'Profile of defaulted');
  await page.getByRole('region', { name: 'Profile of defaulted' }).waitFor();
  await command(studio, 'Predict defaulted');
  await page.locator('.monaco-editor .view-line').first().waitFor();
  await page.getByRole('tab', { name: 'loans.pith.yaml' }).waitFor();
  await expect.poll(() => page.getByRole('button', { name: /Start run/ }).isEnabled()).toBe(true);
  await keyboard.press('ControlOrMeta+Enter');
  await page.getByRole('button', { name: 'Open Run 1' }).waitFor({ timeout: 60_000 });
  await expect.poll(() => page.getByText('Run 1, done').count(), { timeout: 60_000 }).toBe(1);
  await command(studio, 'Run 1');
  await page.locator('.run-tile', { hasText: 'ROC AUC' }).first().waitFor();

  // F6 walks every region and comes back; Shift+F6 goes the other way.
  await keyboard.press('F6');
  const start = await focused(studio);
  const walked = [start];
  for (let i = 0; i < 12; i++) {
    await keyboard.press('F6');
    if ((await focused(studio)) === start) break;
    walked.push(await focused(studio));
  }
  expect(walked).toEqual(expect.arrayContaining(['Sections', 'Runs', 'Open', 'Jobs', 'Title bar']));
  await keyboard.press('Shift+F6');
  expect(await focused(studio)).toBe(walked.at(-1));

  // Inspector and panel open and close.
  const aside = page.getByRole('complementary', { name: 'Details' });
  await keyboard.press('ControlOrMeta+i');
  await aside.waitFor({ state: 'hidden' });
  await keyboard.press('ControlOrMeta+i');
  await aside.waitFor();
  await keyboard.press('ControlOrMeta+j');
  await page.getByRole('listitem', { name: /Run 1/ }).waitFor();
  await keyboard.press('ControlOrMeta+j');

  // A chart's table, reached and opened by keys.
  await page.getByRole('button', { name: 'ROC: show the table' }).focus();
  await keyboard.press('Enter');
  await page.getByRole('region', { name: 'ROC, table' }).getByRole('row').nth(3).waitFor();

  // The list of runs: to the trash and back.
  await keyboard.press('ControlOrMeta+5');
  await keyboard.press('ControlOrMeta+5');
  const row = page.getByRole('row', { name: /Run 1/ });
  await row.waitFor();
  await row.focus();
  await keyboard.press('Delete');
  await row.waitFor({ state: 'hidden' });
  await keyboard.press('ControlOrMeta+z');
  await row.waitFor();
  await keyboard.press('ControlOrMeta+Shift+Z');
  await row.waitFor({ state: 'hidden' });
  await keyboard.press('ControlOrMeta+z');
  await row.waitFor();

  // Tabs: step back to the run, close it.
  const tabs = page.getByRole('tab');
  const open = await tabs.count();
  await keyboard.press('Alt+w');
  await expect.poll(() => tabs.count()).toBe(open - 1);
  expect(studio.complaints).toEqual([]);
});
