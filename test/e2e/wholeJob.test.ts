import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openInBrowser, openInElectron, whyNoElectron, type Studio } from './driver.ts';
import { writeLoans } from './loanTable.ts';

/** The whole job as a person does it; resolves to what the page complained about. */
async function wholeJob(studio: Studio): Promise<readonly string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pith-table-'));
  try {
    await importTable(studio, writeLoans(folder));
    await train(studio);
    await readTheRun(studio);
    await cancelOne(studio);
    await studio.restart();
    await findItAgain(studio);
    return studio.complaints;
  } finally {
    await studio.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function importTable(studio: Studio, file: string): Promise<void> {
  const { page } = studio;
  await studio.chooseFile(() => page.getByRole('button', { name: 'Choose file' }).click(), file);
  const dialog = page.getByRole('dialog', { name: /Import loans.csv/ });
  await expect.poll(() => dialog.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('loans');
  // The semicolon was detected, and the person can see it.
  await expect.poll(() => dialog.getByRole('combobox', { name: 'Delimiter' }).inputValue()).toBe('semicolon');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('6,000 rows × 5 columns').waitFor();
  await page.getByRole('gridcell', { name: 'business' }).first().waitFor();
  await page.getByText('income').first().waitFor();
}

async function train({ page }: Studio): Promise<void> {
  await page.getByRole('button', { name: 'Train on this' }).click();
  await page.locator('.monaco-editor .view-line').first().waitFor();
  expect(await page.locator('.monaco-editor').innerText()).toContain('logisticRegression');
  // Left to Pith, so small a table would be searched as it is.
  expect(await page.getByRole('radio', { name: 'whichever costs less' }).isChecked()).toBe(true);
  await page.getByRole('radio', { name: 'a coreset, checked on all rows' }).check();
  await page.getByRole('button', { name: /Start run/ }).click();
  await page.getByRole('button', { name: 'Open Run 1' }).click({ timeout: 60_000 });
}

async function readTheRun({ page }: Studio): Promise<void> {
  await page.getByRole('heading', { name: /^Run 1/ }).waitFor();
  const auc = await page.locator('.run-tile', { hasText: 'ROC AUC' }).first().innerText();
  const value = Number(/0\.\d{3,4}/.exec(auc)?.[0]);
  // The label was drawn from the columns: what can be known of it is worth about 0.9.
  expect(value).toBeGreaterThan(0.8);
  expect(value).toBeLessThan(0.97);
  await page.getByText('Fidelity: gap to all rows').waitFor();
  await expect.poll(() => page.locator('.js-plotly-plot').count()).toBeGreaterThan(2);
}

async function cancelOne({ page }: Studio): Promise<void> {
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  const editor = page.locator('.monaco-editor').first();
  await editor.locator('.view-line').first().click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(
    [
      'data: {dataset: loans, target: defaulted}',
      'model: {type: gradientBoosting, params: {maxIter: 2000}}',
      'tune: {method: random, space: {maxDepth: [3, 4, 5, 6, 7, 8]}, trials: 500, on: full}',
    ].join('\n'),
  );
  // The form beside the file follows it once the engine has checked it.
  await expect.poll(() => page.getByRole('combobox', { name: 'Estimator' }).inputValue()).toBe('Gradient boosting');
  await page.getByText('saved', { exact: true }).waitFor();
  await page.getByRole('button', { name: /Start run/ }).click();
  await page.keyboard.press('ControlOrMeta+J');
  const job = page.getByRole('listitem', { name: /Run 2/ });
  await job.getByRole('button', { name: /^Cancel/ }).click({ timeout: 30_000 });
  await job.getByText('Cancelled', { exact: true }).waitFor({ timeout: 30_000 });
}

async function findItAgain({ page }: Studio): Promise<void> {
  await page.getByRole('button', { name: 'Projects', exact: true }).click();
  await page.getByRole('button', { name: 'Open loans', exact: true }).first().click();
  await page.getByRole('button', { name: 'Runs', exact: true }).click();
  const first = page.getByRole('row', { name: /Run 1/ });
  await first.waitFor();
  expect(await first.innerText()).toMatch(/0\.\d{3}/);
  expect(await page.getByRole('row', { name: /Run 2/ }).innerText()).toMatch(/cancelled/i);
}

describe('import, train, read, cancel, find again', () => {
  test('in a browser page', async () => {
    expect(await wholeJob(await openInBrowser())).toEqual([]);
  });

  const why = whyNoElectron();
  test.skipIf(why !== null)(`in the desktop window${why === null ? '' : `: ${why}`}`, async () => {
    const studio = await openInElectron();
    const [pid] = studio.processes();
    expect(await wholeJob(studio)).toEqual([]);
    expect(pid === undefined ? false : isAlive(pid)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
