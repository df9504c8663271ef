import type { Studio } from './driver.ts';

/** Imports a table into a project of its own and waits until its rows are shown. */
export async function importTable(studio: Studio, file: string): Promise<void> {
  const { page } = studio;
  await page.getByRole('button', { name: 'Projects', exact: true }).click();
  await studio.chooseFile(() => page.getByRole('button', { name: 'Choose file' }).click(), file);
  await page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click();
  await page.locator('.data-grid .ag-row').first().waitFor();
}

/** Puts `lines` in place of what the editor holds, as someone who pastes a file does. */
export async function writeTrainFile({ page }: Studio, lines: readonly string[]): Promise<void> {
  const editor = page.locator('.monaco-editor').first();
  await editor.locator('.view-line').first().click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(lines.join('\n'));
  await page.locator('.train-saved', { hasText: 'saved' }).waitFor();
}

/** Starts the open train file and opens its run when that is done. */
export async function runToTheEnd({ page }: Studio, name: string): Promise<void> {
  await page.getByRole('button', { name: /Start run/ }).click();
  await page.getByRole('button', { name: `Open ${name}` }).click({ timeout: 60_000 });
  await page.locator('.run-tile').first().waitFor({ timeout: 60_000 });
}
