import type { Page } from 'playwright-core';
import { createRng } from '../../main/kernels/rng.ts';
import { openInBrowser } from '../e2e/driver.ts';

export interface WindowPages {
  readonly order: string;
  /** Milliseconds from the scroll to the rows of that place on screen. */
  readonly ms: readonly number[];
}

/** Jumps about in the grid of the 3,000,000-row sample, in a browser, as who drags the scroll bar does. */
export async function timeWindowPages(nJumps: number): Promise<WindowPages[]> {
  const studio = await openInBrowser();
  try {
    const { page } = studio;
    await page.getByRole('button', { name: 'Data', exact: true }).click();
    await page.getByText('3,000,000 rows').waitFor({ timeout: 60_000 });
    const inOrder = await jump(page, nJumps);
    await page.getByRole('button', { name: 'Sort by delay' }).click();
    await page.getByRole('button', { name: 'Sort by delay' }).click();
    await page.getByLabel('descending').waitFor();
    return [
      { order: 'file order', ms: inOrder },
      { order: 'sorted', ms: await jump(page, nJumps) },
    ];
  } finally {
    await studio.close();
  }
}

async function jump(page: Page, nJumps: number): Promise<number[]> {
  await page.locator('.data-grid .ag-row').nth(5).waitFor();
  await page.waitForTimeout(1500);
  const rng = createRng(1);
  const places = Array.from({ length: nJumps }, () => rng.uniform());
  return page.evaluate(async (places) => {
    const body = document.querySelector('.data-grid .ag-grid-viewport')!;
    const frame = () => new Promise(requestAnimationFrame);
    // Every row that is in view has its number: no row still waits for its cells.
    const shown = () => {
      const box = body.getBoundingClientRect();
      const top = document.querySelector('.data-grid .ag-header')!.getBoundingClientRect().bottom;
      const rows = [...document.querySelectorAll('.data-grid .ag-grid-scrolling-container .ag-row')].filter((row) => {
        const at = row.getBoundingClientRect();
        return at.bottom > top && at.top < box.bottom;
      });
      const isFilled =
        rows.length * 27 >= box.bottom - top - 54 &&
        rows.every((row) => /\d/.test(row.querySelector('[col-id="row"]')?.textContent ?? ''));
      return isFilled ? rows.map((row) => row.getAttribute('row-index')).join() : null;
    };
    const ms: number[] = [];
    for (const place of places) {
      const before = shown();
      const from = performance.now();
      body.scrollTop = place * (body.scrollHeight - body.clientHeight);
      await frame();
      while (shown() === null || shown() === before) await frame();
      ms.push(performance.now() - from);
      await frame();
    }
    return ms;
  }, places);
}
