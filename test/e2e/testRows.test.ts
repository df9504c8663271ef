import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openInBrowser } from './driver.ts';
import { writeLoans } from './loanTable.ts';
import { importTable, runToTheEnd, writeTrainFile } from './steps.ts';

const configOf = (model: string) => [
  'data: {dataset: loans, target: defaulted}',
  'split: {test: 0.2}',
  'coreset: {size: 400}',
  `model: {type: ${model}}`,
];

test('rows kept for the test are locked until they are opened, with the keyboard too, and every look is told', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pith-table-'));
  const studio = await openInBrowser();
  onTestFinished(async () => {
    await studio.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { page } = studio;
  const section = (name: string) => page.getByRole('button', { name, exact: true }).first().click();
  const train = async (name: string, model: string) => {
    await section('Train');
    await page.locator('.monaco-editor .view-line').first().waitFor();
    await writeTrainFile(studio, configOf(model));
    await runToTheEnd(studio, name);
  };
  await importTable(studio, writeLoans(folder));
  await page.getByRole('button', { name: 'Train on this' }).click();
  await train('Run 1', 'logisticRegression');
  const rows = page.getByRole('region', { name: 'Test rows' });
  expect(await rows.innerText()).toContain('1,200 locked');
  expect(await rows.locator('.run-tile').count()).toBe(0);

  // A person who thinks again has looked at nothing.
  await rows.getByRole('button', { name: 'Open test rows…' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Open the test rows of Run 1' });
  expect(await dialog.innerText()).toContain('No run has looked at these rows so far.');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await rows.innerText()).toContain('locked');
  // The keyboard goes on from where it was.
  await page.waitForFunction(() => document.activeElement?.textContent === 'Open test rows…');

  await rows.getByRole('button', { name: 'Open test rows…' }).click();
  await dialog.getByRole('button', { name: 'Open test rows' }).click();
  await rows.locator('.run-tile').first().waitFor({ timeout: 30_000 });
  const told = await rows.innerText();
  expect(told).toMatch(/1,200 test rows/);
  expect(told).toContain('1 run has looked at these test rows.');
  expect(told).toMatch(/ROC AUC\s+0\.\d+\s+0\.\d+ to 0\.\d+\s+validation 0\.\d+/);
  // A threshold chosen on validation rows says so, and what it does on rows it was not chosen on.
  await page.getByRole('button', { name: /Lowest cost at/ }).click();
  await page.getByRole('textbox', { name: /Predict yes at or above/ }).fill('0.30');
  await page.getByText('Chosen on these 1,200 validation rows: expect a little less on new rows.').waitFor();
  expect(await page.getByLabel('On test rows').innerText()).toMatch(/Precision \d+.* %\s+Recall \d+/s);

  await train('Run 2', 'decisionTree');
  expect(await rows.innerText()).toContain('1 run has looked at these test rows.');
  await rows.getByRole('button', { name: 'Open test rows…' }).click();
  const second = page.getByRole('dialog', { name: 'Open the test rows of Run 2' });
  expect(await second.innerText()).toContain('1 run has looked at these rows already.');
  await second.getByRole('button', { name: 'Open test rows' }).click();
  await page
    .getByText('2 runs have looked at these test rows; the best of them is flattered.')
    .waitFor({ timeout: 30_000 });

  await studio.restart();
  const again = studio.page;
  await again.getByRole('button', { name: 'Projects', exact: true }).click();
  await again.getByRole('button', { name: 'Open loans', exact: true }).first().click();
  await again.getByRole('button', { name: 'Runs', exact: true }).click();
  for (const name of ['Run 1', 'Run 2']) await again.getByRole('checkbox', { name: `Select ${name}` }).click();
  await again.getByRole('button', { name: 'Compare 2' }).click();
  const compare = again.getByRole('region', { name: 'Compare' });
  await compare.getByText('On test rows').waitFor();
  expect(await compare.getByRole('row', { name: /Runs that looked/ }).innerText()).toMatch(/2\s+2/);
  expect(studio.complaints).toEqual([]);
});
