import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportOptions } from '../../main/contract/data.ts';
import type { Cell } from '../../main/contract/json.ts';
import { importFile, type ImportedVersion } from '../../main/data/importFile.ts';
import { readPage } from '../../main/data/page.ts';
import { quietTask } from '../../main/kernels/task.ts';
import { tempDir } from './tempDir.ts';

/** A file of the running test with this content. */
export function fileOf(content: string | Uint8Array, name = 'table.csv', folder = tempDir()): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

/** Imports `content` as a version of its own. */
export function versionOf(
  content: string | Uint8Array,
  options: ImportOptions = {},
  name?: string,
): Promise<ImportedVersion> {
  const folder = tempDir();
  return importFile(fileOf(content, name, folder), options, folder, quietTask);
}

/** All rows of a version, in file order. */
export async function rowsOf(file: string): Promise<Cell[][]> {
  return (await readPage(file, { offset: 0, limit: 1000, sort: [], filters: [] })).rows;
}
