import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openInBrowser } from './driver.ts';
import { writeLoans } from './loanTable.ts';
import { importTable, runToTheEnd, writeTrainFile } from './steps.ts';

test('a large tree is folded, opened node by node with keys and clicks, and told in full', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pith-table-'));
  const studio = await openInBrowser();
  const { page } = studio;
  try {
    await page.getByText('Sample projects').waitFor();
    await importTable(studio, writeLoans(folder));
    await page.getByRole('button', { name: 'Train on this' }).click();
    await page.locator('.monaco-editor .view-line').first().waitFor();
    await writeTrainFile(studio, [
      'data: {dataset: loans, target: defaulted}',
      'coreset: false',
      'model: {type: decisionTree}',
    ]);
    await runToTheEnd(studio, 'Run 1');
    await page.locator('.run-parts label', { hasText: 'Understand' }).click();
    await page.locator('.explain label', { hasText: 'Trees' }).click();
    const drawing = page.getByRole('img', { name: /nodes shown/ });
    await drawing.waitFor({ timeout: 60_000 });
    const shown = async () => Number(/([\d,]+) of/.exec((await drawing.getAttribute('aria-label'))!)![1]);
    // Hundreds of nodes, of which a person first sees about as many as can be read at once.
    expect(await shown()).toBeLessThanOrEqual(15);
    const before = await shown();
    const detail = page.locator('.tree-detail');
    expect(await detail.innerText()).toMatch(/the root: all rows/);
    // From the root to its deepest shown descendant, which opens by two nodes and folds again.
    await drawing.focus();
    for (let k = 0; k < 3; k++) await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.locator('.tree-step').count()).toBe(3);
    await page.keyboard.press('Enter');
    await expect.poll(shown).toBe(before + 2);
    await page.keyboard.press('Enter');
    await expect.poll(shown).toBe(before);
    // A click on the root folds all of it.
    await page.locator('.tree-node').first().click();
    await expect.poll(shown).toBe(1);
    await page.locator('.tree-node').first().click();
    await expect.poll(shown).toBe(before);
    // The slider shows one level more.
    await page.getByRole('slider', { name: 'Depth shown' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(shown).toBeGreaterThan(before);
    expect(studio.complaints).toEqual([]);
  } finally {
    await studio.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
