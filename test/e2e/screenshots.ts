/** `npm run screenshots [-- FOLDER]` takes the pictures of docs/screenshots: each page, both themes, two sizes. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { openInBrowser } from './driver.ts';
import { writeLoans } from './loanTable.ts';
import { importTable, runToTheEnd, writeTrainFile } from './steps.ts';

const out = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '../../docs/screenshots'));
const SIZES = [
  [1280, 800],
  [1920, 1080],
] as const;

async function shoot(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      await page.mouse.move(width / 2, 18);
      // Charts draw themselves anew for theme and size.
      await page.waitForTimeout(800);
      await page.screenshot({ path: path.join(out, `${name}-${theme}-${width}.png`) });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
}

mkdirSync(out, { recursive: true });
const folder = mkdtempSync(path.join(tmpdir(), 'pith-table-'));
const studio = await openInBrowser();
const { page } = studio;
const section = (name: string) => page.getByRole('button', { name, exact: true }).first().click();
const part = (name: string) => page.locator('.run-parts label', { hasText: name }).click();
const file = writeLoans(folder);

/** A train file of its own for each run, as they are told apart in the list. */
async function train(name: string, lines: readonly string[]): Promise<void> {
  await section('Train');
  await page.locator('.monaco-editor .view-line').first().waitFor();
  await writeTrainFile(studio, lines);
  await runToTheEnd(studio, name);
}

try {
  await page.getByText('Sample projects').waitFor();
  await page.getByText('3,000,000 × 6').first().waitFor();
  await shoot(page, 'start');

  await studio.chooseFile(() => page.getByRole('button', { name: 'Choose file' }).click(), file);
  await page.getByRole('combobox', { name: 'Delimiter' }).waitFor();
  await shoot(page, 'import');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Close' })
    .or(page.locator('.mantine-Modal-close'))
    .first()
    .click();
  await importTable(studio, file);
  await page.getByText('6,000 rows × 5 columns').waitFor();
  await shoot(page, 'data');
  await page.locator('.side-row', { hasText: 'debt' }).click();
  await shoot(page, 'data-column');

  await section('Train');
  await page.getByRole('combobox', { name: 'Target' }).click();
  await page.getByRole('option', { name: 'defaulted' }).click();
  await page.waitForTimeout(1500);
  await shoot(page, 'propose');
  await section('Data');
  await page.locator('.side-row', { hasText: 'defaulted' }).click();
  await page.getByRole('button', { name: 'Predict defaulted' }).click();
  await page.locator('.monaco-editor .view-line').first().waitFor();
  await page.getByRole('radio', { name: 'a coreset, checked on all rows' }).check();
  await page.getByRole('button', { name: /Start run/ }).click();
  await page.getByText('Run 1, done').waitFor({ timeout: 60_000 });
  await shoot(page, 'train');

  await page.getByRole('button', { name: 'Open Run 1' }).click();
  await page.getByText('Fidelity: gap to all rows').waitFor();
  await shoot(page, 'run');
  await part('Understand');
  await shoot(page, 'run-understand');
  await part('Search');
  await shoot(page, 'run-search');
  await page.getByRole('button', { name: 'Use the model' }).click();
  await page.getByRole('menuitem', { name: 'Export as ONNX' }).click();
  await shoot(page, 'export');
  await page.keyboard.press('Escape');

  await train('Run 2', [
    'data: {dataset: loans, target: defaulted}',
    'coreset: {size: 2000, seed: 42}',
    'model: {type: gradientBoosting, params: {maxIter: 60}}',
  ]);
  await train('Run 3', [
    'data: {dataset: loans, target: defaulted}',
    'coreset: {size: 1000, seed: 7}',
    'model: {type: neuralNetwork, params: {epochs: 30}}',
  ]);
  await shoot(page, 'run-network');

  await section('Runs');
  await page.keyboard.press('ControlOrMeta+5');
  await page.getByRole('row', { name: /Run 3/ }).waitFor();
  await shoot(page, 'runs');
  for (const name of ['Run 1', 'Run 2']) await page.getByRole('checkbox', { name: `Select ${name}` }).click();
  await page.getByRole('button', { name: 'Compare 2' }).click();
  await shoot(page, 'compare');

  await section('Coresets');
  await page.getByRole('button', { name: 'Build a coreset' }).click();
  await page.waitForTimeout(500);
  await shoot(page, 'coreset-new');
  await page.getByRole('combobox', { name: 'Target' }).click();
  await page.getByRole('option', { name: 'defaulted' }).click();
  await page.getByRole('button', { name: 'Build', exact: true }).click();
  await page.getByRole('cell').getByRole('button').first().click({ timeout: 30_000 });
  await page.waitForTimeout(2500);
  await shoot(page, 'coreset');

  await page.keyboard.press('ControlOrMeta+j');
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('run');
  await shoot(page, 'palette');
} catch (cause) {
  await page.screenshot({ path: path.join(out, 'failed.png') });
  throw cause;
} finally {
  console.log(studio.complaints.join('\n'));
  await studio.close();
  rmSync(folder, { recursive: true, force: true });
}
