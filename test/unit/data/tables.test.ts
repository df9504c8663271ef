import { describe, expect, test } from 'vitest';
import { SplitConfig } from '../../../main/contract/config.ts';
import { findFindings } from '../../../main/data/findings.ts';
import { nearestName } from '../../../main/data/nearestName.ts';
import { matchingRows, readPage } from '../../../main/data/page.ts';
import { profileVersion } from '../../../main/data/profile.ts';
import { readTable, streamTable } from '../../../main/data/readTable.ts';
import { splitRows } from '../../../main/data/split.ts';
import { analyseTarget } from '../../../main/data/targets.ts';
import { writeWithColumns } from '../../../main/data/writeTable.ts';
import { columnOf } from '../../../main/kernels/table.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowsOf, versionOf } from '../../helpers/tableFile.ts';
import { tempDir } from '../../helpers/tempDir.ts';

const small = 'name,size,when\nb,2,2024-01-02\na,,2024-01-01\nc,3,\n,1,2024-01-03\n';

describe('a page', () => {
  const page = async (sort: object[], filters: object[], offset = 0, limit = 10) => {
    const { file } = await versionOf(small);
    return readPage(file, { offset, limit, sort: sort as never, filters: filters as never });
  };

  test.each([
    ['in file order', [], [], [0, 1, 2, 3]],
    ['by a number, missing last', [{ column: 'size', isDescending: false }], [], [3, 0, 2, 1]],
    ['by a number, down', [{ column: 'size', isDescending: true }], [], [2, 0, 3, 1]],
    ['by a text', [{ column: 'name', isDescending: false }], [], [1, 0, 2, 3]],
    ['greater than', [], [{ column: 'size', op: 'greater', value: 1 }], [0, 2]],
    ['between', [], [{ column: 'size', op: 'between', from: 1, to: 2 }], [0, 3]],
    ['contains', [], [{ column: 'name', op: 'contains', value: 'B' }], [0]],
    ['missing', [], [{ column: 'size', op: 'isMissing' }], [1]],
    ['one of', [], [{ column: 'name', op: 'in', values: ['a', 'c'] }], [1, 2]],
    [
      'two filters',
      [],
      [
        { column: 'name', op: 'isPresent' },
        { column: 'size', op: 'isPresent' },
      ],
      [0, 2],
    ],
  ])('%s', async (_what, sort, filters, expected) => {
    const { rowIds, nRows } = await page(sort, filters);
    expect(rowIds).toEqual(expected);
    expect(nRows).toBe(expected.length);
  });

  test('a window of a sorted table', async () => {
    expect((await page([{ column: 'size', isDescending: false }], [], 1, 2)).rowIds).toEqual([0, 2]);
  });

  test('an unknown column is refused, and a quote in a value is a value', async () => {
    await expect(page([{ column: 'no', isDescending: false }], [])).rejects.toMatchObject({ code: 'COLUMN_UNKNOWN' });
    expect((await page([], [{ column: 'name', op: 'equals', value: "' OR 1=1 --" }])).nRows).toBe(0);
  });

  test('row numbers of a filter', async () => {
    const { file } = await versionOf(small);
    expect([...(await matchingRows(file, [{ column: 'size', op: 'isPresent' }]))]).toEqual([0, 2, 3]);
  });
});

describe('a profile', () => {
  test('counts, ranges, quantiles and most frequent values', async () => {
    const lines = Array.from({ length: 101 }, (_, i) => `${i},${i % 4 === 0 ? '' : i % 4 === 1 ? 'x' : 'y'}`);
    const [number, text] = await profileVersion((await versionOf(`n,t\n${lines.join('\n')}\n`)).file);
    expect(number).toMatchObject({ type: 'integer', nMissing: 0, nDistinct: 101, min: 0, max: 100, mean: 50 });
    expect(number!.histogram!.counts.reduce((a, b) => a + b, 0)).toBe(101);
    expect(text).toMatchObject({ type: 'text', nMissing: 26, nDistinct: 2 });
    expect(text!.topValues[0]).toMatchObject({ value: 'y', count: 50 });
  });
});

describe('a table in memory', () => {
  test('numbers, codes and gaps; chunks have the same levels', async () => {
    const { file } = await versionOf(small);
    const requests = [
      { name: 'name', as: 'category' },
      { name: 'size', as: 'number' },
      { name: 'when', as: 'number' },
    ] as const;
    const table = await readTable(file, requests);
    const name = columnOf(table, 'name');
    expect(name).toMatchObject({ kind: 'category', levels: ['a', 'b', 'c'] });
    expect([...(name.kind === 'category' ? name.codes : [])]).toEqual([1, 0, 2, -1]);
    const size = columnOf(table, 'size');
    expect([...(size.kind === 'number' ? size.values : [])]).toEqual([2, NaN, 3, 1]);
    const when = columnOf(table, 'when');
    expect(when.kind === 'number' && when.values[1]).toBe(Date.UTC(2024, 0, 1) / 1000);
    const parts = [];
    for await (const part of streamTable(file, requests, 3)) parts.push(part.nRows);
    expect(parts).toEqual([3, 1]);
  });

  test('a category of more levels than DuckDB hands over as codes', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `v${i % 1500},1`);
    const { file } = await versionOf(`a,b\n${lines.join('\n')}\n`);
    const column = columnOf(await readTable(file, [{ name: 'a', as: 'category' }]), 'a');
    expect(column.kind === 'category' && column.levels.length).toBe(1500);
    expect(column.kind === 'category' && column.levels[column.codes[1501]!]).toBe('v1');
  });
});

describe('a split', () => {
  const rows = (n: number) => Uint32Array.from({ length: n }, (_, i) => i);
  const config = (more: object) => SplitConfig.parse(more);

  test('keeps class shares, is seeded, and leaves no row out', () => {
    const classes = Float64Array.from({ length: 1000 }, (_, i) => (i % 10 === 0 ? 1 : 0));
    const split = splitRows({ rows: rows(1000), classes }, config({ validation: 0.2, test: 0.1 }));
    expect([split.train.length, split.validation.length, split.test.length]).toEqual([700, 200, 100]);
    expect(split.validation.filter((i) => classes[i] === 1)).toHaveLength(20);
    const all = [...split.train, ...split.validation, ...split.test].toSorted((a, b) => a - b);
    expect(all).toEqual([...rows(1000)]);
    expect(splitRows({ rows: rows(1000), classes }, config({ validation: 0.2, test: 0.1 })).train).toEqual(split.train);
    expect(splitRows({ rows: rows(1000), classes }, config({ seed: 1 })).train).not.toEqual(split.train);
  });

  test('of a class with one row puts it where it can be learned', () => {
    const classes = Float64Array.from({ length: 100 }, (_, i) => (i === 50 ? 1 : 0));
    expect([...splitRows({ rows: rows(100), classes }, config({})).train]).toContain(50);
  });

  test('by group keeps groups whole', () => {
    const groups = Float64Array.from({ length: 600 }, (_, i) => i % 37);
    const split = splitRows({ rows: rows(600), groups }, config({ group: 'g' }));
    const inTrain = new Set(Array.from(split.train, (i) => groups[i]));
    expect(Array.from(split.validation).some((i) => inTrain.has(groups[i]))).toBe(false);
    expect(split.validation.length).toBeGreaterThan(90);
  });

  test('by time takes the last rows', () => {
    const times = Float64Array.from({ length: 100 }, (_, i) => (i * 37) % 100);
    const split = splitRows({ rows: rows(100), times }, config({ time: 't' }));
    const first = Math.min(...Array.from(split.validation, (i) => times[i]!));
    expect(Array.from(split.train).every((i) => times[i]! < first)).toBe(true);
  });

  test('of 600,000 rows', () => {
    expect(splitRows({ rows: rows(600_000) }, config({})).validation).toHaveLength(120_000);
  });
});

describe('a target', () => {
  const column = (cells: readonly (string | number)[]) => `x,y\n${cells.map((cell, i) => `${i},${cell}`).join('\n')}\n`;
  const repeat = (cells: readonly (string | number)[], n: number) => Array.from({ length: n }, () => cells).flat();
  test.each([
    ['two texts', repeat(['yes', 'no'], 20), 'binary'],
    ['three texts', repeat(['a', 'b', 'c'], 20), 'multiclass'],
    ['0 and 1', repeat([0, 1], 20), 'binary'],
    ['a few whole numbers', repeat([1, 2, 3], 20), 'multiclass'],
    ['many numbers', Array.from({ length: 60 }, (_, i) => i * 1.5), 'regression'],
  ])('%s', async (_what, cells, task) => {
    expect((await analyseTarget((await versionOf(column(cells))).file, 'y', 'auto')).task).toBe(task);
  });

  test.each([
    ['constant', repeat(['a'], 30), 'TARGET_CONSTANT'],
    ['all missing', repeat([''], 30), 'TARGET_ALL_MISSING'],
    ['all distinct', Array.from({ length: 30 }, (_, i) => `t${i}`), 'TARGET_ALL_DISTINCT'],
  ])('that is %s is refused with a way out', async (_what, cells, code) => {
    const { file } = await versionOf(column(cells));
    await expect(analyseTarget(file, 'y', 'auto')).rejects.toMatchObject({ code, fix: { kind: 'chooseTarget' } });
  });

  test('that is missing names the nearest column', async () => {
    const { file } = await versionOf('income,b\n1,2\n2,3\n');
    await expect(analyseTarget(file, 'incme', 'auto')).rejects.toMatchObject({
      code: 'TARGET_UNKNOWN',
      fix: { args: { target: 'income' } },
    });
  });

  test('with empty rows and a class of one row says so', async () => {
    const { file } = await versionOf(column([...repeat(['a', 'b'], 20), '', '', 'rare']));
    const { warnings, nMissing, counts } = await analyseTarget(file, 'y', 'auto');
    expect(nMissing).toBe(2);
    expect(counts).toEqual([20, 20, 1]);
    expect(warnings.join(' ')).toMatch(/2 rows have no y.*"rare" has one row/s);
  });
});

describe('findings', () => {
  const codes = async (csv: string) => {
    const { file } = await versionOf(csv);
    return (await findFindings(file, await profileVersion(file))).map(({ code }) => code);
  };

  test('columns that cannot help, row numbers, copies, gaps', async () => {
    const lines = Array.from({ length: 200 }, (_, i) => `${i + 1},same,${i % 3},${i % 5 === 0 ? '' : i % 7}`);
    expect(await codes(`id,c,a,b\n${lines.join('\n')}\n`)).toEqual(
      expect.arrayContaining(['CONSTANT', 'ID_LIKE', 'MISSING']),
    );
    expect(await codes(`a,b\n${'1,2\n2,3\n'.repeat(30)}`)).toContain('DUPLICATES');
  });
});

describe('a table that is written', () => {
  test('keeps its columns, adds ours, and guards formulas in CSV only', async () => {
    const { file } = await versionOf('a,b\n=1+1,1\nplain,\n');
    const added = [
      { kind: 'number', name: 'b', values: Float64Array.of(0.5, NaN) },
      { kind: 'category', name: 'said', codes: Int32Array.of(0, -1), levels: ['-yes'] },
    ] as const;
    const folder = tempDir();
    const { signal } = new AbortController();
    await writeWithColumns(file, added, join(folder, 'out.csv'), signal);
    expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toBe("a,b,b_2,said\n'=1+1,1,0.5,'-yes\nplain,,,\n");
    await writeWithColumns(file, added, join(folder, 'out.parquet'), signal);
    expect(await rowsOf(join(folder, 'out.parquet'))).toEqual([
      ['=1+1', 1, 0.5, '-yes'],
      ['plain', null, null, null],
    ]);
  });
});

test.each([
  ['incme', 'income'],
  ['modle', 'model'],
  ['Age', 'age'],
  ['xyz', undefined],
])('the name nearest to %s', (wanted, nearest) => {
  expect(nearestName(wanted, ['income', 'age', 'model', 'sex'])).toBe(nearest);
});
