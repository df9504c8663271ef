import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openInBrowser } from './driver.ts';
import { writeLoans } from './loanTable.ts';
import { importTable } from './steps.ts';

test('a second studio on the same project is told, reads everything, changes nothing', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pith-table-'));
  const first = await openInBrowser();
  onTestFinished(async () => {
    await first.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await importTable(first, writeLoans(folder));
  const second = await openInBrowser({ project: path.join(first.home, 'loans') });
  onTestFinished(() => second.close());
  const { page } = second;
  await page.getByRole('button', { name: 'Data', exact: true }).click();
  await page.getByText('6,000 rows × 5 columns').waitFor();
  await page
    .getByRole('contentinfo', { name: 'Status' })
    .getByText(/read-only/)
    .waitFor();
  await page.getByRole('gridcell', { name: 'business' }).first().waitFor();
  expect(await page.getByRole('button', { name: 'Import table' }).isDisabled()).toBe(true);
  expect(await page.getByRole('button', { name: 'Train on this' }).isDisabled()).toBe(true);

  // The first goes on as before, and what it writes is there for the second.
  await first.page.getByRole('button', { name: 'Train on this' }).click();
  await first.page.locator('.monaco-editor .view-line').first().waitFor();
  await first.page.getByRole('button', { name: /Start run/ }).click();
  await first.page.getByRole('button', { name: 'Open Run 1' }).click({ timeout: 60_000 });
  await first.page.locator('.run-tile', { hasText: 'ROC AUC' }).first().waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Runs', exact: true }).click();
  const row = page.getByRole('row', { name: /Run 1/ });
  await row.waitFor();
  await row.focus();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'Actions of Run 1' }).click();
  expect(await page.getByRole('menuitem', { name: 'Move to trash' }).isDisabled()).toBe(true);
  expect(await row.count()).toBe(1);
  expect([...first.complaints, ...second.complaints]).toEqual([]);
});
