import { readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { importFile } from '../../../main/data/importFile.ts';
import { inspectFile } from '../../../main/data/inspectFile.ts';
import { quietTask } from '../../../main/kernels/task.ts';
import { fileOf, rowsOf, versionOf } from '../../helpers/tableFile.ts';
import { tempDir } from '../../helpers/tempDir.ts';

const typesOf = ({ columns }: { columns: readonly { name: string; type: string }[] }) =>
  Object.fromEntries(columns.map(({ name, type }) => [name, type]));

const utf16 = (text: string, isBig = false) => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};

describe('reads what people have', () => {
  const plain = 'name,size\nZoë,1.5\nMüller,2\n';
  test.each([
    ['comma', plain],
    ['semicolon', plain.replaceAll(',', ';')],
    ['tab', plain.replaceAll(',', '\t')],
    ['bar', plain.replaceAll(',', '|')],
    ['Windows lines', plain.replaceAll('\n', '\r\n')],
    ['no last line end', plain.trimEnd()],
    ['UTF-8 with a mark', `\uFEFF${plain}`],
    ['UTF-16', utf16(plain)],
    ['UTF-16, big end first', utf16(plain, true)],
    ['Latin-1', Buffer.from(plain, 'latin1')],
    ['quotes', 'name,size\n"Zoë",1.5\n"Müller",2\n'],
    ['decimal comma', 'name;size\nZoë;1,5\nMüller;2,0\n'],
    ['blanks after numbers', 'name,size\nZoë,1.5 \nMüller,2 \n'],
    ['a blank after every comma', 'name, size\nZoë, 1.5\nMüller, 2\n'],
    ['lines before the header', `Sizes of people, 2024\nmade by hand\n\n${plain}`.replace(', 2024', '')],
  ])('%s', async (_what, content) => {
    const version = await versionOf(content);
    expect(typesOf(version)).toEqual({ name: 'text', size: 'number' });
    expect(await rowsOf(version.file)).toEqual([
      ['Zoë', 1.5],
      ['Müller', 2],
    ]);
  });

  test.each([
    ['integers', '1\n2\n-3\n', 'integer'],
    ['numbers', '1.5\n2e3\n-3\n', 'number'],
    ['truth values', 'true\nfalse\ntrue\n', 'boolean'],
    ['yes and no, which stay as they are written', 'yes\nno\nyes\n', 'text'],
    ['dates', '2024-02-29\n2023-01-01\n', 'time'],
    ['times', '2024-02-29 12:30:00\n2023-01-01 00:00:01\n', 'time'],
    ['texts', 'a\nb\n1\n', 'text'],
    ['blanks where a number is unknown', '1.5\n" "\n2\n', 'number'],
  ])('%s are found', async (_what, cells, type) => {
    const version = await versionOf(
      `id,value\n${cells
        .trim()
        .split('\n')
        .map((cell, i) => `x${i},${cell}`)
        .join('\n')}\n`,
    );
    expect(typesOf(version)['value']).toBe(type);
  });

  test.each(['NA', '?', 'null', 'N/A', '-', 'NaN', ''])('"%s" is read as missing', async (word) => {
    const version = await versionOf(`a,b\n1,x\n${word},y\n3,z\n${word},x\n`);
    expect(typesOf(version)['a']).toBe('integer');
    expect((await rowsOf(version.file)).map(([a]) => a)).toEqual([1, null, 3, null]);
  });

  test('a blank that follows every comma in the first lines only stays in the cells', async () => {
    const lines = Array.from({ length: 400 }, (_, i) => `x${i}, ${i}`);
    const version = await versionOf(`name, size\n${lines.join('\n')}\nlast,401\n`);
    expect(version.nRows).toBe(401);
    expect((await rowsOf(version.file)).at(-1)).toEqual(['last', 401]);
  });

  test('lines before the header are a detection that can be overridden', async () => {
    const file = fileOf('Report\n\nname,size,year\nZoë,1.5,2024\nMüller,2,2023\n');
    const { detected, options, columns } = await inspectFile(file, {});
    expect(detected.find(({ option }) => option === 'skipLines')).toMatchObject({ value: '2', isSure: false });
    expect(options.skipLines).toBe(2);
    expect(columns.map(({ name }) => name)).toEqual(['name', 'size', 'year']);
    const given = await inspectFile(file, { skipLines: 3, hasHeader: false });
    expect(given.rows[0]!.slice(0, 2)).toEqual(['Zoë', 1.5]);
  });

  test.each([
    ['a header with one name less than fields', 'a,b\n1,2,3\n4,5,6\n7,8,9\n'],
    ['a long first line below which all is narrower', 'a,b,c,d\n1,2\n3,4\n5,6\n'],
    ['one column', 'name\nZoë\nMüller, Ada\nAnn\n'],
  ])('%s is no such line', async (_what, content) => {
    const { detected } = await inspectFile(fileOf(content), {}).catch(() => ({ detected: [] }));
    expect(detected.map(({ option }) => option)).not.toContain('skipLines');
  });

  test('a line break and the delimiter inside quotes belong to the cell', async () => {
    const version = await versionOf('a,b\n"one\ntwo, three",1\n"he said ""no""",2\n');
    expect(await rowsOf(version.file)).toEqual([
      ['one\ntwo, three', 1],
      ['he said "no"', 2],
    ]);
  });

  test('a file without names gets some', async () => {
    const version = await versionOf('1,2\n3,4\n5,6\n');
    expect(version.nRows).toBe(3);
    expect(version.columns).toHaveLength(2);
  });

  test('what is chosen wins over what is detected', async () => {
    const version = await versionOf('1,2\n3,4\n', { hasHeader: true, types: { '1': 'text' } });
    expect(typesOf(version)).toEqual({ '1': 'text', '2': 'integer' });
    expect(await rowsOf(version.file)).toEqual([['3', 4]]);
  });

  test('JSON, JSON lines and packed CSV', async () => {
    const rows = [
      { a: 1, b: 'x' },
      { a: 2, b: null },
    ];
    const json = await versionOf(JSON.stringify(rows), {}, 'table.json');
    const lines = await versionOf(rows.map((row) => JSON.stringify(row)).join('\n'), {}, 'table.jsonl');
    const packed = await versionOf(gzipSync('a,b\n1,x\n2,\n'), {}, 'table.csv.gz');
    for (const { file } of [json, lines, packed])
      expect(await rowsOf(file)).toEqual([
        [1, 'x'],
        [2, null],
      ]);
  });

  test('Parquet comes in as it is', async () => {
    const first = await versionOf('a,b\n1,x\n2,y\n');
    const again = await importFile(first.file, {}, tempDir(), quietTask);
    expect(await rowsOf(again.file)).toEqual(await rowsOf(first.file));
  });

  test('the same content is the same version', async () => {
    const [one, two] = [await versionOf('a\n1\n2\n'), await versionOf('a\n1\n2\n')];
    expect(two.hash).toBe(one.hash);
  });

  test('a later row that contradicts the first 20,000 changes the type', async () => {
    const numbers = Array.from({ length: 30_000 }, (_, i) => `${i}`);
    const version = await versionOf(`a,b\n${numbers.map((n) => `${n},1`).join('\n')}\nlast,1\n`);
    expect(typesOf(version)).toEqual({ a: 'text', b: 'integer' });
    expect(version.nRows).toBe(30_001);
  });

  test('a null word that comes after the first lines is one everywhere', async () => {
    const rows = Array.from(
      { length: 900 },
      (_, i) => `${i},${i === 800 ? '?' : 'xyz'[i % 3]!},${i === 850 ? '-' : i}`,
    );
    const version = await versionOf(`a,b,c\n${rows.join('\n')}\n`);
    expect(typesOf(version)).toEqual({ a: 'integer', b: 'text', c: 'integer' });
    const read = await rowsOf(version.file);
    expect([read[800]![1], read[850]![2]]).toEqual([null, null]);
    const kept = await versionOf(`a,b,c\n${rows.join('\n')}\n`, { nullWords: [''] });
    expect((await rowsOf(kept.file))[800]![1]).toBe('?');
  });

  test('dates written as in Europe', async () => {
    const version = await versionOf('day,n\n13/03/2004,1\n14/03/2004,2\n');
    expect(typesOf(version)['day']).toBe('time');
  });

  test('HTML, scripts and formulas stay texts', async () => {
    const cells = ['<script>alert(1)</script>', '=1+1', '@SUM(A1)', "'; DROP TABLE x; --"];
    const version = await versionOf(`a,b\n${cells.map((cell) => `"${cell}",1`).join('\n')}\n`);
    expect((await rowsOf(version.file)).map(([a]) => a)).toEqual(cells);
  });

  test('infinities and not-a-numbers are numbers or missing, never a failure', async () => {
    const version = await versionOf('a,b\n1.5,1\ninf,2\n-inf,3\nnan,4\n');
    expect(version.nRows).toBe(4);
    expect(typesOf(version)['a']).toBe('number');
  });

  test('duplicate and blank names become different ones, and it is said', async () => {
    const version = await versionOf('a,a,,A\n1,2,3,4\n');
    const names = version.columns.map(({ name }) => name.toLowerCase());
    expect(new Set(names).size).toBe(4);
    expect(version.warnings.length).toBeGreaterThan(0);
  });

  test('10,000 columns', async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`);
    const version = await versionOf(`${names.join(',')}\n${names.map(() => '1').join(',')}\n`);
    expect(version.columns).toHaveLength(10_000);
  });
});

describe('refuses what is no table, with a sentence, and leaves nothing behind', () => {
  test.each([
    ['an empty file', '', 'FILE_EMPTY'],
    ['blank lines', '\n\n  \n', 'FILE_EMPTY'],
    ['a header only', 'a,b,c\n', 'FILE_HEADER_ONLY'],
    ['a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1, 2, 0, 0, 0, 9, 8, 0, 0]), 'FILE_BINARY'],
    ['an Excel workbook', Buffer.from('PK\u0003\u0004....[Content_Types].xml', 'latin1'), 'FILE_IS_WORKBOOK'],
    ['an unterminated quote', `a,b\n1,"x\n${'2,y\n'.repeat(50)}`, 'QUOTE_UNTERMINATED'],
    ['ragged rows', `a,b\n${'1,2\n'.repeat(30)}1,2,3,4\n${'1,2\n'.repeat(30)}`, 'ROWS_RAGGED'],
    ['one line of 20 MB', 'x'.repeat(20_000_000), 'LINE_TOO_LONG'],
    ['names and a line of 20 MB', `a,b\n1,"${'x'.repeat(20_000_000)}"\n`, 'LINE_TOO_LONG'],
  ])('%s', async (_what, content, code) => {
    const file = fileOf(content);
    const out = tempDir();
    await expect(importFile(file, {}, out, quietTask)).rejects.toMatchObject({
      code,
      isInput: true,
      message: expect.stringMatching(/^[A-Z].*[.]$/s) as string,
    });
    expect(readdirSync(out)).toEqual([]);
  });

  test('a missing file', async () => {
    await expect(importFile('/nowhere/table.csv', {}, tempDir(), quietTask)).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });

  test('cancelling leaves nothing', async () => {
    const out = tempDir();
    const file = fileOf(`a,b\n${'1,2\n'.repeat(200_000)}`);
    const stop = new AbortController();
    stop.abort();
    await expect(importFile(file, {}, out, { ...quietTask, signal: stop.signal })).rejects.toThrow(/abort/i);
    expect(readdirSync(out)).toEqual([]);
  });
});

describe('the preview', () => {
  test('tells each detection with its evidence', async () => {
    const preview = await inspectFile(fileOf(Buffer.from('größe;preis\n1,5;?\n2,5;3\n3,5;4\n', 'latin1')), {});
    expect(preview.options).toMatchObject({ delimiter: ';', decimal: ',', encoding: 'latin-1', hasHeader: true });
    expect(preview.detected.map(({ option }) => option)).toEqual(
      expect.arrayContaining(['delimiter', 'decimal', 'encoding', 'hasHeader', 'nullWords']),
    );
    expect(preview.detected.every(({ evidence }) => evidence.length > 5)).toBe(true);
    expect(preview.rows[0]).toEqual([1.5, null]);
  });

  test('an override is no detection any more, and changes the rows', async () => {
    const preview = await inspectFile(fileOf('a;b\n1;2\n'), { delimiter: ',' });
    expect(preview.columns).toHaveLength(1);
    expect(preview.detected.map(({ option }) => option)).not.toContain('delimiter');
  });
});
