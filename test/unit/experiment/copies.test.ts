import { describe, expect, test } from 'vitest';
import { readRows } from '../../../main/experiment/rows/prepare.ts';
import { findCopies } from '../../../main/experiment/copies/find.ts';
import { createRng } from '../../../main/kernels/rng.ts';
import type { Column } from '../../../main/kernels/table.ts';
import { experimentOn } from '../../helpers/experiment.ts';

/** Cases of noise: only who knows a case by heart predicts it. */
function noise(nCases: number, copiesOf: (i: number) => number, nColumns = 3): string {
  const rng = createRng(4);
  const lines = [[...Array.from({ length: nColumns }, (_, j) => `x${j}`), 'y'].join(',')];
  for (let i = 0; i < nCases; i++) {
    const cells = Array.from({ length: nColumns }, () => rng.normal().toFixed(5));
    const line = [...cells, rng.int(2) === 0 ? 'no' : 'yes'].join(',');
    for (let k = 0; k < copiesOf(i); k++) lines.push(line);
  }
  return `${lines.join('\n')}\n`;
}

const config = {
  data: { target: 'y' },
  coreset: false,
  model: { type: 'extraTrees', params: { nEstimators: 20 } },
};
const copiesIn = async (csv: string, more: object = {}) =>
  (await experimentOn(csv, { ...config, ...more })).result.findings.find(({ code }) => code === 'COPIES');

describe('copies on both sides of the split', () => {
  test('are told, with the main metric on the other rows', async () => {
    const csv = noise(1500, (i) => (i % 3 === 0 ? 2 : 1));
    const found = await copiesIn(csv);
    const { split } = await readRows(
      (await experimentOn(csv, { ...config })).file,
      (await experimentOn(csv, config)).config,
    );
    const lines = csv.trimEnd().split('\n').slice(1);
    const train = new Set([...split.train].map((i) => lines[i]));
    const n = [...split.validation].filter((i) => train.has(lines[i])).length;
    const share = ((100 * n) / split.validation.length).toFixed(1);
    expect(n).toBeGreaterThan(20);
    expect(found).toMatchObject({
      severity: 'warning',
      title: `${share} % of the validation rows are copies of training rows`,
    });
    const [, onOthers, onAll] = /is ([\d.]+) on the \d+ others, ([\d.]+) on all/.exec(found!.detail)!;
    expect(Number(onAll)).toBeGreaterThan(Number(onOthers) + 0.1);
    expect(Math.abs(Number(onOthers) - 0.5)).toBeLessThan(0.1);
  });

  test('where hardly another row is left, no score of them is told', async () => {
    const found = await copiesIn(noise(100, () => 8));
    expect(found!.title).toMatch(/^(9\d|100)\.\d %/);
    expect(found!.detail).toMatch(/Hardly a row is left/);
  });

  test('cases that were recorded once, and groups that hold all copies of a case, are not told', async () => {
    expect(await copiesIn(noise(300, () => 1))).toBeUndefined();
    const [head, ...lines] = noise(150, () => 2)
      .trimEnd()
      .split('\n');
    const grouped = [`${head},case`, ...lines.map((line, i) => `${line},c${i >> 1}`)].join('\n');
    expect(await copiesIn(grouped, { data: { target: 'y', drop: ['case'] } })).toBeDefined();
    expect(await copiesIn(grouped, { split: { group: 'case' } })).toBeUndefined();
  });
});

const all = (n: number, isPart: (i: number) => boolean) => Uint32Array.from({ length: n }, (_, i) => i).filter(isPart);
const numbers = (values: number[]): Column => ({ kind: 'number', name: 'x', values: Float64Array.from(values) });

describe('findCopies', () => {
  test('takes missing as missing, minus zero as zero, and levels by their codes', () => {
    const columns: Column[] = [
      numbers([NaN, 0, 1, 2, 3, 9, NaN, -0, 1, 2, 3, 8]),
      {
        kind: 'category',
        name: 'c',
        levels: ['a', 'b'],
        codes: Int32Array.from([-1, 0, 1, 1, 0, 0, -1, 0, 1, 1, 0, 0]),
      },
    ];
    const found = findCopies(
      columns,
      all(12, (i) => i < 6),
      all(12, (i) => i >= 6),
    );
    expect([...found.positions]).toEqual([0, 1, 2, 3, 4]);
  });

  test('finds what a comparison of all pairs finds, and never a test row', () => {
    const rng = createRng(2);
    const values = Array.from({ length: 2 }, () => Array.from({ length: 900 }, () => rng.int(40)));
    const [train, validation] = [all(900, (i) => i % 3 === 0), all(900, (i) => i % 3 === 1)];
    const same = (a: number, b: number) => values.every((column) => column[a] === column[b]);
    const want = [...validation.keys()].filter((k) => train.some((row) => same(row, validation[k]!)));
    expect([...findCopies(values.map(numbers), train, validation).positions]).toEqual(want);
  });

  const rng = createRng(8);
  const column = (n: number, draw: (i: number) => number) => numbers(Array.from({ length: n }, (_, i) => draw(i)));
  const normals = Array.from({ length: 2000 }, () => rng.normal());
  test.each([
    ['two columns of two values', [0, 1].map(() => column(1000, () => rng.int(2))), false],
    [
      'answers from 1 to 5 that go together',
      [0, 1, 2, 3].map(() => column(1000, (i) => Math.round(3 + normals[i]! + 0.5 * rng.normal()))),
      false,
    ],
    ['ten rare marks', Array.from({ length: 10 }, () => column(1000, () => Number(rng.uniform() < 0.03))), false],
    ['one column of whole numbers', [column(1000, () => rng.int(300))], false],
    ['cases recorded three times', [0, 1].map((j) => column(1000, (i) => normals[(i % 334) + 400 * j]!)), true],
    [
      'one blank case in a quarter of rows',
      [0, 1].map((j) => column(1000, (i) => (i % 4 < 1 ? 0.5 : normals[i + j * 999]!))),
      true,
    ],
  ])('%s', (_name, columns, isTold) => {
    const { positions, unexplained } = findCopies(
      columns,
      all(1000, (i) => i % 5 > 0),
      all(1000, (i) => i % 5 === 0),
    );
    expect(positions.length).toBeGreaterThan(10);
    expect(unexplained > 0.5).toBe(isTold);
    expect(unexplained < 0.1).toBe(!isTold);
  });
});
