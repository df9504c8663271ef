import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { uniqueNames } from '../../../main/data/detect/names.ts';
import { literal, withConnection } from '../../../main/data/duck.ts';
import { importFile } from '../../../main/data/importFile.ts';
import { readTable } from '../../../main/data/readTable.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { tempDir } from '../../helpers/tempDir.ts';

test.each([
  { names: ['Age', 'age'], want: ['Age', 'age_2'], told: /"age" differs from "Age" in case only/ },
  { names: ['age', 'Age'], want: ['age_2', 'Age'], told: /"age" differs from "Age" in case only/ },
  { names: ['a', 'A', 'aa', 'AA', 'Aa'], want: ['a_2', 'A', 'aa_3', 'AA', 'Aa_2'], told: /in case only/ },
  { names: ['x', 'x', 'X'], want: ['x_2', 'x_3', 'X'], told: /comes more than once/ },
  { names: ['a', 'A', 'a_2'], want: ['a_3', 'A', 'a_2'], told: /in case only/ },
  { names: ['', ' b '], want: ['column1', 'b'], told: /has no name/ },
])('$names are called $want', ({ names, want, told }) => {
  const found = uniqueNames(names);
  expect(new Set(found.names.map((name) => name.toLowerCase())).size).toBe(names.length);
  expect(found.names).toEqual(want);
  expect(found.warnings.join(' ')).toMatch(told);
});

describe.each(['csv', 'parquet'])('a %s file', (format) => {
  test.each([
    ['Age', 'age'],
    ['age', 'Age'],
  ])('columns %s and %s stay apart', async (first, second) => {
    const folder = tempDir();
    const file = path.join(folder, `t.${format}`);
    const cells = { Age: [1, 2], age: [30, 40] } as Record<string, number[]>;
    writeFileSync(
      path.join(folder, 't.csv'),
      `${first},${second}\n${[0, 1].map((i) => `${cells[first]![i]},${cells[second]![i]}`).join('\n')}\n`,
    );
    if (format === 'parquet') await asParquet(path.join(folder, 't.csv'), file, [first, second]);
    const imported = await importFile(file, {}, folder, quietTask);
    const table = await readTable(imported.file, [
      { name: 'Age', as: 'number' },
      { name: 'age_2', as: 'number' },
    ]);
    expect(table.columns.map((column) => (column.kind === 'number' ? [...column.values] : []))).toEqual([
      [1, 2],
      [30, 40],
    ]);
    expect(imported.warnings.join(' ')).toMatch(/"age" differs from "Age" in case only; it is called "age_2"/);
  });
});

/** DuckDB numbers such columns when it writes them, too: their names are put back in the bytes, which are as long. */
async function asParquet(csv: string, file: string, names: readonly string[]): Promise<void> {
  await withConnection(async (connection) => {
    const from = `read_csv(${literal(csv)}, header=false, skip=1, names=['k01', 'k02'])`;
    await connection.run(`COPY (SELECT k01, k02 FROM ${from}) TO ${literal(file)} (FORMAT parquet)`);
  });
  const text = readFileSync(file).toString('latin1').replaceAll('k01', names[0]!).replaceAll('k02', names[1]!);
  writeFileSync(file, Buffer.from(text, 'latin1'));
}
