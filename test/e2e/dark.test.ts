import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { openInBrowser } from './driver.ts';
import { writeLoans } from './loanTable.ts';
import { importTable } from './steps.ts';

/** Text on screen whose contrast with what is behind it is under `least` (WCAG 2), as "2.1 text". */
async function faintTexts(page: Page, least: number): Promise<string[]> {
  return page.evaluate((least) => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
    // The browser itself turns any colour it knows into red, green, blue and alpha.
    const rgba = (colour: string) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = (colour: readonly number[]) => {
      const [r, g, b] = colour
        .slice(0, 3)
        .map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const behind = (element: Element | null): number[] => {
      if (!element) return [255, 255, 255, 255];
      const own = rgba(getComputedStyle(element).backgroundColor);
      return own[3] === 255 ? own : behind(element.parentElement);
    };
    const found: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>(
      '#root *:not(.monaco-editor *, svg *, :disabled, :disabled *)',
    )) {
      const words = [...element.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE && n.textContent?.trim());
      const box = element.getBoundingClientRect();
      if (words.length === 0 || box.width === 0 || getComputedStyle(element).visibility === 'hidden') continue;
      if (element.closest('[data-disabled], [aria-hidden=true]')) continue;
      const [text, ground] = [luminance(rgba(getComputedStyle(element).color)), luminance(behind(element))];
      const ratio = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
      if (ratio < least)
        found.push(`${ratio.toFixed(2)} ${element.textContent?.trim().slice(0, 30)} (${element.className})`);
    }
    return [...new Set(found)];
  }, least);
}

test.each(['dark', 'light'] as const)('the studio follows the system: %s, and its text can be read', async (theme) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pith-table-'));
  const studio = await openInBrowser({ theme });
  onTestFinished(async () => {
    await studio.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { page } = studio;
  const isDark = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((e) => Number(/\d+/.exec(getComputedStyle(e).backgroundColor)?.[0]) < 80);
  const check = async (where: string) =>
    expect({ where, faint: await faintTexts(page, 4.5) }).toEqual({ where, faint: [] });
  await page.getByText('Sample projects').waitFor();
  expect(await isDark('body')).toBe(theme === 'dark');
  await check('start');
  await importTable(studio, writeLoans(folder));
  await page.getByText('income').first().waitFor();
  expect(await isDark('.data-grid .ag-root-wrapper')).toBe(theme === 'dark');
  await check('data');
  await page.getByRole('button', { name: 'Train on this' }).click();
  await page.locator('.monaco-editor .view-line').first().waitFor();
  expect(await isDark('.monaco-editor')).toBe(theme === 'dark');
  await check('train');
  await page.getByRole('radio', { name: 'a coreset, checked on all rows' }).check();
  await page.getByRole('button', { name: /Start run/ }).click();
  await page.getByRole('button', { name: 'Open Run 1' }).click({ timeout: 60_000 });
  await page.getByText('Fidelity: gap to all rows').waitFor({ timeout: 60_000 });
  await check('run');
  await page.getByRole('button', { name: 'Runs', exact: true }).click();
  await page.getByRole('row', { name: /Run 1/ }).waitFor();
  await check('runs');
  // The switch turns the other theme on, whatever the system says.
  await page.getByRole('button', { name: theme === 'dark' ? 'Switch to light' : 'Switch to dark' }).click();
  await expect.poll(() => isDark('body')).toBe(theme !== 'dark');
  expect(studio.complaints).toEqual([]);
});
