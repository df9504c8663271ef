import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createRng } from '../../main/kernels/rng.ts';
import { openInBrowser } from './driver.ts';
import { importTable, runToTheEnd, writeTrainFile } from './steps.ts';

const HOSTILE = [
  '<img src=x onerror="window.pwned=1">',
  '<script>window.pwned=1</script>',
  '=HYPERLINK("http://example.com","x")',
  '@SUM(1+1)',
  'javascript:window.pwned=1',
];
const CLASSES = ['<b>no</b>', '=1+1'];
const COLUMN = '<i onclick="window.pwned=1">income</i>';

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

function writeHostileTable(folder: string): string {
  const rng = createRng(3);
  const lines = [[COLUMN, 'note', 'kind', 'answer'].map(quoted).join(',')];
  for (let i = 0; i < 600; i++) {
    const income = 100 * rng.uniform();
    const answer = CLASSES[rng.uniform() < income / 100 ? 1 : 0]!;
    const kind = HOSTILE[rng.int(HOSTILE.length)]!;
    lines.push([income.toFixed(2), HOSTILE[i % HOSTILE.length]!, kind, answer].map(quoted).join(','));
  }
  const file = path.join(folder, 'hostile.csv');
  writeFileSync(file, lines.join('\n'));
  return file;
}

test('cells, columns and classes that are HTML, scripts or formulas stay text, in the window and in an exported file', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pith-hostile-'));
  const studio = await openInBrowser();
  onTestFinished(async () => {
    await studio.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { page } = studio;
  const file = writeHostileTable(folder);
  const nothingRan = async () => {
    expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
    expect(await page.locator('.centre :is(img, script, b b, i[onclick])').count()).toBe(0);
  };
  await importTable(studio, file);
  for (const text of [...HOSTILE.slice(0, 3), CLASSES[0]!]) {
    await page.getByRole('gridcell', { name: text, exact: true }).first().waitFor();
  }
  await page.getByText(COLUMN, { exact: true }).first().waitFor();
  await page.locator('.side-row', { hasText: 'kind' }).click();
  await nothingRan();

  await page.getByRole('button', { name: /^Predict kind|Train on this/ }).click();
  await page.locator('.monaco-editor .view-line').first().waitFor();
  await writeTrainFile(studio, [
    'data: {dataset: hostile, target: answer}',
    'coreset: {size: 200, seed: 1}',
    'model: {type: logisticRegression}',
  ]);
  await runToTheEnd(studio, 'Run 1');
  await page.getByText('Fidelity: gap to all rows').waitFor();
  await page.getByText(`Predict ${CLASSES[1]} at or above`).or(page.getByText(CLASSES[0]!)).first().waitFor();
  await nothingRan();
  await page.locator('.run-parts label', { hasText: 'Understand' }).click();
  await page.getByText('Coefficients').first().waitFor();
  await nothingRan();

  await page.getByRole('button', { name: 'Use the model' }).click();
  await page.getByRole('menuitem', { name: 'Predict a file' }).click();
  const dialog = page.getByRole('dialog');
  await studio.chooseFile(() => dialog.getByRole('button', { name: 'Choose file' }).click(), file);
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: 60_000 }),
    dialog.getByRole('button', { name: 'Predict', exact: true }).click(),
  ]);
  const saved = path.join(folder, 'out.csv');
  await download.saveAs(saved);
  const out = readFileSync(saved, 'utf8');
  expect(out.split('\n').length).toBeGreaterThan(600);
  expect(out).toContain(`'=HYPERLINK`);
  expect(out).toContain(`'=1+1`);
  expect(out).toContain(`'@SUM`);
  // No field begins with what a spreadsheet would run; a minus before a number is a number.
  expect(out).not.toMatch(/(^|,)"?[=@+\t]/m);
  expect(studio.complaints).toEqual([]);
});
